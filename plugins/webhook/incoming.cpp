#include "plugins/webhook/incoming.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

namespace citybridge::webhook {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestId = 256;
constexpr std::size_t kLongestTimestamp = 11;  // seconds until the year 5138
constexpr std::size_t kLongestType = 128;
constexpr int kDeepest = 32;

struct Stamp {
    std::string_view id;
    std::string_view timestamp;
    std::string_view signatures;
    WallTime sent_at{};
};

Error bad_signature(std::string detail) { return {"hook.bad_signature", std::move(detail)}; }
Error bad_message(std::string detail) { return {"hook.bad_message", std::move(detail)}; }

// The one value of this header. Two would let two readers see two messages.
std::optional<std::string_view> only_value(const HeaderList& headers, std::string_view name) {
    std::optional<std::string_view> found;
    for (const auto& [key, value] : headers) {
        if (key != name) continue;
        if (found) return std::nullopt;
        found = value;
    }
    return found;
}

std::optional<WallTime> parse_seconds(std::string_view text) {
    if (text.empty() || text.size() > kLongestTimestamp) return std::nullopt;
    if (!std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
    std::int64_t seconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    return WallTime(std::chrono::seconds(seconds));
}

Result<Stamp> read_stamp(const HeaderList& headers) {
    const auto id = only_value(headers, "webhook-id");
    const auto timestamp = only_value(headers, "webhook-timestamp");
    const auto signatures = only_value(headers, "webhook-signature");
    if (!id || !timestamp || !signatures)
        return bad_signature("send the headers webhook-id, webhook-timestamp and webhook-signature, each exactly once");
    if (id->empty() || id->size() > kLongestId || !std::all_of(id->begin(), id->end(), is_visible))
        return bad_signature("webhook-id must be 1 to 256 visible ASCII characters without spaces");
    const auto sent_at = parse_seconds(*timestamp);
    if (!sent_at) return bad_signature("webhook-timestamp must be the seconds since 1970 as digits only");
    return Stamp{*id, *timestamp, *signatures, *sent_at};
}

bool is_type(std::string_view type) {
    return !type.empty() && type.size() <= kLongestType && std::all_of(type.begin(), type.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
    });
}

// What reads and writes the content later may do so recursively, so depth is bounded here.
Json parse_bounded(std::string_view body) {
    bool too_deep = false;
    Json json = Json::parse(
        body,
        [&](int depth, Json::parse_event_t event, Json&) {
            const bool opens = event == Json::parse_event_t::object_start || event == Json::parse_event_t::array_start;
            too_deep = too_deep || (opens && depth >= kDeepest);  // the outermost object opens at 0
            return !too_deep;
        },
        false);
    return too_deep ? Json(Json::value_t::discarded) : json;
}

Result<InboundMessage> read_body(std::string_view body) {
    Json json = parse_bounded(body);
    if (!json.is_object())
        return bad_message(
            "the body must be one JSON object in UTF-8, at most 32 levels deep: {\"type\": ..., "
            "\"timestamp\": ..., \"data\": {...}}");
    const auto type = json.find("type");
    if (type == json.end() || !type->is_string() || !is_type(type->get_ref<const std::string&>()))
        return bad_message(
            "\"type\" must be a word like \"order.contacted\": letters, digits, underscores and full "
            "stops, at most 128");
    const auto timestamp = json.find("timestamp");
    if (timestamp != json.end() && !timestamp->is_string())
        return bad_message("\"timestamp\" must be a text in RFC 3339, or be left out");
    const auto data = json.find("data");
    if (data == json.end() || !data->is_object()) return bad_message("\"data\" must be a JSON object");
    InboundMessage message;
    message.type = type->get<std::string>();
    message.data = std::move(*data);
    return message;
}

}  // namespace

bool Receiver::signed_by_us(std::string_view id, std::string_view timestamp, std::string_view body,
                            std::string_view signatures) const {
    bool found = false;
    for (const SigningKey& key : keys_) {
        const std::string expected = key.sign(id, timestamp, body);
        for (std::size_t at = 0; at <= signatures.size();) {
            const std::size_t end = std::min(signatures.find(' ', at), signatures.size());
            found |= same_in_constant_time(signatures.substr(at, end - at), expected);
            at = end + 1;
        }
    }
    return found;
}

Result<InboundMessage> Receiver::accept(const HeaderList& headers, std::string_view body, WallTime now) const {
    const auto stamp = read_stamp(headers);
    if (!stamp) return stamp.error();
    // "id.timestamp.body" can be cut in one way only: a timestamp is digits and a body is a JSON object, which cannot
    // begin inside another one, so a signature of one message is never one of another.
    if (!signed_by_us(stamp->id, stamp->timestamp, body, stamp->signatures))
        return bad_signature(
            "no signature matches; sign \"<webhook-id>.<webhook-timestamp>.<body as sent>\" with "
            "HMAC-SHA256, the key being the base64-decoded secret after \"whsec_\", and send \"v1,\" "
            "and the base64 of it");
    const auto apart = now > stamp->sent_at ? now - stamp->sent_at : stamp->sent_at - now;
    if (apart > tolerance_)
        return Error{"hook.too_old", "webhook-timestamp is more than " + std::to_string(tolerance_.count()) +
                                         " s away from this server's clock; set your clock, and sign each attempt "
                                         "again with the time of the attempt"};
    auto message = read_body(body);
    if (!message) return message;
    message->source = source_;
    message->id = std::string(stamp->id);
    message->sent_at = stamp->sent_at;
    return message;
}

}  // namespace citybridge::webhook
