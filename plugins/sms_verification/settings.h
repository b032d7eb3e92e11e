#pragma once
// The plugin's settings table.
#include <cstdint>
#include <string>
#include <vector>

#include "core/api/settings.h"

namespace citybridge::sms_verification {

struct Settings {
    std::string key;
    std::vector<std::string> purposes;
    std::int64_t max_sends = 2;
    std::int64_t max_checks = 5;
    std::int64_t valid_minutes = 10;
    std::int64_t send_gap_seconds = 30;
    std::int64_t wrong_checks_per_day = 5;
    std::int64_t sends_per_day = 6;
    std::int64_t sends_per_number_per_day = 10;
    std::int64_t unlocks_per_day = 1;
    std::int64_t number_age_hours = 72;
};

const std::vector<Setting<Settings>>& settings_table();
// Problems are appended with their places; on any, the result is not to be used.
Settings read_settings(const RawSettings& raw, Problems& problems);

}  // namespace citybridge::sms_verification
