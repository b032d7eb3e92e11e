#pragma once
// The calendars a node goes by: the city's, and those its flows name.
#include "core/desk/calendars.h"
#include "core/desk/flow.h"
#include "core/node/store_settings.h"

namespace citybridge {

// On any problem the result is not to be used.
desk::Calendars load_city_calendars(const DeskConfig& config, const desk::FlowSet& flows, Problems& problems,
                                    const std::vector<desk::NamedCalendar>& others = {});

// The same from the configuration, its flows read again for the calendars they name.
desk::Calendars load_city_calendars(const NodeConfig& config, Problems& problems);

// One sentence for each calendar that ends within 60 days, or has ended; at its file.
Problems calendar_warnings(const DeskConfig& config, const desk::Calendars& calendars, WallTime now);
// None if the configuration has problems.
Problems calendar_warnings(const std::string& config_path, WallTime now);

}  // namespace citybridge
