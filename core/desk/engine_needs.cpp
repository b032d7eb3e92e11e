#include "core/desk/engine_needs.h"

#include <algorithm>

namespace citybridge::desk {
namespace {

void look_for(const Flow& flow, const std::string& customer, bool on_open, Wanted& out) {
    for (const DecisionDef& table : flow.decisions) {
        if (table.look.empty() || (table.by_customer && customer.empty())) continue;
        if (on_open || table.on.kind == Trigger::Kind::action)
            out.of_customer.push_back({table.by_customer ? customer : std::string(), table.look, table.open_only});
    }
}

// Timers of such a flow may send messages that speak of the customer.
bool timers_act(const Flow& flow) {
    return !flow.escalations.empty() || !flow.tells.empty() || !flow.approvals.empty() ||
           std::any_of(flow.follow_ups.begin(), flow.follow_ups.end(),
                       [](const FollowUpDef& def) { return !def.due_action.empty(); });
}

}  // namespace

void needs_to_open(const FlowSet& flows, const OpenOrder& what, Wanted& out) {
    const Flow* flow = flows.find(what.kind);
    if (flow == nullptr) return;
    out.people = out.people || flow->needs_people;
    look_for(*flow, what.customer, true, out);
}

void needs_of_caller(const FlowSet& flows, const OpenOrder& what, const View& view, Wanted& out) {
    const Flow* flow = flows.find(what.kind);
    if (flow == nullptr || flow->decisions.empty()) return;
    const CustomerRecord* customer =
        what.customer.empty() ? view.customer_by_number(what.number) : view.customer(what.customer);
    if (customer == nullptr) return;
    const std::string& id = customer->merged_into.empty() ? customer->id : customer->merged_into;
    if (id != what.customer) look_for(*flow, id, true, out);
}

void needs_of_turn(const FlowSet& flows, const ActOnOrder& what, const View& view, Wanted& out) {
    const OrderRecord* order = view.order(what.order);
    const Flow* flow = order == nullptr ? nullptr : flows.of(*order);
    const ActionDef* action = flow == nullptr ? nullptr : flow->action(what.action);
    if (action != nullptr && action->in_turn) out.turns.push_back(turn_of(*order));
}

void needs_of_order(const FlowSet& flows, const OrderRecord& order, bool timer, const View& view, Wanted& out) {
    const Flow* flow = flows.of(order);
    if (flow == nullptr) return;
    out.people = out.people || flow->needs_people;
    look_for(*flow, order.customer, false, out);
    if ((!timer || timers_act(*flow)) && !order.customer.empty() && view.customer(order.customer) == nullptr)
        out.customers.push_back(order.customer);
}

}  // namespace citybridge::desk
