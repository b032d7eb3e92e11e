#pragma once
// The plugin: Standard Webhooks out to `url`, and in with `receive_secret`.
#include <atomic>
#include <optional>

#include "core/api/plugin.h"
#include "plugins/webhook/incoming.h"
#include "plugins/webhook/settings.h"

namespace citybridge::webhook {

class WebhookPlugin final : public Plugin, public OutboundConnector, public InboundConnector {
public:
    explicit WebhookPlugin(Host& host) : host_(host) {}

    static SettingsDoc settings() { return settings_doc(); }
    void configure(const RawSettings& settings, Problems& problems) override;
    Result<> start() override;
    void stop(Millis grace) override;
    Capabilities offers() override;

    DeliveryTraits delivery_traits() const override;
    void deliver(const OutboxRecord& message, DeliveryDone done) override;
    void find(const OutboxRecord& message, FindDone done) override;

    Result<InboundMessage> accept(const HeaderList& headers, std::string_view body, WallTime now) const override;

private:
    void send(const OutboxRecord& message, const DeliveryDone& done);

    Host& host_;
    // Constant after configure().
    std::optional<Destination> destination_;
    std::optional<Receiver> receiver_;
    std::atomic<bool> stopped_{false};
};

}  // namespace citybridge::webhook
