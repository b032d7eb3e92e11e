#pragma once
// The node's section <reports>.
#include <cstdint>
#include <string>
#include <vector>

#include "core/api/settings.h"
#include "core/host/config_file.h"
#include "core/reports/definitions.h"
#include "core/reports/quality_form.h"

namespace citybridge {

struct ReportsConfig {
    std::string folder;
    std::string quality;
    std::string out;
    std::vector<std::string> mail;  // "REPORT=RECIPIENT"
    std::int64_t catch_up_days = 0;
    std::int64_t timeout_s = 0;
    std::int64_t max_rows = 0;
};

const std::vector<Setting<ReportsConfig>>& reports_settings_table();

// Appends problems; on any, the result is not to be used. Paths are complete.
ReportsConfig read_reports(const NodeConfig& config, Problems& problems);

}  // namespace citybridge
