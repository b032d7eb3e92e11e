#pragma once
// The connector: outbox messages as JSON to an ERP's HTTP interface.
#include <atomic>
#include <deque>
#include <string>
#include <unordered_map>

#include "core/api/plugin.h"
#include "plugins/erp_rest/settings.h"

namespace citybridge::erp_rest {

class ErpRestPlugin final : public Plugin, public OutboundConnector {
public:
    explicit ErpRestPlugin(Host& host) : host_(host) {}

    static SettingsDoc settings() { return settings_doc(); }
    void configure(const RawSettings& raw, Problems& problems) override;
    Result<> start() override { return ok(); }
    void stop(Millis grace) override;
    Capabilities offers() override { return {.outbound = this}; }

    DeliveryTraits delivery_traits() const override { return config_.traits; }
    void deliver(const OutboxRecord& message, DeliveryDone done) override;
    void find(const OutboxRecord& message, FindDone done) override;

private:
    void send(const OutboxRecord& message, const DeliveryDone& done);
    void look(const OutboxRecord& message, const FindDone& done);
    void learn(const std::string& order, const std::string& external_id);
    std::string known(const std::string& order) const;

    Host& host_;
    Config config_;  // constant after configure()
    std::atomic<bool> stopped_{false};
    // Lane only: numbers that answers told, for notes that were written before their order's number was known. A
    // shortcut of bounded size; what is durable is the core's.
    std::unordered_map<std::string, std::string> external_ids_;
    std::deque<std::string> learned_;  // its keys, oldest first
};

}  // namespace citybridge::erp_rest
