#pragma once
// The shipped rules of sales leads, without the plugin around them.
#include "core/desk/desk.h"
#include "plugins/erp_orders/inbound.h"
#include "plugins/erp_orders/sales_lead.h"

namespace citybridge::desk::testing {

class LeadRules final : public WorkOrderRules {
public:
    LeadRules() {
        Problems problems;
        settings_ = erp_orders::read_settings({}, problems);
    }
    std::vector<std::string> kinds() const override { return {"sales_lead"}; }
    Result<> judge(const OrderRecord& order, const CustomerRecord* customer) const override {
        return erp_orders::judge_sales_lead(settings_, order, customer);
    }
    Result<nlohmann::ordered_json> erp_payload(std::string_view action, const OrderRecord& order,
                                               const CustomerRecord* customer, std::string_view text) const override {
        return erp_orders::sales_lead_payload(action, order, customer, text);
    }
    Result<InboundVerdict> inbound(const InboundMessage& message) const override {
        return erp_orders::understand(message);
    }

private:
    erp_orders::Settings settings_;
};

// A city with an ERP and one subscriber.
inline DeskSettings with_rules() {
    static const LeadRules rules;
    return {"beijing", {{"crm", {"order.*"}}}, {{"sales_lead", &rules}}};
}

}  // namespace citybridge::desk::testing
