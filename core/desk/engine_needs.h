#pragma once
// Rows that the parts of a flow ask for, besides the order itself.
#include "core/desk/desk.h"

namespace citybridge::desk {

// Among which orders this one has its turn.
inline TurnOf turn_of(const OrderRecord& order) { return {order.kind, order.state, order.group}; }

// To open an order: who is in its groups, and the customer's other orders as far as he is known by id.
void needs_to_open(const FlowSet& flows, const OpenOrder& what, Wanted& out);
// The same once `what.number` has led to a customer.
void needs_of_caller(const FlowSet& flows, const OpenOrder& what, const View& view, Wanted& out);
// Whose turn it is, for an action that is taken in turn.
void needs_of_turn(const FlowSet& flows, const ActOnOrder& what, const View& view, Wanted& out);
// A step of an order that is there. `timer`: the node's own, which needs the customer only for what the flow then does.
void needs_of_order(const FlowSet& flows, const OrderRecord& order, bool timer, const View& view, Wanted& out);

}  // namespace citybridge::desk
