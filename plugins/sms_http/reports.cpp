#include "plugins/sms_http/reports.h"

#include <algorithm>

#include "core/api/delivery_text.h"
#include "core/api/text.h"
#include "plugins/sms_http/answer.h"
#include "plugins/sms_http/digest.h"
#include "plugins/sms_http/values.h"

namespace citybridge::sms_http {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestValue = 200;
constexpr std::size_t kMostReports = 1'000;  // in one body

Error bad_signature() {
    return {"hook.bad_signature", "the report does not carry what report_auth of this connector asks for"};
}
Error bad_message(std::string detail) { return {"hook.bad_message", std::move(detail)}; }

// The parameters of a query or a form; of a repeated name the first.
void add_parameters(std::string_view text, Json& out) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('&', at), text.size());
        const std::string_view pair = text.substr(at, end - at);
        const std::size_t equals = std::min(pair.find('='), pair.size());
        std::string name = percent_decoded(pair.substr(0, equals));
        std::string value = equals < pair.size() ? percent_decoded(pair.substr(equals + 1)) : std::string();
        if (!name.empty() && is_utf8(name) && !out.contains(name)) out[name] = to_utf8(value, "GB18030");
        at = end + 1;
    }
}

std::string_view header(const HeaderList& headers, std::string_view name) {
    for (const auto& [key, value] : headers)
        if (key == name) return value;
    return {};
}

// Empty names stand nowhere; "/a/b" is a pointer, anything else a member of the outermost object.
std::string value_of(const Json& report, const std::string& where) {
    if (where.empty()) return {};
    if (where.starts_with('/')) return short_text(text_at(report, where).value_or(""), kLongestValue);
    const auto found = report.find(where);
    if (found == report.end()) return {};
    return short_text(
        found->is_string() ? found->get<std::string>() : found->dump(-1, ' ', false, Json::error_handler_t::replace),
        kLongestValue);
}

bool proves_itself(const ReportRules& rules, const HeaderList& headers, std::string_view body, const Json& parameters) {
    if (rules.secret.empty()) return false;
    if (rules.auth == ReportAuth::header)
        return same_in_constant_time(header(headers, lower_case(rules.auth_name)), rules.secret);
    if (rules.auth == ReportAuth::hmac_sha256) {
        const std::string raw = hmac_of(Hash::sha256, rules.secret, body);
        const std::string_view given = header(headers, lower_case(rules.auth_name));
        return same_in_constant_time(given, to_hex(raw)) || same_in_constant_time(given, to_base64(raw));
    }
    const std::string given = value_of(parameters, rules.auth_name);
    if (rules.auth == ReportAuth::parameter) return same_in_constant_time(given, rules.secret);
    const std::string message = value_of(parameters, rules.message);
    return !message.empty() && same_in_constant_time(given, report_token(rules.secret, message));
}

// Nothing: it does not say which message it is of.
std::optional<Json> judged(const ReportRules& rules, const Json& report, bool by_token) {
    if (!report.is_object()) return std::nullopt;
    // A token vouches for its own message only, not for whichever the gateway's number says.
    const std::string id = by_token ? std::string() : value_of(report, rules.id);
    const std::string message = value_of(report, rules.message);
    if (id.empty() && message.empty()) return std::nullopt;
    const std::string word = value_of(report, rules.state);
    const auto state = rules.states.find(word);
    Json out;
    out["external_id"] = id.empty() ? message : id;
    if (!message.empty()) out["message"] = message;
    out["state"] = state == rules.states.end() ? "unknown" : state->second;
    const std::string code = value_of(report, rules.code);
    out["code"] = code.empty() ? word : code;
    out["detail"] = word;
    return out;
}

std::string id_of(const Json& data) {
    return data["external_id"].get<std::string>() + ':' + data["detail"].get<std::string>() + ':' +
           data["code"].get<std::string>();
}

InboundMessage message_of(const ReportRules& rules, Json data, WallTime now) {
    InboundMessage out;
    out.source = rules.source;
    out.id = id_of(data);
    out.sent_at = now;
    out.type = "sms.report";
    out.data = std::move(data);
    return out;
}

// The reports in a JSON body: the list, the body as one, or nothing.
std::vector<Json> reports_in(const ReportRules& rules, const Json& json) {
    const Json* at = &json;
    try {
        if (!rules.list.empty()) at = &json.at(Json::json_pointer(rules.list));
    } catch (const Json::exception&) {
        return {};
    }
    if (at->is_object()) return {*at};
    if (!at->is_array()) return {};
    // One more than is taken, so that who counts sees that there were more.
    return {at->begin(), at->begin() + static_cast<std::ptrdiff_t>(std::min(at->size(), kMostReports + 1))};
}

}  // namespace

Result<std::vector<InboundMessage>> read_reports(const ReportRules& rules, const HeaderList& headers,
                                                 std::string_view body, WallTime now) {
    Json parameters = Json::object();
    add_parameters(header(headers, ":query"), parameters);
    const Json json = parse_bounded(body);
    if (!json.is_structured()) add_parameters(body, parameters);
    // A stranger learns nothing but that he is one.
    if (!proves_itself(rules, headers, body, parameters)) return bad_signature();

    const bool by_token = rules.auth == ReportAuth::token;
    std::vector<InboundMessage> out;
    const auto add = [&](const Json& report) {
        if (auto data = judged(rules, report, by_token)) out.push_back(message_of(rules, std::move(*data), now));
    };
    if (json.is_structured()) {
        for (Json& report : reports_in(rules, json)) {
            if (report.is_object()) report.update(parameters);  // what is in the query counts for each of them
            add(report);
        }
    } else {
        add(parameters);
    }
    if (out.empty()) return bad_message("no report here says which message it is of; see report_id and report_message");
    if (out.size() > kMostReports) return bad_message("more than 1000 reports in one body");
    return out;
}

Result<std::vector<InboundMessage>> read_asked(const ReportRules& rules, std::string_view body, WallTime now) {
    const Json json = parse_bounded(body);
    if (!json.is_structured()) return Error{"sms_http.bad_reports", "the answer to poll_url is no JSON"};
    std::vector<InboundMessage> out;
    for (const Json& report : reports_in(rules, json))
        if (auto data = judged(rules, report, false)) out.push_back(message_of(rules, std::move(*data), now));
    return out;
}

}  // namespace citybridge::sms_http
