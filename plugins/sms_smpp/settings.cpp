#include "plugins/sms_smpp/settings.h"

#include <algorithm>
#include <charconv>

#include "core/api/host_words.h"
#include "core/api/setting_rows.h"

namespace citybridge::sms_smpp {
namespace {

using setting_rows::boolean;
using setting_rows::choice;
using setting_rows::integer;
using setting_rows::list;
using setting_rows::required;
using setting_rows::secret;
using setting_rows::text;

struct S {
    std::string host;
    std::int64_t port = 0;
    std::string system_id;
    std::string password;
    std::string system_type;
    std::string bind;
    std::string source_address;
    std::int64_t source_ton = 0;
    std::int64_t source_npi = 0;
    std::string service_type;
    std::string number_form;
    std::string country_code;
    std::string alphabet;
    std::int64_t max_parts = 0;
    std::int64_t validity_minutes = 0;
    bool receipts = true;
    std::string receipt_ids;
    std::vector<std::string> temporary_statuses;
    std::int64_t window = 0;
    std::int64_t enquire_link_ms = 0;
    std::int64_t answer_timeout_ms = 0;
    std::int64_t connect_timeout_ms = 0;
    std::int64_t reconnect_min_ms = 0;
    std::int64_t reconnect_max_ms = 0;
    std::int64_t refused_wait_ms = 0;
    std::int64_t throttle_min_ms = 0;
    std::int64_t throttle_max_ms = 0;
    std::string repeats;
    std::string retry_schedule;
    std::int64_t jitter_percent = 0;
};

// Where the centre is and who we are there.
std::vector<Setting<S>> centre_rows() {
    return {
        required(text("host", "", "The centre's name or address.", &S::host)),
        integer("port", "", "2775", 1, 65535, "The centre's port.", &S::port),
        required(text("system_id", "", "Our name at the centre.", &S::system_id)),
        required(secret("password", "Our password at the centre.", &S::password)),
        text("system_type", "", "What the operator says it must be; most want none.", &S::system_type),
        choice("bind", "transceiver|transmitter", "transceiver",
               "The session's kind: a transmitter gets no delivery receipts.", &S::bind),
        text("source_address", "",
             "The number that messages come from, or a name of at most 11 characters; empty: the centre sets it.",
             &S::source_address),
        integer("source_ton", "", "0", 0, 6, "Its type of number: 0 unknown, 1 international, 5 letters.",
                &S::source_ton),
        integer("source_npi", "", "0", 0, 18, "Its numbering plan: 0 unknown, 1 telephone numbers.", &S::source_npi)};
}

std::vector<Setting<S>> message_rows() {
    return {
        choice(
            "number_form", "digits|plus|national", "digits",
            "How the customer's number is written: 8613800000000, +8613800000000, or 13800000000 without the country's "
            "code.",
            &S::number_form),
        text("country_code", "86", "The country whose numbers are written without it, with number_form national.",
             &S::country_code),
        text("service_type", "", "What the operator says it must be; most want none.", &S::service_type),
        choice(
            "alphabet", "by_content|ucs2", "by_content",
            "by_content sends what the GSM alphabet holds in it and the rest in UCS-2; ucs2 is for a centre whose own "
            "alphabet is another.",
            &S::alphabet),
        integer("max_parts", "", "10", 1, 255, "A text of more parts is refused; it is never cut.", &S::max_parts),
        integer("validity_minutes", "minutes", "0", 0, 43'200,
                "How long the centre may try to deliver; 0: as long as it likes.", &S::validity_minutes),
        boolean("receipts", "true", "Whether the centre is asked for delivery receipts.", &S::receipts),
        choice(
            "receipt_ids", "same|decimal|hexadecimal", "same",
            "How a receipt's text writes the message's id: as the answer to the submit did, in decimal while that was "
            "hexadecimal, or the other way round.",
            &S::receipt_ids),
        list("temporary_statuses", "",
             "Statuses of this centre, such as 0x401, after which a message is tried again, "
             "besides those of the specification.",
             &S::temporary_statuses)};
}

std::vector<Setting<S>> session_rows() {
    return {integer("window", "", "50", 1, 1'000, "Submits that may wait for their answer at once.", &S::window),
            integer("enquire_link_ms", "ms", "30000", 100, 3'600'000,
                    "After such a silence of the centre it is asked whether it is there.", &S::enquire_link_ms),
            integer("answer_timeout_ms", "ms", "10000", 100, 600'000, "How long the centre may take for an answer.",
                    &S::answer_timeout_ms),
            integer("connect_timeout_ms", "ms", "5000", 100, 60'000, "Time for a connection.", &S::connect_timeout_ms),
            integer("reconnect_min_ms", "ms", "1000", 10, 600'000, "First wait before connecting again; it doubles.",
                    &S::reconnect_min_ms),
            integer("reconnect_max_ms", "ms", "60000", 10, 3'600'000, "Longest wait before connecting again.",
                    &S::reconnect_max_ms),
            integer("refused_wait_ms", "ms", "600000", 100, 86'400'000,
                    "Wait after a refused bind, such as a wrong password; it is told once.", &S::refused_wait_ms),
            integer("throttle_min_ms", "ms", "1000", 10, 600'000,
                    "First pause of all messages when the centre says too fast or queue full; it doubles.",
                    &S::throttle_min_ms),
            integer("throttle_max_ms", "ms", "30000", 10, 3'600'000, "Longest such pause.", &S::throttle_max_ms),
            choice("repeats", "neither|dedupes", "neither",
                   "After an unclear answer or a crash: neither lets a person decide whether a message goes out again; "
                   "dedupes sends it again, at the risk that it arrives twice.",
                   &S::repeats),
            text("retry_schedule", "5s, 15s, 1m, 5m, 15m, 1h, 2h, 4h",
                 "Waits between attempts; after the last one the message waits for a person.", &S::retry_schedule),
            integer("jitter_percent", "percent", "20", 0, 100,
                    "Each wait is lengthened by up to this share, at random.", &S::jitter_percent)};
}

const std::vector<Setting<S>>& table() {
    static const std::vector<Setting<S>> rows = [] {
        std::vector<Setting<S>> all = centre_rows();
        for (const auto& more : {message_rows(), session_rows()}) all.insert(all.end(), more.begin(), more.end());
        return all;
    }();
    return rows;
}

bool parse_status(std::string_view text, std::uint32_t& value) {
    int base = 10;
    if (text.starts_with("0x")) {
        text.remove_prefix(2);
        base = 16;
    }
    const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    return bad == std::errc{} && end == text.data() + text.size() && value != 0;
}

class Judge : public SettingsJudge {
public:
    using SettingsJudge::SettingsJudge;

    void at_most(std::string_view name, const std::string& value, std::size_t most) {
        if (value.size() > most || value.find('\0') != std::string::npos)
            wrong(name, "has at most " + std::to_string(most) + " characters");
    }
};

// GSM 03.40, 9.1.2.5: an address of letters has at most eleven characters; networks drop or cut a longer one.
constexpr std::size_t kLongestName = 11;
constexpr std::int64_t kTonLetters = 5;

bool is_name(const S& given) {
    return given.source_ton == kTonLetters ||
           given.source_address.find_first_not_of("+0123456789*#") != std::string::npos;
}

// What a centre takes without a word, and no telephone ever shows or nobody ever hears of.
void judge_silent_losses(const S& given, const RawSettings& raw, Judge& judge) {
    if (is_name(given) && given.source_address.size() > kLongestName)
        judge.wrong("source_address", "has " + std::to_string(given.source_address.size()) +
                                          " characters, and a sender of letters has at most 11; shorten it, or give a "
                                          "number with source_ton 0 or 1");
    const bool asked = std::any_of(raw.settings.begin(), raw.settings.end(),
                                   [](const RawSetting& each) { return each.name == "receipts"; });
    if (given.bind == "transmitter" && given.receipts && asked)
        judge.wrong("bind",
                    "is transmitter, which gets no delivery receipts, and receipts is true; write receipts false, "
                    "or bind as transceiver");
}

MessageSettings message_settings(const S& given, Judge& judge) {
    MessageSettings out;
    if (!is_country_code(given.country_code)) judge.wrong("country_code", "must be digits without +, such as 86");
    if (given.number_form == "national" && given.country_code.empty())
        judge.wrong("country_code", "is needed with number_form national");
    out.source = {static_cast<std::uint8_t>(given.source_ton), static_cast<std::uint8_t>(given.source_npi),
                  given.source_address};
    out.service_type = given.service_type;
    out.validity = relative_validity(given.validity_minutes);
    if (given.number_form == "plus") out.number_form = NumberForm::plus;
    if (given.number_form == "national") out.number_form = NumberForm::national;
    out.country = given.country_code;
    out.alphabet = given.alphabet == "ucs2" ? SmsChoice::always_ucs2 : SmsChoice::by_content;
    out.max_parts = static_cast<std::size_t>(given.max_parts);
    out.receipts = given.receipts;
    return out;
}

SessionSettings session_settings(const S& given, Judge& judge) {
    SessionSettings out;
    out.bind = {given.system_id, given.password, given.system_type};
    out.transceiver = given.bind == "transceiver";
    out.window = static_cast<std::size_t>(given.window);
    out.enquire_every = Millis(given.enquire_link_ms);
    out.answer_within = Millis(given.answer_timeout_ms);
    out.backoff_min = Millis(given.reconnect_min_ms);
    out.backoff_max = Millis(given.reconnect_max_ms);
    out.refused_wait = Millis(given.refused_wait_ms);
    out.throttle_min = Millis(given.throttle_min_ms);
    out.throttle_max = Millis(given.throttle_max_ms);
    if (out.backoff_max < out.backoff_min) judge.wrong("reconnect_max_ms", "must not be less than reconnect_min_ms");
    if (out.throttle_max < out.throttle_min) judge.wrong("throttle_max_ms", "must not be less than throttle_min_ms");
    if (given.receipt_ids == "decimal") out.receipt_ids = ReceiptIds::decimal;
    if (given.receipt_ids == "hexadecimal") out.receipt_ids = ReceiptIds::hexadecimal;
    for (const std::string& each : given.temporary_statuses) {
        std::uint32_t value = 0;
        if (parse_status(each, value))
            out.temporary.push_back(value);
        else
            judge.wrong("temporary_statuses", "has \"" + each + "\"; write numbers such as 0x401 or 1025");
    }
    return out;
}

}  // namespace

SettingsDoc settings_doc() {
    return describe("Short messages by a message centre that speaks SMPP 3.4, with delivery receipts.", table());
}

Config read_config(const RawSettings& raw, Problems& problems) {
    const std::size_t before = problems.size();
    const S given = parse_settings(table(), raw, problems);
    if (problems.size() != before) return {};
    Judge judge(raw, problems);
    if (!is_host(given.host))
        judge.wrong("host", "is no host: write a name such as smpp.example.com, or an address; the port is port");
    judge.at_most("system_id", given.system_id, 15);
    judge.at_most("password", given.password, 64);  // 8 by the specification, but centres give out longer ones
    judge.at_most("system_type", given.system_type, 12);
    judge.at_most("source_address", given.source_address, 20);
    judge.at_most("service_type", given.service_type, 5);
    judge_silent_losses(given, raw, judge);
    Config config;
    config.link.host = given.host;
    config.link.port = static_cast<std::uint16_t>(given.port);
    config.link.connect_timeout = Millis(given.connect_timeout_ms);
    config.session = session_settings(given, judge);
    config.message = message_settings(given, judge);
    config.traits.repeats = given.repeats == "dedupes" ? Repeats::dedupes : Repeats::neither;
    config.traits.far_timeout = Millis(given.answer_timeout_ms);
    config.traits.connections = static_cast<std::size_t>(given.window);
    config.traits.jitter = static_cast<double>(given.jitter_percent) / 100.0;
    config.traits.schedule = judge.schedule("retry_schedule", given.retry_schedule);
    return config;
}

}  // namespace citybridge::sms_smpp
