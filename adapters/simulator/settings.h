#pragma once
// The plugin's settings table, and what the engine makes of it.
#include <cstdint>
#include <string>
#include <vector>

#include "adapters/simulator/config.h"
#include "core/api/settings.h"

namespace citybridge::simulator {

struct Settings {
    std::int64_t seed = 0;
    std::int64_t speed = 0;
    std::string hotline;
    std::int64_t callers_per_minute = 0;
    std::int64_t agents = 0;
    std::int64_t desks = 0;
    std::vector<std::string> queues;
    std::vector<std::string> callers;
    std::vector<std::string> answering;
    std::vector<std::string> busy;
    std::int64_t menu_seconds_max = 0;
    std::int64_t patience_seconds_mean = 0;
    std::int64_t answer_seconds_mean = 0;
    std::int64_t ring_seconds = 0;
    std::int64_t queue_seconds_max = 0;
    std::int64_t talk_seconds_mean = 0;
    std::int64_t wrap_up_seconds = 0;
    std::int64_t break_minutes_between = 0;
    std::int64_t break_minutes_mean = 0;
    std::int64_t menu_hangup_percent = 0;
    std::int64_t answer_percent = 0;
    std::int64_t refuse_percent = 0;
    std::int64_t hold_percent = 0;
    std::int64_t agent_hangup_percent = 0;
    std::int64_t survey_percent = 0;
    std::int64_t voicemail_percent = 0;
    std::int64_t race_percent = 0;
    std::int64_t internal_per_hour = 0;
    std::int64_t transfer_percent = 0;
    std::int64_t consult_percent = 0;
    std::int64_t park_percent = 0;
    std::int64_t regular_percent = 0;
    std::string truth_file;
};

const std::vector<Setting<Settings>>& settings_table();

// Problems are appended with their places; on any, the result is not to be used.
Settings read_settings(const RawSettings& raw, Problems& problems);
Config engine_config(const Settings& settings);

}  // namespace citybridge::simulator
