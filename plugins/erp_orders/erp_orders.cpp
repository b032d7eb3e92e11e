#include "plugins/erp_orders/erp_orders.h"

#include "plugins/erp_orders/complaint.h"
#include "plugins/erp_orders/inbound.h"
#include "plugins/erp_orders/repair.h"
#include "plugins/erp_orders/sales_lead.h"

namespace citybridge::erp_orders {
namespace {

Error not_mine(const OrderRecord& order) {
    return {"order.bad_fields", "erp_orders has no rules for orders of kind " + order.kind +
                                    "; assign this kind to another plugin, or to none"};
}

}  // namespace

SettingsDoc ErpOrdersPlugin::settings() {
    return describe("Rules of work orders that the ERP carries out: what it needs of them and what it tells.",
                    settings_table());
}

void ErpOrdersPlugin::configure(const RawSettings& settings, Problems& problems) {
    settings_ = read_settings(settings, problems);
}

Capabilities ErpOrdersPlugin::offers() {
    Capabilities out;
    out.rules = this;
    return out;
}

std::vector<std::string> ErpOrdersPlugin::kinds() const {
    return {std::string(kSalesLead), std::string(kRepair), std::string(kComplaint)};
}

Result<> ErpOrdersPlugin::judge(const OrderRecord& order, const CustomerRecord* customer) const {
    if (order.kind == kSalesLead) return judge_sales_lead(settings_, order, customer);
    if (order.kind == kRepair) return judge_repair(order, customer);
    if (order.kind == kComplaint) return judge_complaint(order, customer);
    return not_mine(order);
}

Result<nlohmann::ordered_json> ErpOrdersPlugin::erp_payload(std::string_view action, const OrderRecord& order,
                                                            const CustomerRecord* customer,
                                                            std::string_view text) const {
    if (order.kind == kSalesLead) return sales_lead_payload(action, order, customer, text);
    if (order.kind == kRepair) return repair_payload(settings_, action, order, customer, text);
    if (order.kind == kComplaint) return complaint_payload(settings_, action, order, customer, text);
    return not_mine(order);
}

Result<InboundVerdict> ErpOrdersPlugin::inbound(const InboundMessage& message) const { return understand(message); }

}  // namespace citybridge::erp_orders
