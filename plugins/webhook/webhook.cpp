#include "plugins/webhook/webhook.h"

#include <exception>

#include "plugins/webhook/outgoing.h"

namespace citybridge::webhook {

void WebhookPlugin::configure(const RawSettings& settings, Problems& problems) {
    Config config = read_config(settings, problems);
    if (config.destination && !host_.http().allow(config.destination->url))
        problems.push_back({place_of(settings, "url"),
                            "url must be http:// or https:// without user or password, and its host must be on the "
                            "node's list of hosts that may be sent to"});
    destination_ = std::move(config.destination);
    if (config.door) receiver_.emplace(std::string(host_.instance()), config.door->keys, config.door->tolerance);
}

Result<> WebhookPlugin::start() { return ok(); }

void WebhookPlugin::stop(Millis) { stopped_ = true; }

Capabilities WebhookPlugin::offers() {
    Capabilities offered;
    if (destination_) offered.outbound = this;
    if (receiver_) offered.inbound = this;
    return offered;
}

DeliveryTraits WebhookPlugin::delivery_traits() const { return destination_ ? destination_->traits : DeliveryTraits{}; }

void WebhookPlugin::deliver(const OutboxRecord& message, DeliveryDone done) {
    const bool posted = host_.lane().post([this, message, done] {
        if (!stopped_) send(message, done);
    });
    // Nothing was sent, so the outcome is certain. After stop() the message stays pending without an answer.
    if (!posted && !stopped_)
        done({DeliveryOutcome::not_done, "http.busy", "the plugin's lane is full", {}, std::nullopt});
}

void WebhookPlugin::send(const OutboxRecord& message, const DeliveryDone& done) {
    const auto request = [&]() -> Result<HttpOutgoing> {
        try {
            return make_request(*destination_, message, host_.lane().now().wall);
        } catch (const std::exception& failure) {
            return Error{"webhook.cannot_sign", failure.what()};
        }
    }();
    if (!request) {
        const bool for_good = request.error().code == "webhook.bad_id";
        return done({for_good ? DeliveryOutcome::refused : DeliveryOutcome::not_done,
                     request.error().code,
                     request.error().detail,
                     {},
                     {}});
    }
    host_.http().send(*request, [this, done](const HttpOutcome& outcome) {
        if (!stopped_) done(read_answer(outcome, host_.lane().now().wall));
    });
}

void WebhookPlugin::find(const OutboxRecord&, FindDone done) {
    const FindReply reply{FindReply::Outcome::failed,
                          "webhook.not_findable",
                          "a webhook cannot ask its receiver whether a message arrived",
                          {}};
    const bool posted = host_.lane().post([this, done, reply] {
        if (!stopped_) done(reply);
    });
    if (!posted && !stopped_) done(reply);
}

Result<InboundMessage> WebhookPlugin::accept(const HeaderList& headers, std::string_view body, WallTime now) const {
    if (!receiver_) return Error{"hook.bad_signature", "this connector takes no messages; ask for one that does"};
    return receiver_->accept(headers, body, now);
}

}  // namespace citybridge::webhook
