#include "tools/demo/agent_desks.h"

#include <algorithm>
#include <array>
#include <utility>

#include "tools/demo/json_values.h"

namespace citybridge::demo {
namespace {

using Json = AgentDesks::Json;

constexpr double kOpens = 0.6;      // of answered calls
constexpr double kHandsOver = 0.9;  // of those without a lead, if there are other cities
constexpr double kNotes = 0.5;      // of leads
constexpr double kSendsTwice = 0.15;
constexpr double kLosesAnswer = 0.15;
constexpr int kMostAttempts = 40;
constexpr Millis kAgainAfter{250};
constexpr std::array kWishes{"三室，朝南", "两室，近地铁", "学区房", "带花园的一楼", "写字楼，200平"};
constexpr std::array kKinds{"buy", "rent", "sell", "let", "finance"};
constexpr std::array kNoteTexts{"客户周末可看房", "客户希望晚上联系", "预算可再谈", "已发送资料"};

std::string answering_agent(const Json& contact) {
    for (const Json& leg : contact["legs"])
        if (text_or_empty(leg["role"]) == "agent" && !leg["joined_at"].is_null()) return text_or_empty(leg["agent"]);
    return {};
}

}  // namespace

std::string AgentDesks::customer_name(const Json& contact) {
    for (const Json& leg : contact["legs"])
        if (text_or_empty(leg["role"]) == "customer" && leg["name"].is_string()) return text_or_empty(leg["name"]);
    const std::string number = text_or_empty(contact["customer_number"]);
    return "客户" + number.substr(number.size() - std::min<std::size_t>(4, number.size()));
}

AgentDesks::AgentDesks(std::uint16_t port, std::string password, std::uint64_t seed, std::vector<std::string> cities)
    : port_(port), password_(std::move(password)), cities_(std::move(cities)), random_(seed), thread_([this] {
          run();
      }) {}

std::string AgentDesks::user_of(const std::string& agent) { return "agent-" + agent.substr(agent.find('/') + 1); }

bool AgentDesks::chance(double share) { return std::uniform_real_distribution<double>(0, 1)(random_) < share; }

void AgentDesks::see(const Json& frame) {
    const std::string type = text_or_empty(frame["type"]);
    if (type.starts_with("callback.")) return see_callback(frame["callback"]);
    if (type != "contact.answered") return;
    const Json& contact = frame["contact"];
    const std::string agent = answering_agent(contact);
    if (agent.empty() || text_or_empty(contact["direction"]) != "inbound") return;
    std::lock_guard lock(mutex_);
    if (stopping_ || finishing_) return;
    const Millis wait(300 + random_() % 700);
    if (chance(kOpens))
        plan(lead_task(contact, agent), wait);
    else if (!cities_.empty() && contact["customer_number_e164"].is_string() && chance(kHandsOver))
        plan(hand_over_task(contact, agent), wait);
}

AgentDesks::Task AgentDesks::lead_task(const Json& contact, const std::string& agent) {
    const std::string kind = kKinds.at(random_() % kKinds.size());
    const std::string name = customer_name(contact);
    Json fields{{"lead_kind", kind}, {"customer_name", name}};
    if (kind == "sell" || kind == "let") {
        fields["property_address"] = "建国路" + std::to_string(1 + random_() % 200) + "号";
        fields["area_m2"] = 40 + random_() % 160;
    } else {
        fields["wish"] = kWishes.at(random_() % kWishes.size());
    }
    Task task;
    task.kind = Kind::lead;
    task.user = user_of(agent);
    task.path = "/v1/orders";
    task.contact = text_or_empty(contact["id"]);
    task.key = "lead-" + task.contact;
    task.body =
        Json{{"kind", "sales_lead"}, {"contact", task.contact}, {"customer_name", name}, {"fields", std::move(fields)}}
            .dump();
    return task;
}

void AgentDesks::plan(Task task, Millis wait) {
    planned_.emplace(system_now().mono + wait, std::move(task));
    changed_.notify_all();
}

void AgentDesks::finish() {
    const std::lock_guard lock(mutex_);
    finishing_ = true;
}

void AgentDesks::stop() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void AgentDesks::run() {
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
        const Task task = std::move(planned_.begin()->second);
        planned_.erase(planned_.begin());
        lock.unlock();
        carry_out(task);
        lock.lock();
    }
}

void AgentDesks::mistake(const std::string& what) {
    std::lock_guard lock(mutex_);
    mistakes_.push_back(what);
}

Api* AgentDesks::api_of(const std::string& user) {
    auto& api = apis_[user];
    if (api != nullptr) return api.get();
    auto fresh = std::make_unique<Api>(port_);
    if (const auto logged_in = fresh->log_in(user, password_); !logged_in) {
        mistake(logged_in.error().detail);
        return nullptr;
    }
    api = std::move(fresh);
    return api.get();
}

// The order's id as the node acknowledged it; empty: it never did.
std::string AgentDesks::acknowledged(const Task& task) {
    Api* const api = api_of(task.user);
    if (api == nullptr) return {};
    std::string last;
    for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
        const auto answer = api->call("POST", task.path, task.body, task.key);
        if (answer && answer->status / 100 == 2) return text_or_empty(answer->body["id"]);
        last = answer ? std::to_string(answer->status) + ' ' + answer->body.dump() : answer.error().detail;
        // What the node refuses for good is refused every time.
        if (answer && answer->status < 500 && answer->status != 409 && answer->status != 429) break;
        std::this_thread::sleep_for(kAgainAfter);
    }
    mistake(task.user + ": POST " + task.path + " was not acknowledged: " + last);
    return {};
}

// Over a bad network: the answer is lost sometimes, or the request comes twice.
std::string AgentDesks::sent(const Task& task) {
    bool loses = false;
    bool twice = false;
    {
        std::lock_guard lock(mutex_);
        loses = chance(kLosesAnswer);
        twice = chance(kSendsTwice);
        if (loses || twice) ++repeated_;
    }
    if (loses)
        if (Api* const api = api_of(task.user)) api->send_and_hang_up(task.path, task.body, task.key);
    std::string id = acknowledged(task);
    if (twice && acknowledged(task) != id)
        mistake("the repeated request " + task.key + " was answered with another id than " + id);
    return id;
}

void AgentDesks::carry_out(const Task& task) {
    if (task.kind == Kind::act) return act(task);
    const std::string id = sent(task);
    std::lock_guard lock(mutex_);
    if (task.kind == Kind::hand_over) {
        if (!id.empty()) handed_over_.push_back({task.city, id});
    } else if (task.kind == Kind::lead) {
        lead_opened(task, id);
    } else if (!id.empty()) {
        ++notes_;
        for (Lead& lead : leads_)
            if (lead.order == id) ++lead.notes;
    }
}

void AgentDesks::lead_opened(const Task& task, const std::string& order) {
    leads_.push_back({task.key, task.contact, order, 0});
    if (order.empty() || stopping_ || !chance(kNotes)) return;
    Task note;
    note.user = task.user;
    note.path = "/v1/orders/" + order + "/notes";
    note.contact = task.contact;
    note.key = "note-" + task.contact;
    note.body = Json{{"text", kNoteTexts.at(random_() % kNoteTexts.size())}}.dump();
    plan(std::move(note), Millis(500 + random_() % 2'000));
}

AgentDesks::Counts AgentDesks::counts() const {
    std::lock_guard lock(mutex_);
    return {leads_.size(), notes_, repeated_};
}

std::vector<Lead> AgentDesks::leads() const {
    std::lock_guard lock(mutex_);
    return leads_;
}

std::vector<HandedOver> AgentDesks::handed_over() const {
    std::lock_guard lock(mutex_);
    return handed_over_;
}

std::vector<std::string> AgentDesks::mistakes() const {
    std::lock_guard lock(mutex_);
    return mistakes_;
}

}  // namespace citybridge::demo
