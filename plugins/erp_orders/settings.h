#pragma once
// The plugin's settings table.
#include <string>
#include <vector>

#include "core/api/settings.h"

namespace citybridge::erp_orders {

struct Settings {
    std::vector<std::string> customer_leads_need;
    std::vector<std::string> property_leads_need;
    std::string escalates_to;
    std::string reopens_to;
};

const std::vector<Setting<Settings>>& settings_table();
// Problems are appended with their places; on any, the result is not to be used.
Settings read_settings(const RawSettings& raw, Problems& problems);

}  // namespace citybridge::erp_orders
