#pragma once
// The rows of the settings table, and the members they fill.
#include <string>
#include <vector>

#include "core/api/settings.h"

namespace citybridge::email {

struct GivenSettings {
    std::string host;
    std::int64_t port = 0;
    std::string tls;
    std::string ca_file;
    std::string user;
    std::string password;
    std::string hello_name;
    std::string from;
    std::string from_name;
    std::string reply_to;
    std::string sub_addresses;
    std::string confirm_key;
    std::string confirm_old_key;
    std::int64_t sessions = 0;
    std::int64_t connect_timeout_ms = 0;
    std::int64_t timeout_ms = 0;
    std::int64_t idle_s = 0;
    std::int64_t login_wait_s = 0;
    std::int64_t max_mail_bytes = 0;
    std::string retry_schedule;
    std::int64_t jitter_percent = 0;
    std::string repeats;
    std::int64_t far_timeout_ms = 0;
    std::string read;
    std::string read_host;
    std::int64_t read_port = 0;
    std::string read_ca_file;
    std::string read_user;
    std::string read_password;
    std::int64_t read_every_s = 0;
    std::int64_t read_timeout_ms = 0;
    std::int64_t read_max_bytes = 0;
    std::string folder;
    std::string done_folder;
    std::string unrelated;
    std::string charset;
};

const std::vector<Setting<GivenSettings>>& settings_table();

}  // namespace citybridge::email
