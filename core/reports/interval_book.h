#pragma once
// What every agent is doing, as intervals that follow each other without
// overlap. Pure; whoever runs it writes down what it returns, an open interval
// as well as a closed one, so that a crash leaves the open ones in the store.
#include <map>
#include <string>
#include <vector>

#include "core/api/events.h"
#include "core/api/report_facts.h"
#include "core/reports/make_facts.h"

namespace citybridge::reports {

class IntervalBook {
public:
    explicit IntervalBook(GroupOf group_of) : group_of_(std::move(group_of)) {}

    // `left`: intervals that are open in the store. `seen`: when the node of before was last known to be alive. Of a
    // node that died nobody knows how long they lasted: they end when it was last seen, and say so.
    std::vector<AgentInterval> start(std::vector<AgentInterval> left, std::optional<WallTime> seen, WallTime now);
    std::vector<AgentInterval> heard(const Agent& agent, WallTime at);
    std::vector<AgentInterval> link(const std::string& pbx, bool up, WallTime at);
    // Everything ends, and "node_down" begins.
    std::vector<AgentInterval> stop(WallTime now);

private:
    // The node's own intervals stand beside each other: one for itself, one for each link.
    static std::string key_of(const AgentInterval& interval);
    void close(AgentInterval& interval, WallTime at, const char* end, std::vector<AgentInterval>& out);
    void open(AgentInterval interval, std::vector<AgentInterval>& out);

    const GroupOf group_of_;
    WallTime written_until_{};                   // by the process of before: nothing may begin earlier
    std::map<std::string, AgentInterval> open_;  // by key_of
    std::map<std::string, WallTime> ended_;      // by agent: before it nothing may begin
};

}  // namespace citybridge::reports
