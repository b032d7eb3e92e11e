#pragma once
// The settings as they are written.
#include <cstdint>
#include <string>
#include <vector>

#include "core/api/settings.h"

namespace citybridge::erp_rest {

struct Written {
    std::string url;
    std::string open_order_method;
    std::string open_order_path;
    std::string append_note_method;
    std::string append_note_path;
    std::string other_method;
    std::string other_path;
    std::string find_path;
    std::string id_pointer;
    std::string find_id_pointer;
    std::string find_key_pointer;
    std::string find_absent;
    std::string key_header;
    std::string key_field;
    std::string auth;
    std::string user;
    std::string auth_header;
    std::string secret;
    std::string repeats;
    std::int64_t far_timeout_ms = 0;
    std::int64_t timeout_ms = 0;
    std::int64_t connect_timeout_ms = 0;
    std::int64_t connections = 0;
    std::string retry_schedule;
    std::int64_t jitter_percent = 0;
    std::int64_t longest_retry_after_ms = 0;
    std::vector<std::string> success_statuses;
    std::vector<std::string> refused_statuses;
    std::vector<std::string> events;
    std::string ca_file;
};

const std::vector<Setting<Written>>& settings_table();

}  // namespace citybridge::erp_rest
