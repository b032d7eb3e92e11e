#include "plugins/sms_http/values.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <nlohmann/json.hpp>

#include "core/api/sms_text.h"
#include "plugins/sms_http/digest.h"

namespace citybridge::sms_http {
namespace {

constexpr std::array kCommon{"user",         "password", "key_id",     "key_secret", "signature",
                             "template",     "sender",   "nonce",      "date",       "timestamp",
                             "timestamp_ms", "time_iso", "time_local", "digest",     "ids"};
constexpr std::array kOfMessage{"to",
                                "to_digits",
                                "to_national",
                                "text",
                                "name",
                                "subject",
                                "id",
                                "order",
                                "kind",
                                "parts",
                                "alphabet",
                                "kannel_coding",
                                "report_token",
                                "values_json",
                                "values_list",
                                "1",
                                "2",
                                "3",
                                "4",
                                "5",
                                "6",
                                "7",
                                "8",
                                "9"};

bool is_number(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    return !text.empty() && text.size() <= 20 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string member(const nlohmann::json& json, const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// "2026-11-22T09:05:07.123Z" -> "20261122090507".
std::string compact(WallTime time) {
    std::string out;
    for (const char c : to_rfc3339(time).substr(0, 19))
        if (c >= '0' && c <= '9') out += c;
    return out;
}

Result<SmsText> judged_text(const std::string& text, std::size_t max_parts) {
    auto split = sms_text(text);
    if (!split) return split.error();
    if (split->parts.size() > max_parts)
        return Error{"sms.too_long", "the text needs " + std::to_string(split->parts.size()) +
                                         " parts, and max_parts is " + std::to_string(max_parts)};
    return split;
}

// Ours: what the message was written from.
std::string name_of(const nlohmann::json& message) {
    const std::string name = member(message, "template");
    return name.empty() ? "a text without a template" : name;
}

const FarTemplate* template_for(const Identity& identity, const nlohmann::json& message) {
    const std::string name = member(message, "template");
    auto found = identity.templates.find(member(message, "kind") + '.' + name);
    if (found == identity.templates.end()) found = identity.templates.find(name);
    return found == identity.templates.end() ? nullptr : &found->second;
}

// What the gateway's template wants, in its order.
Result<std::vector<std::string>> template_values(const Pattern* pattern, const nlohmann::json& message,
                                                 const std::string& text, const std::string& setting) {
    std::vector<std::string> out;
    if (pattern == nullptr) {
        if (const auto values = message.find("values"); values != message.end() && values->is_array())
            for (const auto& each : *values) out.push_back(each.is_string() ? each.get<std::string>() : each.dump());
        return out;
    }
    out = pattern->groups(text);
    if (out.empty())
        return Error{"sms.bad_message", setting + " does not fit the text, so the gateway's template cannot be filled"};
    out.erase(out.begin());
    return out;
}

Result<> fill_template(const Identity& identity, const nlohmann::json& message, const std::string& text, Values& out) {
    const FarTemplate* far = template_for(identity, message);
    if (far == nullptr && !identity.templates.empty() && identity.template_id.empty())
        return Error{"sms_http.no_template",
                     "the setting templates has no line for " + name_of(message) +
                         "; add one: the name, =, and the number of the gateway's template for it"};
    if (far == nullptr && identity.text_pattern == nullptr) return ok();
    const Pattern* pattern = far == nullptr ? identity.text_pattern.get() : far->pattern.get();
    const auto values =
        template_values(pattern, message, text, far == nullptr ? "text_pattern" : "the pattern of " + name_of(message));
    if (!values) return values.error();
    const std::vector<std::string> names = far == nullptr ? std::vector<std::string>{} : far->names;
    if (!names.empty() && names.size() != values->size())
        return Error{"sms_http.wrong_values", "the setting templates names " + std::to_string(names.size()) +
                                                  " values for " + name_of(message) + ", and the text has " +
                                                  std::to_string(values->size())};
    auto by_name = nlohmann::ordered_json::object();
    for (std::size_t i = 0; i < values->size(); ++i) {
        const std::string place = std::to_string(i + 1);
        if (i < 9) out[place] = (*values)[i];
        by_name[names.empty() ? place : names[i]] = (*values)[i];
    }
    if (far != nullptr) out["template"] = far->id;
    constexpr auto kReplace = nlohmann::ordered_json::error_handler_t::replace;
    out["values_json"] = by_name.dump(-1, ' ', false, kReplace);
    out["values_list"] = nlohmann::ordered_json(*values).dump(-1, ' ', false, kReplace);
    return ok();
}

}  // namespace

std::set<std::string, std::less<>> known_places(bool message) {
    std::set<std::string, std::less<>> out(kCommon.begin(), kCommon.end());
    if (message) out.insert(kOfMessage.begin(), kOfMessage.end());
    return out;
}

Values common_values(const Identity& identity, const std::string& nonce, WallTime now) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
    Values out;
    out["user"] = identity.user;
    out["password"] = identity.password;
    out["key_id"] = identity.key_id;
    out["key_secret"] = identity.key_secret;
    out["signature"] = identity.signature;
    out["template"] = identity.template_id;
    out["sender"] = identity.sender;
    out["nonce"] = nonce;
    out["timestamp"] = std::to_string(seconds.time_since_epoch().count());
    out["timestamp_ms"] = std::to_string(now.time_since_epoch().count());
    out["time_iso"] = to_rfc3339(now).substr(0, 19) + 'Z';
    out["time_local"] = compact(now + std::chrono::minutes(identity.offset_minutes));
    out["date"] = out["time_local"].substr(0, 8);
    return out;
}

Result<Values> message_values(const OutboxRecord& message, const Identity& identity, const std::string& nonce,
                              WallTime now) {
    const auto json = nlohmann::json::parse(message.payload, nullptr, false);
    const std::string to = json.is_object() ? member(json, "to") : std::string();
    const std::string text = json.is_object() ? member(json, "text") : std::string();
    if (!is_number(to) || text.empty())
        return Error{"sms.bad_message",
                     "the message is no JSON object with a telephone number \"to\" and a text \"text\""};
    const auto split = judged_text(text, identity.max_parts);
    if (!split) return split.error();
    Values out = common_values(identity, nonce, now);
    const std::string digits = to.starts_with('+') ? to.substr(1) : to;
    const bool ours = to.starts_with('+') && !identity.country.empty() && digits.starts_with(identity.country);
    out["to"] = to;
    out["to_digits"] = digits;
    out["to_national"] = ours ? digits.substr(identity.country.size()) : digits;
    out["text"] = text;
    out["id"] = message.id;
    out["order"] = message.order;
    for (const char* name : {"name", "subject", "kind"}) out[name] = member(json, name);
    out["parts"] = std::to_string(split->parts.size());
    out["alphabet"] = std::string(to_string(split->alphabet));
    out["kannel_coding"] = split->alphabet == SmsAlphabet::ucs2 ? "2" : "0";
    if (!identity.report_secret.empty()) out["report_token"] = report_token(identity.report_secret, message.id);
    if (const Result<> filled = fill_template(identity, json, text, out); !filled) return filled.error();
    return out;
}

std::string report_token(const std::string& report_secret, std::string_view message_id) {
    return to_hex(hmac_of(Hash::sha256, report_secret, message_id));
}

}  // namespace citybridge::sms_http
