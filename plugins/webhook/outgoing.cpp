#include "plugins/webhook/outgoing.h"

#include <algorithm>
#include <chrono>

#include "core/api/delivery_text.h"

namespace citybridge::webhook {
namespace {

// A receiver may ask for a pause, but not stop its messages for weeks by one bad header.
constexpr Millis kLongestPause = std::chrono::hours(24);

}  // namespace

Result<HttpOutgoing> make_request(const Destination& destination, const OutboxRecord& message, WallTime now) {
    if (message.id.empty() || !std::all_of(message.id.begin(), message.id.end(), is_visible))
        return Error{"webhook.bad_id", "the message's id cannot stand in a header: it must be visible ASCII"};
    const std::string timestamp =
        std::to_string(std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
    std::string signatures;
    for (const SigningKey& key : destination.keys) {
        if (!signatures.empty()) signatures += ' ';
        signatures += key.sign(message.id, timestamp, message.payload);
    }
    HttpOutgoing request;
    request.url = destination.url;
    request.ca_file = destination.ca_file;
    request.timeout = destination.timeout;
    request.connect_timeout = std::min(request.connect_timeout, destination.timeout);
    request.headers = {{"Content-Type", "application/json"},
                       {"User-Agent", "CityBridge-Webhook/1"},
                       {"webhook-id", message.id},
                       {"webhook-timestamp", timestamp},
                       {"webhook-signature", std::move(signatures)}};
    request.body = message.payload;
    return request;
}

DeliveryReply read_answer(const HttpOutcome& outcome, WallTime now) {
    DeliveryReply reply;
    if (outcome.progress != HttpProgress::answered) {
        reply.outcome =
            outcome.progress == HttpProgress::not_sent ? DeliveryOutcome::not_done : DeliveryOutcome::unclear;
        reply.code = outcome.code;
        reply.detail = outcome.detail;
        return reply;
    }
    reply.outcome = outcome_of_status(outcome.status);
    if (reply.outcome == DeliveryOutcome::delivered) return reply;
    // A receiver that is being set up or moved answers 401, 404 or a redirect for a while; its schedule covers days,
    // and the specification wants each such answer tried again.
    if (reply.outcome == DeliveryOutcome::refused) reply.outcome = DeliveryOutcome::not_done;
    reply.code = std::string(code_of_status(outcome.status));
    reply.detail = "status " + std::to_string(outcome.status);
    if (const std::string words = short_text(outcome.body); !words.empty()) reply.detail += ": " + words;
    if (const std::string* pause = outcome.header("retry-after"))
        reply.retry_after = parse_retry_after(*pause, now, kLongestPause);
    return reply;
}

}  // namespace citybridge::webhook
