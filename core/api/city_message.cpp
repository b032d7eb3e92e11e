#include "core/api/city_message.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/api/delivery_text.h"

namespace citybridge {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestId = 256;
constexpr std::size_t kLongestCode = 64;
constexpr int kDeepest = 32;
constexpr std::size_t kMostVerdicts = 4'096;

bool is_message_id(std::string_view id) {
    return !id.empty() && id.size() <= kLongestId &&
           std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

// Kinds of this prefix are all a city may speak of: another city cannot tell what an SMS gateway or the ERP would.
bool is_city_kind(std::string_view kind) {
    return kind.starts_with("city_") && kind.size() <= kLongestCode &&
           std::all_of(kind.begin(), kind.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

// Readers of the content may be recursive, so depth is bounded where it comes in. Brackets are counted before anything
// is built: every message of another city comes this way.
bool is_shallow(std::string_view text) {
    int depth = 0;
    bool in_string = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (in_string) {
            if (c == '\\')
                ++at;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > kDeepest) return false;
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return true;
}

Json parse_shallow(std::string_view text) {
    return is_shallow(text) ? Json::parse(text, nullptr, false) : Json(Json::value_t::discarded);
}

// The payload as it goes on the line: as it is, where nothing is to be changed; empty: it is none.
std::string payload_text(const std::string& payload) {
    if (payload.starts_with('{') && payload.find_first_of("\r\n") == std::string::npos)
        return is_shallow(payload) && Json::accept(payload) ? payload : std::string();
    const Json data = parse_shallow(payload);
    return data.is_object() ? data.dump() : std::string();
}

std::string text_in(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Error bad(std::string detail) { return {"city.bad_message", std::move(detail)}; }

}  // namespace

Result<std::string> city_line(const OutboxRecord& message, std::string_view from, std::string_view to) {
    if (!is_message_id(message.id)) return bad("the message's id must be 1 to 256 visible ASCII characters");
    if (!is_city_kind(message.kind)) return bad("a message of kind \"" + message.kind + "\" is none for another city");
    const std::string payload = payload_text(message.payload);
    if (payload.empty()) return bad("the payload must be a JSON object, at most 32 levels deep");
    const Json head{
        {"id", message.id}, {"kind", message.kind}, {"from", from}, {"to", to}, {"at", to_rfc3339(message.created_at)}};
    std::string text = head.dump();
    text.back() = ',';
    text.append("\"data\":").append(payload).push_back('}');
    if (text.size() > kMostCityMessageBytes)
        return bad("the message has " + std::to_string(text.size()) + " bytes; " +
                   std::to_string(kMostCityMessageBytes) + " go from city to city");
    return text;
}

Result<InboundMessage> read_city_line(std::string_view line, std::string_view from, std::string_view to) {
    if (line.size() > kMostCityMessageBytes) return bad("a message of more than 1 MiB");
    Json json = parse_shallow(line);
    if (!json.is_object()) return bad("a message must be one JSON object, at most 32 levels deep");
    InboundMessage message;
    message.id = text_in(json, "id");
    message.type = text_in(json, "kind");
    const auto at = from_rfc3339(text_in(json, "at"));
    const auto data = json.find("data");
    if (!is_message_id(message.id) || !is_city_kind(message.type) || !at || data == json.end() || !data->is_object())
        return bad("a message needs \"id\", \"kind\" (city_...), \"at\" (RFC 3339) and \"data\" (an object)");
    // The link knows who speaks. What a message says of itself is only right or wrong.
    if (text_in(json, "from") != from || text_in(json, "to") != to)
        return Error{"city.wrong_city", "a message of " + std::string(from) + " to " + std::string(to) +
                                            " says that it goes from \"" + short_text(text_in(json, "from"), 40) +
                                            "\" to \"" + short_text(text_in(json, "to"), 40) + '"'};
    for (const auto& [name, city] : {std::pair{"from", from}, std::pair{"to", to}})
        if (const auto said = data->find(name); said != data->end() && *said != city)
            return Error{"city.wrong_city", std::string("the content of a message of ") + std::string(from) +
                                                " names another city as \"" + name + '"'};
    message.source = "city:" + std::string(from);
    message.sent_at = *at;
    message.data = std::move(*data);
    return message;
}

std::string_view to_string(CityAnswer value) {
    switch (value) {
        case CityAnswer::received: return "received";
        case CityAnswer::not_now: return "not_now";
        case CityAnswer::refused: return "refused";
    }
    return "not_now";
}

CityAnswer city_answer(const Result<>& taken) {
    if (taken) return CityAnswer::received;
    const std::string& code = taken.error().code;
    return code == "hook.not_understood" || code == "hook.too_old" ? CityAnswer::refused : CityAnswer::not_now;
}

DeliveryReply city_reply(CityAnswer answer, std::string code, std::string detail) {
    DeliveryReply reply;
    switch (answer) {
        case CityAnswer::received: reply.outcome = DeliveryOutcome::delivered; return reply;
        case CityAnswer::not_now: reply.outcome = DeliveryOutcome::not_done; break;
        case CityAnswer::refused: reply.outcome = DeliveryOutcome::refused; break;
    }
    reply.code = !code.empty() ? std::move(code) : answer == CityAnswer::refused ? "city.refused" : "city.not_now";
    reply.detail = std::move(detail);
    return reply;
}

std::string city_verdicts_text(const std::vector<CityVerdict>& verdicts) {
    Json results = Json::array();
    for (const CityVerdict& each : verdicts) {
        Json result{{"id", each.id}, {"result", to_string(each.answer)}};
        if (!each.code.empty()) result["code"] = each.code;
        if (!each.detail.empty()) result["detail"] = each.detail;
        results.push_back(std::move(result));
    }
    return Json{{"results", std::move(results)}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<std::vector<CityVerdict>> read_city_verdicts(std::string_view text) {
    const Json json = parse_shallow(text);
    const auto results = json.is_object() ? json.find("results") : json.end();
    if (!json.is_object() || results == json.end() || !results->is_array() || results->size() > kMostVerdicts)
        return bad("an answer must be {\"results\": [...]}");
    std::vector<CityVerdict> out;
    for (const Json& each : *results) {
        if (!each.is_object()) return bad("each result must be an object");
        CityVerdict verdict;
        verdict.id = text_in(each, "id");
        const std::string word = text_in(each, "result");
        if (word == "received") verdict.answer = CityAnswer::received;
        if (word == "refused") verdict.answer = CityAnswer::refused;
        verdict.code = short_text(text_in(each, "code"), kLongestCode);
        verdict.detail = short_text(text_in(each, "detail"));
        out.push_back(std::move(verdict));
    }
    return out;
}

std::vector<Millis> city_schedule(std::chrono::days give_up_after) {
    using std::chrono::minutes;
    using std::chrono::seconds;
    std::vector<Millis> waits{seconds(1), seconds(2), seconds(5), seconds(10), seconds(20), seconds(30)};
    const Millis whole = give_up_after;
    for (Millis passed{68'000}; passed < whole;) {
        waits.push_back(passed < std::chrono::days(1) ? minutes(1) : minutes(5));
        passed += waits.back();
    }
    return waits;
}

bool is_city_name(std::string_view text) {
    const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
    return !text.empty() && text.size() <= 64 && letter(text.front()) &&
           std::all_of(text.begin(), text.end(),
                       [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-'; });
}

}  // namespace citybridge
