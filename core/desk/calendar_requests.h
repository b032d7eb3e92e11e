#pragma once
// What may be asked of the desk about business time.
#include <optional>
#include <string>

#include "core/api/time.h"

namespace citybridge::desk {

// The calendar changed: the order's open deadlines are computed again from where they began (P8).
struct CorrectDeadlines {
    std::string order;
};

// An operator's switch of a calendar: open or closed until then, or by the clock again.
struct OverrideCalendar {
    std::string calendar;  // name; empty: the city's
    std::string mode;      // "open", "closed", "clock"
    std::optional<WallTime> until;
    std::string reason;
};

}  // namespace citybridge::desk
