// Customers who are handed to another city, and those whom another city has handed over.
#include <array>

#include "tools/demo/agent_desks.h"
#include "tools/demo/demo_node.h"
#include "tools/demo/json_values.h"

namespace citybridge::demo {
namespace {

using Json = AgentDesks::Json;

constexpr int kMostTries = 40;
constexpr Millis kPhoneBusy{700};
constexpr std::int64_t kMostDials = 2;
constexpr double kCareless = 0.15;  // of what is done on a callback: its answer is lost, and it comes again
constexpr std::array kMatters{"想在那边买房", "要看那边的写字楼", "那边的合同进度", "那边的房子要出租"};

}  // namespace

AgentDesks::Task AgentDesks::hand_over_task(const Json& contact, const std::string& agent) {
    Task task;
    task.kind = Kind::hand_over;
    task.city = cities_.at(random_() % cities_.size());
    task.user = user_of(agent);
    task.path = "/v1/callbacks";
    task.contact = text_or_empty(contact["id"]);
    task.key = "callback-" + task.contact;
    task.body = Json{{"city", task.city},
                     {"number", text_or_empty(contact["customer_number_e164"])},
                     {"name", customer_name(contact)},
                     {"notes", kMatters.at(random_() % kMatters.size())},
                     {"contact", task.contact}}
                    .dump();
    return task;
}

void AgentDesks::see_callback(const Json& callback) {
    const std::string state = text_or_empty(callback["state"]);
    const bool ours = text_or_empty(callback["side"]) == "target" && text_or_empty(callback["holder"]) == "target";
    if (!ours || !text_or_empty(callback["owner"]).starts_with("agent-")) return;
    if (state != "assigned" && state != "uncertain") return;
    const std::lock_guard lock(mutex_);
    if (!stopping_) plan(next_act(callback), Millis(500 + random_() % 1'000));
}

// Dialled; once more if that was in vain, which an agent does not decide alone; then given up.
AgentDesks::Task AgentDesks::next_act(const Json& callback) {
    const bool again = callback["needs_confirmation"].get<bool>();
    const bool enough = callback["dials"]["here"].get<std::int64_t>() >= kMostDials;
    const bool gives_up = enough || text_or_empty(callback["state"]) == "uncertain";
    const std::string id = text_or_empty(callback["id"]);
    const std::string word = gives_up ? "failed" : "dial";
    Json body = Json::object();
    if (gives_up)
        body["outcome"] = "not_reached";
    else if (again)
        body["confirmed_by"] = DemoNode::kUser;
    Task task;
    task.kind = Kind::act;
    task.user = text_or_empty(callback["owner"]);
    task.path = "/v1/callbacks/" + id + '/' + word;
    task.key = id + '.' + word + '.' + callback["revision"].dump();
    task.body = body.dump();
    return task;
}

void AgentDesks::act(Task task) {
    Api* const api = api_of(task.user);
    if (api == nullptr) return;
    const std::string key = task.key + '.' + std::to_string(task.tries);
    bool careless = false;
    {
        const std::lock_guard lock(mutex_);
        careless = chance(kCareless);
        if (careless) ++repeated_;
    }
    if (careless) api->send_and_hang_up(task.path, task.body, key);
    const auto answer = api->call("POST", task.path, task.body, key);
    if (answer && answer->status / 100 == 2) return;
    // Somebody was faster, or it is another city's now: the stream tells what follows.
    if (answer && text_or_empty(answer->body["code"]).starts_with("callback.")) return;
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    if (++task.tries < kMostTries) return plan(std::move(task), kPhoneBusy);
    mistakes_.push_back(task.user + ": POST " + task.path + " was refused " + std::to_string(kMostTries) +
                        " times: " + (answer ? answer->body.dump() : answer.error().detail));
}

}  // namespace citybridge::demo
