#pragma once
// One calendar file as it is written, before the calendars it is based on are
// put under it (calendar_load.cpp).
#include <array>

#include "core/desk/calendar.h"
#include "core/host/xml_file.h"

namespace citybridge::desk {

// What a file says of one day.
struct DayRule {
    Hours hours;                 // empty with no `as`: a holiday
    std::optional<unsigned> as;  // the hours of this weekday
    std::string name;
    Position where;

    bool same_hours(const DayRule& other) const { return hours == other.hours && as == other.as; }
};

struct CalendarSource {
    std::string zone;                // empty: the base's
    std::vector<std::string> bases;  // names, each once
    std::optional<LocalDay> from;    // first and last day that the file is about; a base of one year has both
    std::optional<LocalDay> until;
    std::optional<Week> week;  // none: the base's
    std::vector<Period> periods;
    std::map<LocalDay, DayRule> days;
    std::vector<Closing> closings;
    Position where, zone_at, base_at;
};

CalendarSource read_calendar(const XmlFile& file, Problems& problems);

}  // namespace citybridge::desk
