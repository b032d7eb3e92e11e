#pragma once
// When something is due (C1), and the same again when the calendar has changed
// (P8): the one place where a deadline is computed.
#include "core/desk/calendars.h"

namespace citybridge::desk {

// Exactly one of the first four is given; `from` is the moment it counts from.
struct DueRule {
    Millis after{};  // so much open time later; full at closing time is due then. 0: at once, or at the opening
    bool same_day =
        false;  // the end of today's last hours; these are over, or there are none: of the next working day's
    int working_days = 0;   // the same time of day, so many days with hours later
    std::optional<int> at;  // minutes after midnight of the next day with hours
    std::optional<int>
        next_day_at;  // with `after`: where one goes that is not due on the day of `from`; 0: the opening

    friend bool operator==(const DueRule&, const DueRule&) = default;
};

inline DueRule in_working_days(int count) {
    DueRule out;
    out.working_days = count;
    return out;
}

// "after=7200000 next_day_at=630"; what is not given is not there.
std::string to_text(const DueRule& rule);
// Empty: none of the above.
std::optional<DueRule> rule_from(std::string_view text);

// Never in closed time but at its beginning. Precondition: as of add_business_time().
Calendar::Due due_of(const Calendar& calendar, const DueRule& rule, WallTime from);

// Fills due_at, provisional, from_at, rule and calendar. `calendar`: name; empty or unknown: the city's.
void set_due(DeadlineRecord& row, const Calendars& calendars, const std::string& calendar, const DueRule& rule,
             WallTime from);
// What set_due() says today of a row it filled. Empty: a fixed moment, or its calendar is gone; the row stays as it is.
std::optional<Calendar::Due> due_again(const DeadlineRecord& row, const Calendars& calendars);

}  // namespace citybridge::desk
