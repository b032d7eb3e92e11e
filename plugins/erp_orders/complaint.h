#pragma once
// Complaints (B5): what the ERP needs of them and is told. Pure.
#include "core/api/capabilities.h"
#include "plugins/erp_orders/settings.h"

namespace citybridge::erp_orders {

inline constexpr std::string_view kComplaint = "complaint";

Result<> judge_complaint(const OrderRecord& order, const CustomerRecord* customer);
nlohmann::ordered_json complaint_payload(const Settings& settings, std::string_view action, const OrderRecord& order,
                                         const CustomerRecord* customer, std::string_view text);

}  // namespace citybridge::erp_orders
