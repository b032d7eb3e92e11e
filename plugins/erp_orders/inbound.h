#pragma once
// Messages of the ERP: the same seven types for every kind of order. Pure.
#include "core/api/capabilities.h"

namespace citybridge::erp_orders {

// Code "hook.not_understood" if the type is unknown or the data cannot be used.
Result<InboundVerdict> understand(const InboundMessage& message);

}  // namespace citybridge::erp_orders
