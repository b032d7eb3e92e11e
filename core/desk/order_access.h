#pragma once
// What steps of people and steps of the ERP have in common.
#include "core/desk/engine.h"
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
// By the rules plugin of its kind, if there is one. Code "order.bad_fields".
Result<> judge_by_rules(const Context& context, const OrderRecord& order, const CustomerRecord* customer);
Error role_missing(const std::string& what, const std::vector<std::string>& roles, const Actor& actor);
// The action as one step, with what it sets off. Precondition: it is possible. `instead_of`: the kind of order that
// would have been opened; empty: none.
Result<Decision> carry_out(const Context& context, const Found& found, const ActionDef& action, const Fields& fields,
                           const std::string& note, const std::string& instead_of);
// Actions that are possible now, and of the generic ones (acknowledge, approve, reject) those with something to do.
std::vector<std::string> actions_now(const Context& context, const Flow& flow, const OrderRecord& order);
// Messages to the ERPs of what the engine did besides `action`; empty: only that.
std::vector<std::string> triggers_of(const std::string& action, const Engine& engine, const Step& step);

}  // namespace citybridge::desk
