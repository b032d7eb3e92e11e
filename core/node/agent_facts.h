#pragma once
// What agents do, on its way to the store. The live strand tells and never
// waits; the durable strand takes. Thread-safe.
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "core/api/changes.h"
#include "core/api/events.h"
#include "core/reports/interval_book.h"

namespace citybridge {

class AgentFacts {
public:
    explicit AgentFacts(reports::GroupOf group_of) : book_(std::move(group_of)) {}

    // Before anything is heard; see IntervalBook.
    void start(std::vector<AgentInterval> left, std::optional<WallTime> seen, WallTime now);
    // The live strand's listener.
    void note(const EventPtr& event);
    // The node stops: what is heard later is not noted.
    void stop(WallTime now);
    // What is to be committed, as one step; empty: nothing.
    Changes take();

private:
    static constexpr std::size_t kBound = 200'000;  // while the store is away; beyond it the oldest are dropped
    void keep(std::vector<AgentInterval> rows);

    mutable std::mutex mutex_;
    reports::IntervalBook book_;
    std::map<std::pair<WallTime, std::string>, AgentInterval> pending_;  // a later word about a row replaces the former
    bool stopped_ = false;
    bool dropped_ = false;
};

}  // namespace citybridge
