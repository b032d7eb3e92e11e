#pragma once
// The lists that people page through. All throw.
#include "core/store/connection.h"
#include "core/store/reader.h"

namespace citybridge::store {

std::vector<OrderRecord> list_orders(Connection& connection, const OrderQuery& asked);
std::vector<OutboxRecord> list_outbox(Connection& connection, const OutboxQuery& asked);
std::vector<OutboxCount> count_outbox(Connection& connection);

}  // namespace citybridge::store
