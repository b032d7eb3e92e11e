#pragma once
// The calendars of a city by name: its own, and those that flows name. With
// where operators' switches stand. Immutable; copies are cheap. Any thread.

#include "core/api/records.h"
#include "core/desk/calendar.h"
#include "core/desk/latest.h"

namespace citybridge::desk {

class Calendars {
public:
    // One, open day and night, in UTC.
    Calendars();
    // One. Not explicit: a city with one calendar is the common case.
    Calendars(Calendar city);
    // Precondition: `city` is a name of `all`.
    Calendars(std::string city, std::map<std::string, Calendar> all);

    const Calendar& city() const { return *cities_; }
    const std::string& city_name() const { return city_; }
    // Empty: the city's. Null: there is none of this name.
    const Calendar* find(const std::string& name) const;
    std::vector<std::string> names() const;

    // With these switches and no others: of all calendars, in any order. Each holds until its own end or the next of
    // the same calendar.
    Calendars switched(std::vector<CalendarOverrideRecord> switches) const;
    const std::vector<CalendarOverrideRecord>& switches() const { return switches_; }
    // Null: the calendar goes by the clock.
    const CalendarOverrideRecord* switch_at(const std::string& name, WallTime time) const;

    // The same for the same hours, whatever the process: open deadlines are computed again when it differs.
    std::string fingerprint() const;

private:
    std::string city_;
    std::map<std::string, std::shared_ptr<const Calendar>> all_;
    std::shared_ptr<const Calendar> cities_;
    std::vector<CalendarOverrideRecord> switches_;  // by set_at
};

// A calendar besides the city's, and where it is asked for.
struct NamedCalendar {
    std::string name;
    Position asked_at;
};
// The city's calendar, named like its file, and these, from the same folder or `shipped`. On any problem the result is
// not to be used.
Calendars load_calendars(const std::string& city_file, const std::string& shipped,
                         const std::vector<NamedCalendar>& named, Problems& problems);

// The calendars of now: a reload or a switch puts others in; what is under way keeps those it took.
using CalendarBox = Latest<Calendars>;

}  // namespace citybridge::desk
