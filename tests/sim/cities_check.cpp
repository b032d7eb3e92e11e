// What must hold when all has healed.
#include <algorithm>
#include <set>
#include <sstream>
#include <tuple>

#include "core/relay/callback_detail.h"
#include "tests/sim/cities_node.h"

namespace citybridge::sim {
namespace {

constexpr Millis kSlack{60'000};

std::string line_of(const CallbackHistoryRecord& row) {
    std::ostringstream out;
    out << "    " << row.n << "  " << to_rfc3339(row.at) << "  " << row.actor << "  " << row.action << "  "
        << row.from_state << " -> " << row.to_state << "  " << row.detail.dump();
    return out.str();
}

// Who held it when it ended.
std::tuple<std::int64_t, std::int64_t, relay::Holder> hand_of(const CallbackRecord& row) {
    const relay::CallbackDetail detail = relay::detail_of(row);
    return {row.epoch, detail.hand, detail.holder};
}

}  // namespace

// What both sides know of the task and of each other.
std::string CitiesWorld::histories(const std::string& id) const {
    std::ostringstream out;
    const auto offered = tasks_.find(id);
    for (std::size_t i = 0; i < kCities; ++i) {
        const CityNode& node = *nodes_[i];
        if (!node.up()) continue;
        const auto row = node.row(id);
        const bool shares = offered != tasks_.end() && (offered->second.first == i || offered->second.second == i);
        if (!row && !shares) continue;
        out << "  " << node.name();
        if (row)
            out << " (" << row->side << "): " << to_string(row->state) << ", epoch " << row->epoch << ", version "
                << row->version << ", " << row->state_detail.dump();
        out << '\n';
        for (const CityRecord& city : node.cities())
            out << "    of " << city.city << ": generation " << city.generation << ", " << city.detail.dump() << '\n';
        for (const auto& entry : node.history(id)) out << line_of(entry) << '\n';
    }
    return out.str();
}

// Promises are kept or a person knows, by the origin's own clock.
void CitiesWorld::check_promise(const CityNode& origin, const CallbackRecord& row) {
    if (row.closed_at && *row.closed_at <= row.promised_at) return;
    if (!origin.lives_lost.empty()) return;
    const auto history = origin.history(row.id);
    const auto told =
        std::find_if(history.rbegin(), history.rend(), [](const auto& entry) { return entry.action == "escalated"; });
    if (told == history.rend())
        return broken("nobody was told that the promise of " + row.id + " was missed\n" + histories(row.id));
    // The clock of a node may be put right when it starts; and it tells nobody while it does not run.
    Millis allowed = kSlack;
    for (const auto& [from, to] : origin.downs) allowed += (to - from) + Millis{60'000};
    if (told->at > row.promised_at + allowed)
        broken("the promise of " + row.id + " was escalated too late\n" + histories(row.id));
}

void CitiesWorld::check_task(const std::string& id) {
    const auto [from, to] = tasks_.at(id);
    const CityNode& origin = *nodes_[from];
    const CityNode& target = *nodes_[to];
    const auto here = origin.row(id), there = target.row(id);
    // Offered, and gone with the disk before anybody else knew: nothing was acknowledged that could be known.
    if (!here && !there) {
        if (origin.lives_lost.empty() && origin.downs.empty()) broken("task " + id + " is gone");
        return;
    }
    for (const auto* side : {&here, &there}) {
        const CityNode& node = side == &here ? origin : target;
        if (!*side) {
            broken("task " + id + " is missing in " + node.name() + '\n' + histories(id));
            continue;
        }
        if (!(*side)->closed_at) broken("task " + id + " has not ended in " + node.name() + '\n' + histories(id));
        std::set<std::string> messages;
        std::string state;
        for (const auto& entry : node.history(id)) {
            if (entry.action == "escalated") ++outcome_.escalated;
            if (entry.from_state != state)
                broken("the history of " + id + " in " + node.name() + " has a gap before " + std::to_string(entry.n) +
                       '\n' + histories(id));
            state = entry.to_state;
            const std::string message = entry.detail.value("message", "");
            if (!message.empty() && !messages.insert(message).second)
                broken("message " + message + " took effect twice in " + node.name() + '\n' + histories(id));
        }
    }
    if (here && there &&
        (here->state != there->state || here->outcome != there->outcome || hand_of(*here) != hand_of(*there)))
        broken("task " + id + " ended differently in the two cities\n" + histories(id));
    if (here) check_promise(origin, *here);
}

// Every message that was called delivered is in the far city's inbox, unless one of the two lost its memory.
void CitiesWorld::check_ledger() {
    for (std::size_t i = 0; i < kCities; ++i)
        for (const OutboxRecord& row : nodes_[i]->outbox()) {
            if (row.state != OutboxState::delivered) {
                broken(nodes_[i]->name() + " has message " + row.id + " left, " + std::string(to_string(row.state)));
                continue;
            }
            const std::string far = row.destination.substr(row.destination.find('.') + 1);
            const auto to = std::find(names().begin(), names().end(), far) - names().begin();
            const CityNode& node = *nodes_[static_cast<std::size_t>(to)];
            if (!node.lives_lost.empty() || planted_ == Planted::short_dedupe) continue;
            if (!node.inbox_has("city:" + nodes_[i]->name(), row.id))
                broken("message " + row.id + " was called delivered, and " + far + " does not have it\n" +
                       histories(row.key));
        }
}

void CitiesWorld::check_end() {
    if (!outcome_.broken.empty()) return;
    for (const auto& node : nodes_)
        if (!node->up()) return broken(node->name() + " does not run at the end");
    for (const auto& [id, cities] : tasks_) check_task(id);
    check_ledger();
    happened("end");
}

}  // namespace citybridge::sim
