#pragma once
// The periods of a schedule: what is produced when.
#include <vector>

#include "core/desk/calendar.h"
#include "core/reports/city_time.h"
#include "core/reports/definitions.h"

namespace citybridge::reports {

struct Period {
    WallTime from{};
    WallTime to{};   // not included
    WallTime due{};  // when its report is produced

    friend bool operator==(const Period&, const Period&) = default;
};

// Those due after `since` and not after `now`, the earliest first; of more than `limit` the last ones.
std::vector<Period> periods_due(const Schedule& schedule, const CityTime& time, const desk::Calendar& calendar,
                                WallTime since, WallTime now, std::size_t limit);
// The first one due after `now`.
Period next_period(const Schedule& schedule, const CityTime& time, const desk::Calendar& calendar, WallTime now);

}  // namespace citybridge::reports
