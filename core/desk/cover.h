#pragma once
// Minimum cover (C2): how many people a period's calendar wants at their desks now, and how many there are.
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/api/model.h"
#include "core/desk/calendar.h"

namespace citybridge::desk {

struct CoverNow {
    std::string group;  // empty: the whole centre
    std::string period;
    int wanted = 0;
    int there = 0;

    int missing() const { return wanted > there ? wanted - there : 0; }
    friend bool operator==(const CoverNow&, const CoverNow&) = default;
};

// Signed in, and not on a break.
bool is_at_desk(AgentPresence state);
// Groups of an agent; none: nobody's.
using GroupsOf = std::function<std::vector<std::string>(const std::string& agent)>;
// What is wanted now, each group once; of two that hold now the greater number. `without`: an agent counted as gone.
std::vector<CoverNow> cover_now(const Calendar& calendar, WallTime now, std::span<const AgentPtr> agents,
                                const GroupsOf& groups_of, const std::string& without = {});

}  // namespace citybridge::desk
