#include "core/node/agent_facts.h"

#include <spdlog/spdlog.h>

namespace citybridge {

void AgentFacts::start(std::vector<AgentInterval> left, std::optional<WallTime> seen, WallTime now) {
    const std::lock_guard lock(mutex_);
    keep(book_.start(std::move(left), seen, now));
}

void AgentFacts::note(const EventPtr& event) {
    const auto* agent = std::get_if<AgentChanged>(&event->event);
    const auto* link = std::get_if<PbxLinkChanged>(&event->event);
    if (agent == nullptr && link == nullptr) return;
    const std::lock_guard lock(mutex_);
    if (stopped_) return;
    keep(agent != nullptr ? book_.heard(*agent->agent, event->at) : book_.link(link->pbx, link->up, event->at));
}

void AgentFacts::stop(WallTime now) {
    const std::lock_guard lock(mutex_);
    if (std::exchange(stopped_, true)) return;
    keep(book_.stop(now));
}

void AgentFacts::keep(std::vector<AgentInterval> rows) {
    for (AgentInterval& row : rows) pending_[{row.from, row.agent}] = std::move(row);
    while (pending_.size() > kBound) {
        pending_.erase(pending_.begin());
        if (!std::exchange(dropped_, true))
            spdlog::error("report.facts_dropped more than {} states of agents wait for the store; the oldest are lost",
                          kBound);
    }
}

Changes AgentFacts::take() {
    Changes out;
    const std::lock_guard lock(mutex_);
    for (auto& [key, row] : pending_) out.facts.intervals.push_back(std::move(row));
    pending_.clear();
    dropped_ = false;
    return out;
}

}  // namespace citybridge
