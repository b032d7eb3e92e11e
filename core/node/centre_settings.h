#pragma once
// <centre>: how the centre works with its own papers (core/desk/centre.h). All
// of it is taken over by a reload.
#include <cstdint>
#include <string>
#include <vector>

#include "core/api/settings.h"
#include "core/desk/centre.h"
#include "core/host/config_file.h"

namespace citybridge {

struct CentreConfig {
    std::string dispositions;
    bool disposition_required = false;
    std::int64_t disposition_within_hours = 0;
    std::vector<std::string> article_approvals;
    std::vector<std::string> script_approvals;
    std::int64_t question_normal_days = 0;
    std::int64_t question_highest_minutes = 0;
    std::vector<std::string> shift_reports;
    std::int64_t help_lead_minutes = 0;
    std::string cover_breaks;
    std::int64_t cover_after_seconds = 0;
};

const std::vector<Setting<CentreConfig>>& centre_settings_table();

// Reads the file of dispositions, too. Appends problems; on any, the result is not to be used.
desk::Centre read_centre(const NodeConfig& config, Problems& problems);

}  // namespace citybridge
