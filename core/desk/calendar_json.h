#pragma once
// Calendars as JSON: what the API and the command line show.
#include <nlohmann/json.hpp>

#include "core/desk/calendars.h"

namespace citybridge::desk {

// {"id", "calendar", "mode", "set_at", "until", "set_by", "reason"}
nlohmann::ordered_json override_json(const CalendarOverrideRecord& row);

// How it stands at `time`: {"name", "city_calendar", "zone", "open", "until", "next_opening", "last_day", "day":
//  {"date", "name", "hours"}, "period": {"name", "from", "to", "no_leave", "cover": [{"from", "to", "people"}]} or
//  null, "override" or null}. `until`: when it closes or opens; hours are of the day's rules, before closings and
//  switches.
nlohmann::ordered_json calendar_json(const Calendars& calendars, const std::string& name, WallTime time);

}  // namespace citybridge::desk
