#pragma once
// The plugin: outbox messages out as mails, and what comes back to the node.
#include <memory>
#include <optional>

#include "core/api/plugin.h"
#include "plugins/email/mail_reader.h"
#include "plugins/email/settings.h"
#include "plugins/email/smtp_pool.h"
#include "plugins/email/token.h"

namespace citybridge::email {

class EmailPlugin final : public Plugin, public OutboundConnector {
public:
    explicit EmailPlugin(Host& host) : host_(host) {}

    static SettingsDoc settings() { return settings_doc(); }
    void configure(const RawSettings& settings, Problems& problems) override;
    Result<> start() override;
    void stop(Millis grace) override;
    Capabilities offers() override;

    DeliveryTraits delivery_traits() const override;
    void deliver(const OutboxRecord& message, DeliveryDone done) override;
    void find(const OutboxRecord& message, FindDone done) override;

private:
    bool tell();
    void hand_over();

    Host& host_;
    // Constant after configure().
    Config config_;
    std::optional<TokenKeys> keys_;

    std::atomic<bool> stopped_{false};
    // Made by start(), ended by stop(); in between constant.
    std::unique_ptr<SmtpPool> pool_;
    std::unique_ptr<MailReader> reader_;
};

}  // namespace citybridge::email
