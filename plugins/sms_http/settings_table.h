#pragma once
// The rows of the settings table, and the values as they stand in the file.
#include <string>
#include <vector>

#include "core/api/settings.h"

namespace citybridge::sms_http {

struct Given {
    std::string url;
    std::string method;
    std::string send_as;
    std::string parameters;
    std::string headers;
    std::string body;
    std::string charset;
    std::string percent_encoding;
    std::string user;
    std::string password;
    std::string key_id;
    std::string key_secret;
    std::string signature;
    std::string template_id;
    std::string templates;
    std::string sender;
    std::string country_code;
    std::string text_pattern;
    std::int64_t max_parts = 0;
    std::int64_t utc_offset_minutes = 0;
    std::string signing;
    std::string signature_parameter;
    std::string tc3_service;
    std::string digest;
    std::string digest_text;
    std::string digest_as;
    std::string success_path;
    std::vector<std::string> success_values;
    std::string success_pattern;
    std::string id_path;
    std::string id_pattern;
    std::string error_path;
    std::string error_pattern;
    std::vector<std::string> temporary;
    std::vector<std::string> permanent;
    std::string report_secret;
    std::string report_auth;
    std::string report_auth_name;
    std::string report_id;
    std::string report_message;
    std::string report_state;
    std::string report_code;
    std::string report_list;
    std::vector<std::string> report_states;
    std::string poll_url;
    std::string poll_method;
    std::string poll_send_as;
    std::string poll_parameters;
    std::string poll_body;
    std::int64_t poll_interval_s = 0;
    std::string poll_ack_url;
    std::string poll_ack_parameters;
    std::string poll_ack_body;
    std::string repeats;
    std::string retry_schedule;
    std::int64_t jitter_percent = 0;
    std::int64_t connections = 0;
    std::int64_t timeout_ms = 0;
    std::int64_t far_timeout_ms = 0;
    std::string ca_file;
};

const std::vector<Setting<Given>>& settings_table();

}  // namespace citybridge::sms_http
