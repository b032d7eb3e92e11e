#pragma once
// <cities>: which other cities callbacks go to, and how this one works off
// those that come (core/desk/cities.h). A change needs a restart.
#include <cstdint>
#include <string>
#include <vector>

#include "core/api/settings.h"
#include "core/desk/cities.h"
#include "core/host/config_file.h"

namespace citybridge {

struct CitiesConfig {
    std::string directory;
    std::string assign;
    std::string skill;
    std::string group;
    std::int64_t take_within_s = 0;
    std::int64_t list_within_s = 0;
    std::int64_t dial_limit_s = 0;
    std::int64_t pulse_s = 0;
    std::string transfer;
    std::string transfer_level_field;
    std::vector<std::string> transfer_levels;
    std::string transfer_supervisor;
    std::vector<std::string> shown_as;
};

const std::vector<Setting<CitiesConfig>>& cities_settings_table();

struct Cities {
    desk::CitySet set;
    std::vector<desk::NamedCalendar> calendars;
};
// Reads the directory, too; without <cities> there are none. Appends problems; on any, the result is not to be used.
Cities read_cities(const NodeConfig& config, Problems& problems);

}  // namespace citybridge
