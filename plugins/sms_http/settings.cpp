#include "plugins/sms_http/settings.h"

#include <algorithm>
#include <array>

#include "core/api/host_words.h"
#include "core/api/setting_rows.h"
#include "core/api/text.h"
#include "plugins/sms_http/settings_table.h"

namespace citybridge::sms_http {
namespace {

constexpr std::array<std::string_view, 6> kStates{"delivered", "undelivered", "expired",
                                                  "rejected",  "accepted",    "unknown"};

// Collects problems at the place of the setting each is about.
class Judge : public SettingsJudge {
public:
    using SettingsJudge::SettingsJudge;

    std::string templated(std::string_view name, const std::string& text, bool message) {
        if (const std::string problem = check_template(text, known_places(message)); !problem.empty())
            wrong(name, problem);
        return text;
    }
    std::shared_ptr<const Pattern> pattern(std::string_view name, const std::string& text) {
        if (text.empty()) return nullptr;
        auto made = Pattern::make(text);
        if (made) return std::make_shared<const Pattern>(std::move(*made));
        wrong(name, made.error().detail);
        return nullptr;
    }
    std::string pointer(std::string_view name, const std::string& text) {
        try {
            const nlohmann::ordered_json::json_pointer parsed(text);
        } catch (const nlohmann::ordered_json::exception&) {
            wrong(name, "is no JSON pointer; write it like /Data/0/Code");
        }
        return text;
    }
    // Lines "name=text" or "name: text".
    Parameters lines(std::string_view name, const std::string& text, char between, bool message) {
        Parameters out;
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = std::min(text.find('\n', at), text.size());
            const std::string_view line = trimmed(std::string_view(text).substr(at, end - at));
            at = end + 1;
            if (line.empty()) continue;
            const std::size_t cut = line.find(between);
            const std::string_view key = trimmed(line.substr(0, cut));
            if (cut == std::string_view::npos || key.empty()) {
                wrong(name, "has a line without \"" + std::string(1, between) + "\": each is a name, that, and a text");
                continue;
            }
            out.emplace_back(key, templated(name, std::string(trimmed(line.substr(cut + 1))), message));
        }
        return out;
    }
    nlohmann::ordered_json body(std::string_view name, const std::string& text, bool message) {
        auto json = parse_bounded(text);
        if (!json.is_structured()) {
            wrong(name, "is no JSON object or list, which send_as json needs");
            return nullptr;
        }
        check_texts(name, json, message);
        return json;
    }

private:
    void check_texts(std::string_view name, const nlohmann::ordered_json& json, bool message) {
        if (json.is_string()) templated(name, json.get_ref<const std::string&>(), message);
        if (json.is_structured())
            for (const auto& each : json) check_texts(name, each, message);
    }
};

SendAs send_as(const std::string& word) {
    if (word == "json") return SendAs::json;
    return word == "query" ? SendAs::query : SendAs::form;
}

RequestTemplate sending(const Given& given, Judge& judge) {
    RequestTemplate out;
    out.method = given.method;
    out.url = judge.templated("url", given.url, true);
    out.send_as = send_as(given.send_as);
    if (out.send_as == SendAs::json)
        out.body = judge.body("body", given.body, true);
    else if (!given.body.empty())
        judge.wrong("body", "is for send_as json");
    out.parameters = judge.lines("parameters", given.parameters, '=', true);
    if (out.send_as == SendAs::json && !out.parameters.empty())
        judge.wrong("parameters", "are for send_as form and query; of json write them into url or body");
    if (out.method == "GET" && out.send_as != SendAs::query) judge.wrong("send_as", "must be query with method GET");
    out.headers = judge.lines("headers", given.headers, ':', true);
    return out;
}

RequestStyle style_of(const Given& given, Judge& judge) {
    RequestStyle out;
    out.charset = given.charset;
    out.form_blanks = given.percent_encoding == "form";
    if (given.signing == "sorted_hmac_sha1") out.signing = Signing::sorted_hmac_sha1;
    if (given.signing == "sorted_hmac_sha256") out.signing = Signing::sorted_hmac_sha256;
    if (given.signing == "tc3_hmac_sha256") out.signing = Signing::tc3_hmac_sha256;
    if (out.signing != Signing::none && given.key_secret.empty()) judge.wrong("key_secret", "is needed with signing");
    out.signature_parameter = given.signature_parameter;
    out.tc3_service = given.tc3_service;
    constexpr std::array<std::pair<std::string_view, Digest>, 6> digests{{{"none", Digest::none},
                                                                          {"md5", Digest::md5},
                                                                          {"sha1", Digest::sha1},
                                                                          {"sha256", Digest::sha256},
                                                                          {"hmac_sha1", Digest::hmac_sha1},
                                                                          {"hmac_sha256", Digest::hmac_sha256}}};
    for (const auto& [word, value] : digests)
        if (given.digest == word) out.digest = value;
    if (given.digest_as == "base64") out.digest_as = DigestAs::base64;
    if (given.digest_as == "upper_hex") out.digest_as = DigestAs::upper_hex;
    out.digest_text = judge.templated("digest_text", given.digest_text, true);
    if (out.digest != Digest::none && out.digest_text.empty()) judge.wrong("digest_text", "is needed with digest");
    out.ca_file = given.ca_file;
    out.timeout = Millis(given.timeout_ms);
    return out;
}

constexpr const char* kTemplateLine =
    "write lines such as visit_agreed=SMS_154950909(name, day), the names only if the gateway wants them, and behind a "
    "colon an expression if the values are not what stands at the text's places";

bool is_name(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
}

// "SMS_154950909(code, minutes): ([0-9]{6})"; empty id: it is none.
FarTemplate far_template(std::string_view text, Judge& judge) {
    FarTemplate out;
    const std::size_t end = std::min(text.find_first_of("(:"), text.size());
    const std::string id(trimmed(text.substr(0, end)));
    text.remove_prefix(end);
    if (text.starts_with('(')) {
        const std::size_t close = text.find(')');
        if (close == std::string_view::npos) return out;
        std::string_view names = text.substr(1, close - 1);
        text = trimmed(text.substr(close + 1));
        while (!names.empty()) {
            const std::size_t comma = std::min(names.find(','), names.size());
            const std::string_view name = trimmed(names.substr(0, comma));
            if (!is_name(name)) return out;
            out.names.emplace_back(name);
            names.remove_prefix(std::min(comma + 1, names.size()));
        }
    }
    if (!text.empty() && !text.starts_with(':')) return out;
    if (!text.empty()) out.pattern = judge.pattern("templates", std::string(trimmed(text.substr(1))));
    out.id = id;
    return out;
}

std::map<std::string, FarTemplate> templates_of(const Given& given, Judge& judge) {
    std::map<std::string, FarTemplate> out;
    const std::string_view text = given.templates;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string_view line = trimmed(text.substr(at, end - at));
        at = end + 1;
        if (line.empty()) continue;
        const std::size_t cut = line.find('=');
        const std::string name(trimmed(line.substr(0, cut)));
        FarTemplate far = cut == std::string_view::npos ? FarTemplate{} : far_template(line.substr(cut + 1), judge);
        if (name.empty() || far.id.empty())
            judge.wrong("templates", "has \"" + std::string(line) + "\"; " + kTemplateLine);
        else if (!out.emplace(name, std::move(far)).second)
            judge.wrong("templates", "has two lines for " + name + "; keep one");
    }
    return out;
}

Identity identity_of(const Given& given, Judge& judge) {
    Identity out;
    out.user = given.user;
    out.password = given.password;
    out.key_id = given.key_id;
    out.key_secret = given.key_secret;
    out.signature = given.signature;
    out.template_id = given.template_id;
    out.templates = templates_of(given, judge);
    out.sender = given.sender;
    out.country = given.country_code;
    if (!is_country_code(given.country_code)) judge.wrong("country_code", "must be digits without +, such as 86");
    out.report_secret = given.report_secret;
    out.text_pattern = judge.pattern("text_pattern", given.text_pattern);
    out.offset_minutes = given.utc_offset_minutes;
    out.max_parts = static_cast<std::size_t>(given.max_parts);
    return out;
}

AnswerRules answer_of(const Given& given, Judge& judge) {
    AnswerRules out;
    out.success = {judge.pointer("success_path", given.success_path),
                   judge.pattern("success_pattern", given.success_pattern)};
    out.success_values = given.success_values;
    if (!given.success_path.empty() && given.success_values.empty())
        judge.wrong("success_values", "is needed with success_path");
    if (!given.success_path.empty() && !given.success_pattern.empty())
        judge.wrong("success_pattern", "and success_path are two ways of saying it; keep one");
    out.id = {judge.pointer("id_path", given.id_path), judge.pattern("id_pattern", given.id_pattern)};
    out.error = {judge.pointer("error_path", given.error_path), judge.pattern("error_pattern", given.error_pattern)};
    out.temporary = given.temporary;
    out.permanent = given.permanent;
    if ((!given.temporary.empty() || !given.permanent.empty()) && !out.error.given())
        judge.wrong("error_path", "or error_pattern is needed with temporary and permanent");
    return out;
}

ReportRules reports_of(const Given& given, Judge& judge) {
    ReportRules out;
    out.secret = given.report_secret;
    if (given.report_auth == "parameter") out.auth = ReportAuth::parameter;
    if (given.report_auth == "header") out.auth = ReportAuth::header;
    if (given.report_auth == "hmac_sha256") out.auth = ReportAuth::hmac_sha256;
    out.auth_name = given.report_auth_name;
    out.id = given.report_id;
    out.message = given.report_message;
    out.state = given.report_state;
    out.code = given.report_code;
    out.list = judge.pointer("report_list", given.report_list);
    for (const std::string& each : given.report_states) {
        const std::size_t cut = each.find('=');
        const std::string state(trimmed(std::string_view(each).substr(std::min(cut, each.size() - 1) + 1)));
        if (cut == std::string::npos || std::find(kStates.begin(), kStates.end(), state) == kStates.end())
            judge.wrong("report_states", "has \"" + each + "\"; write pairs such as DELIVRD=delivered");
        else
            out.states[std::string(trimmed(std::string_view(each).substr(0, cut)))] = state;
    }
    const bool takes = !given.report_secret.empty() || !given.poll_url.empty();
    if (!takes) return out;
    if (!given.report_secret.empty() && given.report_secret.size() < 16)
        judge.wrong("report_secret", "must have at least 16 characters; make one with: openssl rand -hex 16");
    if (out.id.empty() && out.message.empty())
        judge.wrong("report_id", "or report_message is needed: a report must say which message it is of");
    if (!given.report_secret.empty() && out.auth == ReportAuth::token && out.message.empty())
        judge.wrong("report_message", "is needed with report_auth token");
    if (out.state.empty() || out.states.empty())
        judge.wrong("report_state", "and report_states are needed for reports");
    return out;
}

RequestTemplate asking(const Given& given, const std::string& url, std::string_view parameters_name,
                       const std::string& parameters, std::string_view body_name, const std::string& body,
                       Judge& judge) {
    RequestTemplate out;
    out.method = given.poll_method;
    out.url = judge.templated("poll_url", url, false);
    out.send_as = send_as(given.poll_send_as);
    out.parameters = judge.lines(parameters_name, parameters, '=', false);
    if (out.send_as == SendAs::json) out.body = judge.body(body_name, body, false);
    if (out.method == "GET" && out.send_as != SendAs::query)
        judge.wrong("poll_send_as", "must be query with poll_method GET");
    return out;
}

std::optional<PollRules> poll_of(const Given& given, Judge& judge) {
    if (given.poll_url.empty()) return std::nullopt;
    PollRules out;
    out.ask =
        asking(given, given.poll_url, "poll_parameters", given.poll_parameters, "poll_body", given.poll_body, judge);
    out.every = std::chrono::seconds(given.poll_interval_s);
    if (!given.poll_ack_url.empty())
        out.acknowledge = asking(given, given.poll_ack_url, "poll_ack_parameters", given.poll_ack_parameters,
                                 "poll_ack_body", given.poll_ack_body, judge);
    if (given.report_id.empty()) judge.wrong("report_id", "is needed with poll_url");
    return out;
}

DeliveryTraits traits_of(const Given& given, Judge& judge) {
    DeliveryTraits out;
    out.repeats = given.repeats == "dedupes" ? Repeats::dedupes : Repeats::neither;
    out.far_timeout = Millis(given.far_timeout_ms);
    out.connections = static_cast<std::size_t>(given.connections);
    out.jitter = static_cast<double>(given.jitter_percent) / 100.0;
    out.schedule = judge.schedule("retry_schedule", given.retry_schedule);
    return out;
}

}  // namespace

SettingsDoc settings_doc() {
    return describe("Short messages by a gateway with an HTTP interface, with delivery reports.", settings_table());
}

Config read_config(const RawSettings& raw, Problems& problems) {
    const std::size_t before = problems.size();
    const Given given = parse_settings(settings_table(), raw, problems);
    if (problems.size() != before) return {};
    Judge judge(raw, problems);
    Config config;
    config.send = sending(given, judge);
    config.style = style_of(given, judge);
    config.identity = identity_of(given, judge);
    config.answer = answer_of(given, judge);
    config.reports = reports_of(given, judge);
    config.takes_reports = !given.report_secret.empty();
    config.poll = poll_of(given, judge);
    config.traits = traits_of(given, judge);
    return config;
}

}  // namespace citybridge::sms_http
