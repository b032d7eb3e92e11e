#include "adapters/freeswitch/settings.h"

#include <algorithm>
#include <array>

#include "adapters/freeswitch/cdr_file.h"
#include "adapters/freeswitch/cdr_settings.h"
#include "adapters/freeswitch/words.h"

namespace citybridge::freeswitch {
namespace {

constexpr std::string_view kSummary = "Follows the calls of a FreeSWITCH PBX over its event socket.";

using enum SettingType;

const std::vector<Setting<Config>> kSettings{
    {{.name = "host", .required = true, .sentence = "Name or address of the PBX."}, &Config::host},
    {{.name = "port", .type = integer, .fallback = "8021", .min = 1, .max = 65535, .sentence = "Its event socket."},
     &Config::port},
    {{.name = "user",
      .sentence = "User of the directory to log in as (user@domain); empty: the socket's own password."},
     &Config::user},
    {{.name = "password",
      .required = true,
      .secret = true,
      .sentence = "Password of the event socket or of that user."},
     &Config::password},
    {{.name = "connect_timeout_ms",
      .type = integer,
      .unit = "ms",
      .fallback = "5000",
      .min = 100,
      .max = 60000,
      .sentence = "Longest wait for the connection."},
     &Config::connect_timeout_ms},
    {{.name = "reply_timeout_ms",
      .type = integer,
      .unit = "ms",
      .fallback = "5000",
      .min = 100,
      .max = 60000,
      .sentence = "Longest wait for the answer to a command."},
     &Config::reply_timeout_ms},
    {{.name = "ping_interval_ms",
      .type = integer,
      .unit = "ms",
      .fallback = "10000",
      .min = 500,
      .max = 600000,
      .sentence = "Time between two pings; one that is not answered is a cut link."},
     &Config::ping_interval_ms},
    {{.name = "reconnect_min_ms",
      .type = integer,
      .unit = "ms",
      .fallback = "500",
      .min = 50,
      .max = 60000,
      .sentence = "First wait before connecting again; doubles with every failure."},
     &Config::reconnect_min_ms},
    {{.name = "reconnect_max_ms",
      .type = integer,
      .unit = "ms",
      .fallback = "30000",
      .min = 100,
      .max = 3600000,
      .sentence = "Longest wait before connecting again."},
     &Config::reconnect_max_ms},
    {{.name = "refused_retry_ms",
      .type = integer,
      .unit = "ms",
      .fallback = "60000",
      .min = 1000,
      .max = 3600000,
      .sentence = "Wait before trying again after a refused login or address."},
     &Config::refused_retry_ms},
    {{.name = "domain", .sentence = "Domain of users and callcenter agents; empty: FreeSWITCH's own."},
     &Config::domain},
    {{.name = "context", .fallback = "default", .sentence = "Dialplan context in which agents dial."},
     &Config::context},
    {{.name = "dial_prefix", .sentence = "Digits put before an outside number, for an outside line."},
     &Config::dial_prefix},
    {{.name = "caller_id", .sentence = "Caller id of click to dial; empty: what the dialplan says."},
     &Config::caller_id},
    {{.name = "recording_folder",
      .sentence = "Folder on the PBX for recordings started by agents; empty: they cannot."},
     &Config::recording_folder},
    {{.name = "park_extension", .sentence = "Extension that parks a call; empty: agents cannot park."},
     &Config::park_extension},
    {{.name = "conference_profile", .fallback = "default", .sentence = "Profile of three-way calls."},
     &Config::conference_profile},
    {{.name = "hold_music",
      .fallback = "local_stream://moh",
      .sentence = "What a customer hears during a consultation."},
     &Config::hold_music},
    {{.name = "login_queues", .type = list, .sentence = "Queues an agent logs in to, if none are named."},
     &Config::login_queues},
    {{.name = "trunk_profiles",
      .type = list,
      .fallback = "external",
      .sentence = "SIP profiles for outside lines: nobody behind them is an agent."},
     &Config::trunk_profiles},
    {{.name = "legacy_charset", .fallback = "GB18030", .sentence = "Charset of caller names that are not UTF-8."},
     &Config::legacy_charset},
    {{.name = "cdr_file",
      .fallback = "",
      .sentence = "The PBX's file of mod_cdr_csv (Master.csv) as seen from this machine: calls of an outage are filled "
                  "in from it. Empty: they are not."},
     &Config::cdr_file},
    {{.name = "cdr_columns",
      .type = list,
      .fallback = kCdrColumns,
      .sentence = "What the columns of that file are, in its order; the default is the template in config/freeswitch."},
     &Config::cdr_columns},
    {{.name = "cdr_time_zone",
      .fallback = "",
      .sentence = "Zone of the times in cdr_file, such as Asia/Shanghai or UTC; empty: this machine's."},
     &Config::cdr_time_zone},
    {{.name = "records_delay_ms",
      .type = integer,
      .unit = "ms",
      .fallback = "5000",
      .min = 0,
      .max = 600000,
      .sentence = "How long after an outage the records are read: the PBX writes them when a call is over."},
     &Config::records_delay_ms},
    {{.name = "records_again_ms",
      .type = integer,
      .unit = "ms",
      .fallback = "60000",
      .min = 100,
      .max = 200000,
      .sentence = "How much later they are read once more, for those that were written late."},
     &Config::records_again_ms},
};

bool has_line_break(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

void check_words(const RawSettings& raw, Problems& problems) {
    constexpr std::array<std::string_view, 9> kWords{
        "domain",     "context", "dial_prefix", "caller_id", "recording_folder", "park_extension", "conference_profile",
        "hold_music", "user"};
    for (const RawSetting& setting : raw.settings) {
        const bool word = std::find(kWords.begin(), kWords.end(), setting.name) != kWords.end();
        if (word && !setting.value.empty() && !is_plain_word(setting.value))
            problems.push_back(
                {setting.where, setting.name + " must be one word without quotes, brackets, commas and semicolons"});
        if (setting.name == "password" && has_line_break(setting.value))
            problems.push_back({setting.where, "password must not hold a line break"});
    }
}

}  // namespace

SettingsDoc settings_doc() { return describe(kSummary, kSettings); }

Config parse_config(const RawSettings& raw, Problems& problems) {
    Config config = parse_settings(kSettings, raw, problems);
    check_words(raw, problems);
    if (config.reconnect_max_ms < config.reconnect_min_ms)
        problems.push_back({place_of(raw, "reconnect_max_ms"), "reconnect_max_ms is less than reconnect_min_ms"});
    check_records(config, raw, problems);
    return config;
}

SessionSettings session_settings(const Config& config) {
    SessionSettings out;
    out.user = config.user;
    out.password = config.password;
    out.reply_timeout = Millis(config.reply_timeout_ms);
    out.ping_interval = Millis(config.ping_interval_ms);
    out.reconnect_min = Millis(config.reconnect_min_ms);
    out.reconnect_max = Millis(config.reconnect_max_ms);
    out.refused_retry = Millis(config.refused_retry_ms);
    out.commands = {config.context,          config.domain,         config.dial_prefix,        config.caller_id,
                    config.recording_folder, config.park_extension, config.conference_profile, config.hold_music,
                    config.login_queues};
    out.translator = {config.trunk_profiles, config.legacy_charset};
    return out;
}

}  // namespace citybridge::freeswitch
