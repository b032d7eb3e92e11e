#pragma once
// The settings table of the FreeSWITCH adapter: parser, check, --describe and
// the README's table are made from it.
#include "adapters/freeswitch/session.h"
#include "core/api/settings.h"

namespace citybridge::freeswitch {

struct Config {
    std::string host;
    std::int64_t port = 0;
    std::string user;
    std::string password;
    std::int64_t connect_timeout_ms = 0;
    std::int64_t reply_timeout_ms = 0;
    std::int64_t ping_interval_ms = 0;
    std::int64_t reconnect_min_ms = 0;
    std::int64_t reconnect_max_ms = 0;
    std::int64_t refused_retry_ms = 0;
    std::string domain;
    std::string context;
    std::string dial_prefix;
    std::string caller_id;
    std::string recording_folder;
    std::string park_extension;
    std::string conference_profile;
    std::string hold_music;
    std::vector<std::string> login_queues;
    std::vector<std::string> trunk_profiles;
    std::string legacy_charset;
    std::string cdr_file;
    std::vector<std::string> cdr_columns;
    std::string cdr_time_zone;
    std::int64_t records_delay_ms = 0;
    std::int64_t records_again_ms = 0;
};

SettingsDoc settings_doc();
Config parse_config(const RawSettings& raw, Problems& problems);
SessionSettings session_settings(const Config& config);

}  // namespace citybridge::freeswitch
