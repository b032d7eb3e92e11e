#include "adapters/asterisk/settings.h"

#include "adapters/asterisk/action.h"

namespace citybridge::asterisk {
namespace {

constexpr std::string_view kSummary = "Follows the calls of an Asterisk PBX over its manager interface.";

using enum SettingType;

const std::vector<Setting<Config>> kTable{
    {{.name = "host", .required = true, .sentence = "Name or address of the PBX."}, &Config::host},
    {{.name = "port", .type = integer, .fallback = "5038", .min = 1, .max = 65535, .sentence = "Its manager port."},
     &Config::port},
    {{.name = "user", .required = true, .sentence = "User in manager.conf."}, &Config::user},
    {{.name = "secret", .required = true, .secret = true, .sentence = "That user's secret."}, &Config::secret},
    {{.name = "auth",
      .type = choice,
      .fallback = "md5",
      .choices = "md5|plain",
      .sentence = "How to log in; md5 does not send the secret itself."},
     &Config::auth},
    {{.name = "filter",
      .type = boolean,
      .fallback = "true",
      .sentence = "Ask the PBX to leave out events that are not used (needs write class system)."},
     &Config::filter},
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
      .sentence = "Longest wait for the answer to an action."},
     &Config::reply_timeout_ms},
    {{.name = "ping_interval_ms",
      .type = integer,
      .unit = "ms",
      .fallback = "10000",
      .min = 500,
      .max = 600000,
      .sentence = "Time between two pings; one that is not answered is a cut link."},
     &Config::ping_interval_ms},
    {{.name = "boot_timeout_ms",
      .type = integer,
      .unit = "ms",
      .fallback = "300000",
      .min = 1000,
      .max = 3600000,
      .sentence = "Longest wait for a starting PBX to be ready."},
     &Config::boot_timeout_ms},
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
      .sentence = "Wait before trying again after a refused login."},
     &Config::refused_retry_ms},
    {{.name = "context", .fallback = "internal", .sentence = "Dialplan context that click to dial uses."},
     &Config::context},
    {{.name = "dial_prefix", .sentence = "Digits put before the number by click to dial, for an outside line."},
     &Config::dial_prefix},
    {{.name = "caller_id", .sentence = "Caller id of click to dial; empty: what the PBX uses."}, &Config::caller_id},
    {{.name = "survey_events",
      .type = list,
      .fallback = "Satisfaction",
      .sentence = "UserEvents of the dialplan that carry the answer of a survey."},
     &Config::survey_events},
    {{.name = "survey_score_field", .fallback = "Score", .sentence = "Their field with the score."},
     &Config::survey_score_field},
    {{.name = "survey_call_field",
      .fallback = "CallUniqueid",
      .sentence = "Their field with the call, when they are raised for no channel."},
     &Config::survey_call_field},
    {{.name = "legacy_charset", .fallback = "GB18030", .sentence = "Charset of caller names that are not UTF-8."},
     &Config::legacy_charset},
};

Position place_of(const RawSettings& raw, std::string_view name) {
    for (const RawSetting& setting : raw.settings) {
        if (setting.name == name) return setting.where;
    }
    return raw.where;
}

void check_sendable(const RawSettings& raw, Problems& problems) {
    for (const std::string_view name : {"user", "secret", "context", "dial_prefix", "caller_id"}) {
        for (const RawSetting& setting : raw.settings) {
            if (setting.name == name && !is_sendable(setting.value))
                problems.push_back({setting.where, setting.name + " must not hold a line break"});
        }
    }
}

}  // namespace

SettingsDoc settings_doc() { return describe(kSummary, kTable); }

Config parse_config(const RawSettings& raw, Problems& problems) {
    Config config = parse_settings(kTable, raw, problems);
    check_sendable(raw, problems);
    if (config.reconnect_max_ms < config.reconnect_min_ms)
        problems.push_back({place_of(raw, "reconnect_max_ms"), "reconnect_max_ms is less than reconnect_min_ms"});
    return config;
}

SessionSettings session_settings(const Config& config) {
    SessionSettings out;
    out.user = config.user;
    out.secret = config.secret;
    out.md5 = config.auth == "md5";
    out.filter = config.filter;
    out.ping_interval = Millis(config.ping_interval_ms);
    out.reply_timeout = Millis(config.reply_timeout_ms);
    out.boot_timeout = Millis(config.boot_timeout_ms);
    out.reconnect_min = Millis(config.reconnect_min_ms);
    out.reconnect_max = Millis(config.reconnect_max_ms);
    out.refused_retry = Millis(config.refused_retry_ms);
    out.dial = {config.context, config.dial_prefix, config.caller_id, out.reply_timeout};
    out.translator = {config.survey_events, config.survey_score_field, config.survey_call_field, config.legacy_charset};
    return out;
}

}  // namespace citybridge::asterisk
