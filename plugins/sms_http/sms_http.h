#pragma once
// The plugin: messages to a gateway by HTTP, delivery reports from it.
#include <atomic>
#include <optional>

#include "core/api/plugin.h"
#include "plugins/sms_http/poll.h"
#include "plugins/sms_http/settings.h"

namespace citybridge::sms_http {

class SmsHttpPlugin final : public Plugin, public OutboundConnector, public InboundConnector {
public:
    explicit SmsHttpPlugin(Host& host) : host_(host) {}

    static SettingsDoc settings() { return settings_doc(); }
    void configure(const RawSettings& settings, Problems& problems) override;
    Result<> start() override;
    void stop(Millis grace) override;
    Capabilities offers() override;

    DeliveryTraits delivery_traits() const override { return config_.traits; }
    void deliver(const OutboxRecord& message, DeliveryDone done) override;
    void find(const OutboxRecord& message, FindDone done) override;

    Result<InboundMessage> accept(const HeaderList& headers, std::string_view body, WallTime now) const override;

private:
    void send(const OutboxRecord& message, const DeliveryDone& done);
    Result<HttpOutgoing> request_for(const OutboxRecord& message, WallTime now) const;

    Host& host_;
    Config config_;  // constant after configure()
    std::optional<Poll> poll_;
    std::atomic<bool> stopped_{false};
};

}  // namespace citybridge::sms_http
