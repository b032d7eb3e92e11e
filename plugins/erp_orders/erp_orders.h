#pragma once
// The plugin: rules of the kinds of orders that an ERP carries out, each kind
// in its own file. Pure decisions; nothing to start or stop.
#include "core/api/plugin.h"
#include "plugins/erp_orders/settings.h"

namespace citybridge::erp_orders {

class ErpOrdersPlugin final : public Plugin, public WorkOrderRules {
public:
    explicit ErpOrdersPlugin(Host&) {}

    static SettingsDoc settings();
    void configure(const RawSettings& settings, Problems& problems) override;
    Result<> start() override { return ok(); }
    void stop(Millis) override {}
    Capabilities offers() override;

    std::vector<std::string> kinds() const override;
    Result<> judge(const OrderRecord& order, const CustomerRecord* customer) const override;
    Result<nlohmann::ordered_json> erp_payload(std::string_view action, const OrderRecord& order,
                                               const CustomerRecord* customer, std::string_view text) const override;
    Result<InboundVerdict> inbound(const InboundMessage& message) const override;

private:
    Settings settings_;
};

}  // namespace citybridge::erp_orders
