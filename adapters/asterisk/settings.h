#pragma once
// The settings table of the Asterisk adapter: parser, check, --describe and the
// README's table are made from it.
#include "adapters/asterisk/session.h"
#include "core/api/settings.h"

namespace citybridge::asterisk {

struct Config {
    std::string host;
    std::int64_t port = 0;
    std::string user;
    std::string secret;
    std::string auth;
    bool filter = true;
    std::int64_t connect_timeout_ms = 0;
    std::int64_t reply_timeout_ms = 0;
    std::int64_t ping_interval_ms = 0;
    std::int64_t boot_timeout_ms = 0;
    std::int64_t reconnect_min_ms = 0;
    std::int64_t reconnect_max_ms = 0;
    std::int64_t refused_retry_ms = 0;
    std::string context;
    std::string dial_prefix;
    std::int64_t internal_digits = 0;
    std::string caller_id;
    std::vector<std::string> queues;
    std::vector<std::string> offers;
    std::string conference_context;
    std::string threeway_code;
    std::string recording_folder;
    std::string recording_format;
    std::string parking_lot;
    std::int64_t park_timeout_s = 0;
    std::vector<std::string> survey_events;
    std::string survey_score_field;
    std::string survey_call_field;
    std::string legacy_charset;
    std::string cdr_file;
    std::string queue_log_file;
    std::string cdr_time_zone;
    std::int64_t records_delay_ms = 0;
    std::int64_t records_again_ms = 0;
};

SettingsDoc settings_doc();
Config parse_config(const RawSettings& raw, Problems& problems);
// Without hangup, which is always offered.
std::vector<CallAction> offered_actions(const Config& config);
SessionSettings session_settings(const Config& config);

}  // namespace citybridge::asterisk
