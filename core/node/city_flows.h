#pragma once
// A city's flows with its directory and channels, read and checked together.
#include "core/desk/calendars.h"
#include "core/desk/cities.h"
#include "core/desk/flow_book.h"
#include "core/host/config_file.h"
#include "core/node/store_settings.h"

namespace citybridge {

struct CityFlows {
    desk::FlowBook book;
    desk::CitySet cities;
    desk::Calendars calendars;  // the city's and those that flows name
};

// On any problem the result is not to be used.
CityFlows load_city_flows(const NodeConfig& config, const DeskConfig& desk, Problems& problems);
CityFlows load_city_flows(const NodeConfig& config, Problems& problems);

}  // namespace citybridge
