#pragma once
// Days, moments and shipped calendars for tests of business time.
#include <gtest/gtest.h>

#include "core/desk/calendars.h"

namespace citybridge::desk::testing {

inline WallTime at(const std::string& rfc3339) { return from_rfc3339(rfc3339).value(); }

inline Calendar shipped_calendar(const std::string& name) {
    Problems problems;
    Calendar calendar = load_calendar(CITYBRIDGE_SOURCE_DIR "/config/calendars/" + name + ".xml", problems);
    for (const auto& problem : problems) ADD_FAILURE() << to_string(problem);
    return calendar;
}

inline LocalDay day(int year, unsigned month, unsigned of_month) {
    return LocalDay{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{of_month}};
}

inline CalendarDoc every_day(const std::string& zone, Interval open) {
    CalendarDoc doc;
    doc.zone = zone;
    doc.week.fill({open});
    return doc;
}

// Shanghai is eight hours ahead of UTC all year. "2026-11-23T19:00".
inline WallTime shanghai(const std::string& local) { return at(local + ":00.000Z") - std::chrono::hours{8}; }
inline std::string in_shanghai(WallTime time) { return to_rfc3339(time + std::chrono::hours{8}).substr(0, 16); }
inline std::string due_in_shanghai(const Calendar& calendar, const std::string& from, Millis after) {
    return in_shanghai(calendar.add_business_time(shanghai(from), after).due);
}

}  // namespace citybridge::desk::testing
