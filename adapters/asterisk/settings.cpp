#include "adapters/asterisk/settings.h"

#include <algorithm>

#include "adapters/asterisk/action.h"
#include "adapters/asterisk/cdr_settings.h"
#include "adapters/asterisk/number.h"
#include "core/api/setting_rows.h"

namespace citybridge::asterisk {
namespace {

constexpr std::string_view kSummary = "Follows the calls of an Asterisk PBX over its manager interface.";

using setting_rows::boolean;
using setting_rows::choice;
using setting_rows::integer;
using setting_rows::list;
using setting_rows::required;
using setting_rows::secret;
using setting_rows::text;

const std::vector<Setting<Config>> kSettings{
    required(text("host", "", "Name or address of the PBX.", &Config::host)),
    integer("port", "", "5038", 1, 65535, "Its manager port.", &Config::port),
    required(text("user", "", "User in manager.conf.", &Config::user)),
    required(secret("secret", "That user's secret.", &Config::secret)),
    choice("auth", "md5|plain", "md5", "How to log in; md5 does not send the secret itself.", &Config::auth),
    boolean("filter", "true", "Ask the PBX to leave out events that are not used (needs write class system).",
            &Config::filter),
    integer("connect_timeout_ms", "ms", "5000", 100, 60000, "Longest wait for the connection.",
            &Config::connect_timeout_ms),
    integer("reply_timeout_ms", "ms", "5000", 100, 60000, "Longest wait for the answer to an action.",
            &Config::reply_timeout_ms),
    integer("ping_interval_ms", "ms", "10000", 500, 600000,
            "Time between two pings; one that is not answered is a cut link.", &Config::ping_interval_ms),
    integer("boot_timeout_ms", "ms", "300000", 1000, 3600000, "Longest wait for a starting PBX to be ready.",
            &Config::boot_timeout_ms),
    integer("reconnect_min_ms", "ms", "500", 50, 60000,
            "First wait before connecting again; doubles with every failure.", &Config::reconnect_min_ms),
    integer("reconnect_max_ms", "ms", "30000", 100, 3600000, "Longest wait before connecting again.",
            &Config::reconnect_max_ms),
    integer("refused_retry_ms", "ms", "60000", 1000, 3600000, "Wait before trying again after a refused login.",
            &Config::refused_retry_ms),
    text("context", "internal",
         "Dialplan context in which numbers are dialled: click to dial, transfers, consultations, invitations.",
         &Config::context),
    text("dial_prefix", "", "Digits put before a number that is dialled, for an outside line.", &Config::dial_prefix),
    integer("internal_digits", "", "4", 0, 15, "Numbers of at most so many digits are colleagues' and take no prefix.",
            &Config::internal_digits),
    text("caller_id", "", "Caller id of click to dial; empty: what the PBX uses.", &Config::caller_id),
    list("queues", "", "Queues an agent logs in to, unless his client names others.", &Config::queues),
    list("offers", "transfer, consult, record, park",
         "What agents may do with calls besides hanging up: transfer, consult, conference, record, park. Leave "
         "out what the PBX is not set up for; conference needs consult and conference_context.",
         &Config::offers),
    text("conference_context", "",
         "Dialplan context of conference rooms, citybridge-conference if taken from "
         "config/asterisk/extensions-citybridge.conf; empty: nobody can be invited to a call.",
         &Config::conference_context),
    text("threeway_code", "*3", "The keys of atxferthreeway in the PBX's features.conf.", &Config::threeway_code),
    text("recording_folder", "",
         "Folder on the PBX for recordings; empty: the one of its own setting (astspooldir/monitor).",
         &Config::recording_folder),
    choice("recording_format", "wav|WAV|gsm|ulaw|alaw|g722", "wav",
           "Ending of the recordings' names, which decides their format.", &Config::recording_format),
    text("parking_lot", "", "Where calls are parked; empty: the PBX's default parking lot.", &Config::parking_lot),
    integer("park_timeout_s", "s", "45", 1, 86400, "After this time a parked call rings the agent again who parked it.",
            &Config::park_timeout_s),
    list("survey_events", "Satisfaction", "UserEvents of the dialplan that carry the answer of a survey.",
         &Config::survey_events),
    text("survey_score_field", "Score", "Their field with the score.", &Config::survey_score_field),
    text("survey_call_field", "CallUniqueid", "Their field with the call, when they are raised for no channel.",
         &Config::survey_call_field),
    text("legacy_charset", "GB18030", "Charset of caller names that are not UTF-8.", &Config::legacy_charset),
    text("cdr_file", "",
         "The PBX's Master.csv as seen from this machine: calls of an outage are filled in from it. Empty: "
         "they are not.",
         &Config::cdr_file),
    text("queue_log_file", "",
         "Its queue_log, likewise; it tells waiting and talking apart, which the CDR of a queue's call cannot.",
         &Config::queue_log_file),
    text("cdr_time_zone", "", "Zone of the times in cdr_file, such as Asia/Shanghai or UTC; empty: this machine's.",
         &Config::cdr_time_zone),
    integer("records_delay_ms", "ms", "5000", 0, 600000,
            "How long after an outage the records are read: the PBX writes them when a call is over.",
            &Config::records_delay_ms),
    integer("records_again_ms", "ms", "60000", 100, 200000,
            "How much later they are read once more, for those that were written late.", &Config::records_again_ms),
};

void check_sendable(const RawSettings& raw, Problems& problems) {
    for (const std::string_view name : {"user", "secret", "context", "dial_prefix", "caller_id", "conference_context",
                                        "recording_folder", "parking_lot"}) {
        for (const RawSetting& setting : raw.settings) {
            if (setting.name == name && !is_sendable(setting.value))
                problems.push_back({setting.where, setting.name + " must not hold a line break"});
        }
    }
}

// Groups of actions, as the setting `offers` names them.
struct Offer {
    std::string_view word;
    std::vector<CallAction> actions;
};
const std::vector<Offer>& offers_table() {
    static const std::vector<Offer> table{
        {"transfer", {CallAction::transfer}},
        {"consult", {CallAction::consult, CallAction::attended_transfer, CallAction::cancel_consult}},
        {"conference", {CallAction::conference}},
        {"record",
         {CallAction::record, CallAction::stop_recording, CallAction::mute_recording, CallAction::unmute_recording}},
        {"park", {CallAction::park}},
    };
    return table;
}

bool names(const std::vector<std::string>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

void check_offers(const RawSettings& raw, const Config& config, Problems& problems) {
    const auto& table = offers_table();
    for (const std::string& word : config.offers) {
        const bool is_known = std::any_of(table.begin(), table.end(), [&](const Offer& o) { return o.word == word; });
        if (!is_known)
            problems.push_back({place_of(raw, "offers"),
                                "offers: '" + word + "' is none of transfer, consult, conference, record, park"});
    }
    if (names(config.offers, "conference") && (!names(config.offers, "consult") || config.conference_context.empty()))
        problems.push_back(
            {place_of(raw, "offers"), "offers: conference needs consult beside it and the setting conference_context"});
    if (!has_only_keys(config.threeway_code))
        problems.push_back({place_of(raw, "threeway_code"), "threeway_code must be keys of a phone, such as *3"});
}

}  // namespace

std::vector<CallAction> offered_actions(const Config& config) {
    std::vector<CallAction> out;
    for (const Offer& offer : offers_table()) {
        if (names(config.offers, offer.word)) out.insert(out.end(), offer.actions.begin(), offer.actions.end());
    }
    return out;
}

SettingsDoc settings_doc() { return describe(kSummary, kSettings); }

Config parse_config(const RawSettings& raw, Problems& problems) {
    Config config = parse_settings(kSettings, raw, problems);
    check_sendable(raw, problems);
    check_offers(raw, config, problems);
    if (config.reconnect_max_ms < config.reconnect_min_ms)
        problems.push_back({place_of(raw, "reconnect_max_ms"), "reconnect_max_ms is less than reconnect_min_ms"});
    check_records(config, raw, problems);
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
    const auto internal_digits = static_cast<std::size_t>(config.internal_digits);
    out.queues = config.queues;
    out.dial = {config.context, config.dial_prefix, config.caller_id, out.reply_timeout, internal_digits};
    out.calls = {config.context,
                 config.dial_prefix,
                 internal_digits,
                 offered_actions(config),
                 config.conference_context,
                 config.threeway_code,
                 config.recording_folder,
                 config.recording_format,
                 config.parking_lot,
                 std::chrono::seconds(config.park_timeout_s),
                 out.reply_timeout};
    out.translator = {config.survey_events, config.survey_score_field, config.survey_call_field, config.legacy_charset};
    return out;
}

}  // namespace citybridge::asterisk
