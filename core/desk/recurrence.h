#pragma once
// When a recurring order is due to be opened (B17). Pure.
#include <string>
#include <vector>

#include "core/desk/calendar.h"
#include "core/desk/flow_parts.h"

namespace citybridge::desk {

struct Occurrence {
    WallTime at{};
    // Day as the rule names it and time, "2026-02-25.0900": the same however often the calendar moves the opening.
    std::string id;

    friend bool operator==(const Occurrence&, const Occurrence&) = default;
};

// Those in (after, until], the earliest first. A day without hours is treated as `otherwise` says; several that are
// moved to one moment are one. Looks back 31 days at most.
std::vector<Occurrence> occurrences(const RecurrenceDef& rule, const Calendar& calendar, WallTime after,
                                    WallTime until);
// A time of day in the calendar's zone, open or closed; one that does not exist is the moment of the change.
WallTime local_moment(const Calendar& calendar, LocalDay day, int minutes);

}  // namespace citybridge::desk
