#include "tools/replay/replay_result.h"

#include <algorithm>
#include <tuple>

#include "core/node/cli/table.h"

namespace citybridge::replay {

void ReplayResult::see(const Event& event) {
    ++events;
    if (const auto* change = std::get_if<ContactChanged>(&event)) {
        if (change->what == ContactChanged::What::merged)
            contacts_.erase(change->contact->id);
        else
            contacts_[change->contact->id] = change->contact;
    }
    if (const auto* change = std::get_if<AgentChanged>(&event)) agents_[change->agent->id] = change->agent;
}

std::vector<ContactPtr> ReplayResult::contacts() const {
    std::vector<ContactPtr> out;
    for (const auto& [id, contact] : contacts_) out.push_back(contact);
    std::sort(out.begin(), out.end(), [](const ContactPtr& a, const ContactPtr& b) {
        return std::tie(a->started_at, a->id) < std::tie(b->started_at, b->id);
    });
    return out;
}

std::vector<AgentPtr> ReplayResult::agents() const {
    std::vector<AgentPtr> out;
    for (const auto& [id, agent] : agents_) out.push_back(agent);
    return out;
}

nlohmann::ordered_json ReplayResult::json() const {
    nlohmann::ordered_json out{{"contacts", nlohmann::ordered_json::array()},
                               {"agents", nlohmann::ordered_json::array()}};
    for (const ContactPtr& contact : contacts()) out["contacts"].push_back(to_json(*contact));
    for (const AgentPtr& agent : agents()) out["agents"].push_back(to_json(*agent));
    return out;
}

std::string ReplayResult::table() const {
    const nlohmann::ordered_json all = json();
    return contacts_table(all["contacts"]) + '\n' + agents_table(all["agents"]);
}

}  // namespace citybridge::replay
