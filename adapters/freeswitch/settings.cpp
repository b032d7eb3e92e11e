#include "adapters/freeswitch/settings.h"

#include <algorithm>
#include <array>

#include "adapters/freeswitch/cdr_file.h"
#include "adapters/freeswitch/cdr_settings.h"
#include "adapters/freeswitch/words.h"
#include "core/api/setting_rows.h"

namespace citybridge::freeswitch {
namespace {

constexpr std::string_view kSummary = "Follows the calls of a FreeSWITCH PBX over its event socket.";

using setting_rows::integer;
using setting_rows::list;
using setting_rows::required;
using setting_rows::secret;
using setting_rows::text;

const std::vector<Setting<Config>> kSettings{
    required(text("host", "", "Name or address of the PBX.", &Config::host)),
    integer("port", "", "8021", 1, 65535, "Its event socket.", &Config::port),
    text("user", "", "User of the directory to log in as (user@domain); empty: the socket's own password.",
         &Config::user),
    required(secret("password", "Password of the event socket or of that user.", &Config::password)),
    integer("connect_timeout_ms", "ms", "5000", 100, 60000, "Longest wait for the connection.",
            &Config::connect_timeout_ms),
    integer("reply_timeout_ms", "ms", "5000", 100, 60000, "Longest wait for the answer to a command.",
            &Config::reply_timeout_ms),
    integer("ping_interval_ms", "ms", "10000", 500, 600000,
            "Time between two pings; one that is not answered is a cut link.", &Config::ping_interval_ms),
    integer("reconnect_min_ms", "ms", "500", 50, 60000,
            "First wait before connecting again; doubles with every failure.", &Config::reconnect_min_ms),
    integer("reconnect_max_ms", "ms", "30000", 100, 3600000, "Longest wait before connecting again.",
            &Config::reconnect_max_ms),
    integer("refused_retry_ms", "ms", "60000", 1000, 3600000,
            "Wait before trying again after a refused login or address.", &Config::refused_retry_ms),
    text("domain", "", "Domain of users and callcenter agents; empty: FreeSWITCH's own.", &Config::domain),
    text("context", "default", "Dialplan context in which agents dial.", &Config::context),
    text("dial_prefix", "", "Digits put before an outside number, for an outside line.", &Config::dial_prefix),
    text("caller_id", "", "Caller id of click to dial; empty: what the dialplan says.", &Config::caller_id),
    text("recording_folder", "", "Folder on the PBX for recordings started by agents; empty: they cannot.",
         &Config::recording_folder),
    text("park_extension", "", "Extension that parks a call; empty: agents cannot park.", &Config::park_extension),
    text("conference_profile", "default", "Profile of three-way calls.", &Config::conference_profile),
    text("hold_music", "local_stream://moh", "What a customer hears during a consultation.", &Config::hold_music),
    list("login_queues", "", "Queues an agent logs in to, if none are named.", &Config::login_queues),
    list("trunk_profiles", "external", "SIP profiles for outside lines: nobody behind them is an agent.",
         &Config::trunk_profiles),
    text("legacy_charset", "GB18030", "Charset of caller names that are not UTF-8.", &Config::legacy_charset),
    text("cdr_file", "",
         "The PBX's file of mod_cdr_csv (Master.csv) as seen from this machine: calls of an outage are filled "
         "in from it. Empty: they are not.",
         &Config::cdr_file),
    list("cdr_columns", kCdrColumns,
         "What the columns of that file are, in its order; the default is the template in config/freeswitch.",
         &Config::cdr_columns),
    text("cdr_time_zone", "", "Zone of the times in cdr_file, such as Asia/Shanghai or UTC; empty: this machine's.",
         &Config::cdr_time_zone),
    integer("records_delay_ms", "ms", "5000", 0, 600000,
            "How long after an outage the records are read: the PBX writes them when a call is over.",
            &Config::records_delay_ms),
    integer("records_again_ms", "ms", "60000", 100, 200000,
            "How much later they are read once more, for those that were written late.", &Config::records_again_ms),
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
