#pragma once
// Tells when fewer people are at their desks than the calendar's period wants (C2): the event "cover.short", later
// "cover.met", a line in the log and a gauge. What is over in a moment is not told. Agents are heard on the live
// strand; everything else is the durable strand's own.
#include <prometheus/registry.h>

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "core/desk/cover.h"
#include "core/desk/desk.h"

namespace citybridge {

class CoverWatch {
public:
    static constexpr Millis kLook{1'000};

    // All outlive it.
    CoverWatch(const desk::Desk& desk, desk::GroupsOf groups_of, prometheus::Registry& metrics)
        : desk_(desk), groups_of_(std::move(groups_of)), metrics_(metrics) {}

    void heard(const EventPtr& event);  // any thread
    std::vector<Event> take(Now now);

private:
    struct State {
        MonoTime since{};  // short, or not, without a break since then
        bool is_short = false;
        bool told = false;
        desk::CoverNow last;
    };
    void look(State& state, const desk::CoverNow& cover, Now now, std::vector<Event>& out);
    void figure(const std::string& group, int missing);

    const desk::Desk& desk_;
    const desk::GroupsOf groups_of_;
    prometheus::Registry& metrics_;
    std::mutex mutex_;
    std::map<std::string, AgentPtr> agents_;  // guarded by mutex_; empty: nothing was heard yet
    std::map<std::string, State> states_;     // by group
    MonoTime next_look_{};
};

}  // namespace citybridge
