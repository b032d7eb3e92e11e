#pragma once
// Rows that the parts of a flow ask for, besides the order itself.
#include "core/desk/desk.h"

namespace citybridge::desk {

// To open an order: who is in its groups, and the customer's other orders as far as he is known by id.
void needs_to_open(const FlowSet& flows, const OpenOrder& what, Wanted& out);
// The same once `what.number` has led to a customer.
void needs_of_caller(const FlowSet& flows, const OpenOrder& what, const View& view, Wanted& out);
// A step of an order that is there. `timer`: the node's own, which needs the customer only for what the flow then does.
void needs_of_order(const FlowSet& flows, const OrderRecord& order, bool timer, const View& view, Wanted& out);

}  // namespace citybridge::desk
