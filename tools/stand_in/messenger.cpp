#include "tools/stand_in/messenger.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "tools/stand_in/signature.h"

namespace citybridge::stand_in {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kTimeoutSeconds = 5;
constexpr std::array kBrokers{"王经纪人", "刘经纪人", "赵经纪人", "孙经纪人"};

struct Answer {
    int status = 0;
    std::string body;
};

Answer post(const NodeDoor& door, const SentMessage& message) {
    try {
        const std::string now =
            std::to_string(std::chrono::floor<std::chrono::seconds>(system_now().wall).time_since_epoch().count());
        Poco::Net::HTTPClientSession session("127.0.0.1", door.port);
        session.setTimeout(Poco::Timespan(kTimeoutSeconds, 0));
        Poco::Net::HTTPRequest request("POST", "/v1/hooks/" + door.connector, Poco::Net::HTTPMessage::HTTP_1_1);
        request.setContentType("application/json");
        request.setContentLength(static_cast<std::streamsize>(message.body.size()));
        request.set("webhook-id", message.id);
        request.set("webhook-timestamp", now);
        request.set("webhook-signature", sign(door.secret, message.id, now, message.body));
        session.sendRequest(request) << message.body;
        Poco::Net::HTTPResponse response;
        Answer answer;
        Poco::StreamCopier::copyToString(session.receiveResponse(response), answer.body);
        answer.status = static_cast<int>(response.getStatus());
        return answer;
    } catch (const Poco::Exception& e) {
        return {0, e.displayText()};
    }
}

// The node's own words, from docs/erp-vendors.md.
bool took_effect(const Answer& answer) {
    const Json document = Json::parse(answer.body, nullptr, false);
    const std::string status = document.is_object() ? document.value("status", std::string()) : std::string();
    return status == "applied" || status == "noted";
}

}  // namespace

void Messenger::start() {
    stopping_ = false;
    thread_ = std::thread([this] { run(); });
}

void Messenger::stop() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void Messenger::set_node(const std::string& system, NodeDoor door) {
    std::lock_guard lock(mutex_);
    doors_[system] = std::move(door);
}

Messenger::Step Messenger::make_step(const std::string& system, const std::string& type, const std::string& order,
                                     const std::string& number) {
    const std::size_t broker = random_() % kBrokers.size();
    Json data{{"order", order}, {"external_id", number}};
    data["broker"] = kBrokers.at(broker);
    data["broker_phone"] = "+861390000000" + std::to_string(broker);
    Step step;
    step.message.system = system;
    step.message.id = "msg_" + system + '.' + number + '.' + type;
    step.message.type = type;
    step.message.order = order;
    step.message.body =
        Json{{"type", type}, {"timestamp", to_rfc3339(system_now().wall)}, {"data", std::move(data)}}.dump();
    return step;
}

void Messenger::order_taken(const std::string& system, const std::string& order, const std::string& number) {
    std::lock_guard lock(mutex_);
    if (order.empty() || !doors_.contains(system)) return;
    plan(make_step(system, "order.assigned", order, number), settings_.assigned_after);
}

void Messenger::order_asked(const std::string& system, const std::string& order, const std::string& number,
                            const std::string& note) {
    std::lock_guard lock(mutex_);
    if (order.empty() || !doors_.contains(system)) return;
    Step step;
    step.message.system = system;
    step.message.id = "msg_" + system + '.' + number + ".noted." + std::to_string(++answers_);
    step.message.type = "order.noted";
    step.message.order = order;
    step.message.body = Json{{"type", step.message.type},
                             {"timestamp", to_rfc3339(system_now().wall)},
                             {"data", {{"order", order}, {"external_id", number}, {"note", note}}}}
                            .dump();
    plan(std::move(step), Millis{0});
}

void Messenger::plan(Step step, Millis wait) {
    planned_.emplace(system_now().mono + wait, std::move(step));
    changed_.notify_all();
}

void Messenger::run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        if (planned_.empty()) {
            changed_.wait(lock);
            continue;
        }
        const Millis left = planned_.begin()->first - system_now().mono;
        if (left > Millis{0}) {
            changed_.wait_for(lock, left);
            continue;
        }
        Step step = std::move(planned_.begin()->second);
        planned_.erase(planned_.begin());
        busy_ = true;
        lock.unlock();
        attempt(std::move(step));
        lock.lock();
        busy_ = false;
    }
}

void Messenger::attempt(Step step) {
    NodeDoor door;
    {
        std::lock_guard lock(mutex_);
        door = doors_[step.message.system];
    }
    const Answer answer = post(door, step.message);
    SentMessage& message = step.message;
    ++message.attempts;
    message.last_status = answer.status;
    message.last_answer = answer.body;
    if (answer.status == 200) ++message.acknowledged;
    if (answer.status == 200 && took_effect(answer)) ++message.effective;
    std::lock_guard lock(mutex_);
    if (answer.status != 200) message.given_up = message.attempts >= settings_.most_attempts;
    sent_[message.id] = message;
    if (answer.status != 200) {
        if (!message.given_up) plan(std::move(step), settings_.again_after);
        return;
    }
    if (step.repetition) return;
    if (message.type == "order.assigned") {
        const Json data = Json::parse(message.body)["data"];
        plan(make_step(message.system, "order.contacted", message.order, data["external_id"].get<std::string>()),
             settings_.contacted_after);
    }
    if (std::uniform_real_distribution<double>(0, 1)(random_) >= settings_.repeat_share) return;
    step.repetition = true;
    plan(std::move(step), settings_.again_after);
}

std::vector<SentMessage> Messenger::sent() const {
    std::lock_guard lock(mutex_);
    std::vector<SentMessage> out;
    for (const auto& [id, message] : sent_) out.push_back(message);
    return out;
}

bool Messenger::idle() const {
    std::lock_guard lock(mutex_);
    return planned_.empty() && !busy_;
}

}  // namespace citybridge::stand_in
