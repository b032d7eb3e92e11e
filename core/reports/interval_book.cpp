#include "core/reports/interval_book.h"

#include <algorithm>

namespace citybridge::reports {
namespace {

constexpr const char* kNodeDown = "node_down";
constexpr const char* kLinkDown = "link_down";

}  // namespace

std::string IntervalBook::key_of(const AgentInterval& interval) {
    return interval.agent.empty() ? '\n' + interval.state + '\n' + interval.reason : interval.agent;
}

void IntervalBook::close(AgentInterval& interval, WallTime at, const char* end, std::vector<AgentInterval>& out) {
    interval.to = std::max(at, interval.from);
    interval.end = end;
    WallTime& ended = ended_[interval.agent];
    ended = std::max(ended, *interval.to);
    out.push_back(interval);
}

void IntervalBook::open(AgentInterval interval, std::vector<AgentInterval>& out) {
    const auto ended = ended_.find(interval.agent);
    interval.from = std::max(interval.from, written_until_);
    // One row for each beginning: one of the node's own that begins in the same moment begins just after.
    const Millis apart{interval.agent.empty() ? 1 : 0};
    if (ended != ended_.end()) interval.from = std::max(interval.from, ended->second + apart);
    for (const auto& [key, other] : open_)
        if (other.agent == interval.agent && other.from >= interval.from) interval.from = other.from + Millis{1};
    out.push_back(interval);
    open_[key_of(interval)] = std::move(interval);
}

std::vector<AgentInterval> IntervalBook::start(std::vector<AgentInterval> left, std::optional<WallTime> seen,
                                               WallTime now) {
    std::vector<AgentInterval> out;
    written_until_ = std::min(seen.value_or(WallTime{}), now);
    bool told = left.empty();
    for (AgentInterval& interval : left) {
        if (interval.agent.empty() && interval.state == kNodeDown) {
            written_until_ = interval.from;
            close(interval, now, "change", out);
            told = true;
            continue;
        }
        close(interval, std::min(seen.value_or(interval.from), now), "lost", out);
    }
    if (told) return out;
    AgentInterval down;
    down.state = kNodeDown;
    down.from = std::min(seen.value_or(now), now);
    down.cause = "lost";
    open(std::move(down), out);
    for (auto& [key, interval] : open_) close(interval, now, "change", out);
    open_.clear();
    return out;
}

std::vector<AgentInterval> IntervalBook::heard(const Agent& agent, WallTime at) {
    std::vector<AgentInterval> out;
    if (agent.id.empty()) return out;
    const auto found = open_.find(agent.id);
    const std::string state(to_string(agent.state));
    const bool same = found != open_.end() && found->second.state == state && found->second.reason == agent.reason;
    if (same) return out;
    // The state may be older than the word of it, but not older than the one before.
    WallTime from = agent.since > WallTime{} && agent.since <= at ? agent.since : at;
    if (found != open_.end()) {
        from = std::max(from, found->second.from);
        close(found->second, from, "change", out);
        open_.erase(found);
    }
    AgentInterval next;
    next.agent = agent.id;
    next.from = from;
    next.state = state;
    next.reason = agent.reason;
    next.group = group_of_(agent.id);
    next.cause = agent.cause;
    open(std::move(next), out);
    // One that lasted no time gives its row to the next.
    if (out.size() == 2 && out[0].from == out[1].from) out.erase(out.begin());
    return out;
}

std::vector<AgentInterval> IntervalBook::link(const std::string& pbx, bool up, WallTime at) {
    std::vector<AgentInterval> out;
    AgentInterval down;
    down.state = kLinkDown;
    down.reason = pbx;
    down.from = at;
    const auto found = open_.find(key_of(down));
    if (up && found != open_.end()) {
        close(found->second, at, "change", out);
        open_.erase(found);
    }
    if (!up && found == open_.end()) open(std::move(down), out);
    return out;
}

std::vector<AgentInterval> IntervalBook::stop(WallTime now) {
    std::vector<AgentInterval> out;
    for (auto& [key, interval] : open_) close(interval, now, "stopped", out);
    open_.clear();
    AgentInterval down;
    down.state = kNodeDown;
    down.from = now;
    down.cause = "stopped";
    open(std::move(down), out);
    return out;
}

}  // namespace citybridge::reports
