#pragma once
// Sales leads (B2): what the ERP needs of them and what it tells. Pure.
#include "core/api/capabilities.h"
#include "plugins/erp_orders/settings.h"

namespace citybridge::erp_orders {

inline constexpr std::string_view kSalesLead = "sales_lead";

Result<> judge_sales_lead(const Settings& settings, const OrderRecord& order, const CustomerRecord* customer);
nlohmann::ordered_json sales_lead_payload(std::string_view action, const OrderRecord& order,
                                          const CustomerRecord* customer, std::string_view text);

}  // namespace citybridge::erp_orders
