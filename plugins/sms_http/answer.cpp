#include "plugins/sms_http/answer.h"

#include <algorithm>
#include <chrono>

#include "core/api/delivery_text.h"

namespace citybridge::sms_http {
namespace {

using Json = nlohmann::ordered_json;

constexpr Millis kLongestPause = std::chrono::hours(24);
constexpr int kDeepest = 32;
constexpr std::size_t kLongestWord = 200;

bool is_listed(const std::vector<std::string>& words, const std::string& word) {
    return std::any_of(words.begin(), words.end(), [&](const std::string& each) {
        if (each.ends_with('*')) return word.starts_with(std::string_view(each).substr(0, each.size() - 1));
        return each == word;
    });
}

std::string found_at(const Where& where, const Json& json, std::string_view body) {
    if (!where.pointer.empty()) return short_text(text_at(json, where.pointer).value_or(""), kLongestWord);
    if (where.pattern == nullptr) return {};
    const auto groups = where.pattern->groups(body);
    return groups.size() > 1 ? short_text(groups[1], kLongestWord) : std::string();
}

bool is_success(const HttpOutcome& outcome, const AnswerRules& rules, const Json& json) {
    if (outcome.status < 200 || outcome.status > 299) return false;
    if (!rules.success.pointer.empty()) {
        const auto value = text_at(json, rules.success.pointer);
        return value && is_listed(rules.success_values, *value);
    }
    return rules.success.pattern == nullptr || !rules.success.pattern->groups(outcome.body).empty();
}

std::string without_numbers(std::string text) {
    for (char& c : text)
        if (c >= '0' && c <= '9') c = '*';
    return text;
}

// For people: the gateway's words, as far as they may be kept.
std::string words_of(const HttpOutcome& outcome, const std::string& word, const Hush& hush) {
    if (hush.words) return without_numbers(word);
    std::string out = outcome.body;
    for (const std::string& secret : hush.secrets)
        for (std::size_t at = 0; !secret.empty() && (at = out.find(secret, at)) != std::string::npos; at += 3)
            out.replace(at, secret.size(), "***");
    return short_text(out);
}

DeliveryOutcome outcome_of(int status, const std::string& word, const AnswerRules& rules) {
    if (!word.empty() && is_listed(rules.temporary, word)) return DeliveryOutcome::not_done;
    if (!word.empty() && is_listed(rules.permanent, word)) return DeliveryOutcome::refused;
    // A complete answer that says no in its body: certainly not taken, and nobody said that it will pass.
    if (status >= 200 && status <= 299) return DeliveryOutcome::refused;
    return outcome_of_status(status);
}

}  // namespace

Json parse_bounded(std::string_view body) {
    bool too_deep = false;
    Json json = Json::parse(
        body,
        [&](int depth, Json::parse_event_t event, Json&) {
            const bool opens = event == Json::parse_event_t::object_start || event == Json::parse_event_t::array_start;
            too_deep = too_deep || (opens && depth >= kDeepest);
            return !too_deep;
        },
        false);
    return too_deep ? Json(Json::value_t::discarded) : json;
}

std::optional<std::string> text_at(const Json& json, const std::string& pointer) {
    try {
        const Json::json_pointer at(pointer);
        if (!json.contains(at)) return std::nullopt;
        const Json& value = json.at(at);
        if (value.is_null()) return std::nullopt;
        return value.is_string() ? value.get<std::string>()
                                 : value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    } catch (const Json::exception&) {
        return std::nullopt;
    }
}

DeliveryReply read_answer(const HttpOutcome& outcome, const AnswerRules& rules, const std::string& own_id,
                          const Hush& hush, WallTime now) {
    DeliveryReply reply;
    if (outcome.progress != HttpProgress::answered) {
        const bool not_sent = outcome.progress == HttpProgress::not_sent;
        reply.outcome = not_sent ? DeliveryOutcome::not_done : DeliveryOutcome::unclear;
        reply.code = outcome.code;
        reply.detail = outcome.detail;
        return reply;
    }
    const Json json = parse_bounded(outcome.body);
    if (is_success(outcome, rules, json)) {
        reply.outcome = DeliveryOutcome::delivered;
        reply.external_id = found_at(rules.id, json, outcome.body);
        if (reply.external_id.empty()) reply.external_id = own_id;
        return reply;
    }
    const std::string word = found_at(rules.error, json, outcome.body);
    reply.outcome = outcome_of(outcome.status, word, rules);
    const std::string_view by_status = code_of_status(outcome.status);
    reply.code = by_status.empty() || !word.empty() ? "sms_http.refused" : std::string(by_status);
    if (reply.outcome == DeliveryOutcome::not_done && !word.empty()) reply.code = "sms_http.temporary";
    if (reply.outcome == DeliveryOutcome::unclear) reply.code = "sms_http.unclear";
    reply.detail = "status " + std::to_string(outcome.status);
    if (const std::string words = words_of(outcome, word, hush); !words.empty()) reply.detail += ": " + words;
    if (const std::string* pause = outcome.header("retry-after"))
        reply.retry_after = parse_retry_after(*pause, now, kLongestPause);
    return reply;
}

}  // namespace citybridge::sms_http
