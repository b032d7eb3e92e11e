#pragma once
// What steps of people and steps of the ERP have in common.
#include "core/desk/step.h"

namespace citybridge::desk {

struct Found {
    const OrderRecord* order;
    const Flow* flow;
};
// Codes "order.unknown", "flow.unknown".
Result<Found> find_order(const Context& context, const std::string& id);
// The action's fields laid over the order's, complete and right afterwards. Code "order.bad_fields".
Result<> fill_in(const Flow& flow, const ActionDef& action, const Fields& given, OrderRecord& order);
// Follow-ups settled and set, state moved.
void carry_out(const Flow& flow, const ActionDef& action, Step& step);

}  // namespace citybridge::desk
