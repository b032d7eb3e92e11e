// The node's own steps: a follow-up fell due, a message came to its end.
#include <algorithm>

#include "core/desk/due.h"
#include "core/desk/step.h"

namespace citybridge::desk {
namespace {

Result<Decision> nothing() { return Decision{}; }

Decision without_reply(Decision decision) {
    decision.reply = {};
    return decision;
}

// The node's own facts are kept even of an order whose flow's file was taken away: they happened.
const Flow& flow_of(const Context& context, const OrderRecord& order) {
    static const Flow kNone;
    const Flow* flow = context.flows.find(order.kind);
    return flow == nullptr ? kNone : *flow;
}

// Only the message that opens the order there tells the order's number; others may tell one of their own.
bool opens_there(const Flow& flow, const OutboxRecord& row) {
    for (const ErpDef& erp : flow.erps)
        for (const SendDef& send : erp.sends)
            if (erp.connector == row.destination && send.on == "open" && send.message == row.kind) return true;
    return false;
}

}  // namespace

Result<Decision> deadline_reached(const Context& context, const DeadlineReached& what) {
    const auto open = context.view.open_deadlines(what.order);
    const auto it = std::find_if(open.begin(), open.end(), [&](const DeadlineRecord& row) {
        return row.name == what.name && row.n == what.n && row.state == DeadlineState::open;
    });
    // Settled, or moved, while the timer's request was on its way.
    if (it == open.end() || it->due_at > context.now.wall) return nothing();
    // The calendar changed, and the correction has not come to this order yet (P8).
    if (const auto again = due_again(*it, context.calendars); again && again->due > context.now.wall)
        return correct_deadlines(context, {what.order});
    const OrderRecord* before = context.view.order(what.order);
    if (before == nullptr) return nothing();
    const Flow& flow = flow_of(context, *before);

    Step step(context, flow, *before, open);
    step.history().action = "overdue";
    step.history().detail["follow_up"] = what.name;
    step.history().detail["n"] = what.n;
    step.settle_one(*it, DeadlineState::overdue);
    const auto def = std::find_if(flow.follow_ups.begin(), flow.follow_ups.end(),
                                  [&](const FollowUpDef& follow_up) { return follow_up.name == what.name; });
    if (def != flow.follow_ups.end()) {
        step.history().text = def->question;
        if (!flow.is_closed(before->state)) step.move_to(def->due_state);
    }
    return without_reply(step.finish(OrderChanged::What::overdue, 200));
}

Result<Decision> delivery_ended(const Context& context, const DeliveryEnded& what) {
    const OutboxRecord& row = what.row;
    const bool delivered = row.state == OutboxState::delivered;
    // That a subscriber heard of a step is no news of the order; that he did not is.
    if (row.order.empty() || row.state == OutboxState::pending || (row.kind == "event" && delivered)) return nothing();
    const OrderRecord* before = context.view.order(row.order);
    if (before == nullptr) return nothing();
    const Flow& flow = flow_of(context, *before);

    Step step(context, flow, *before, context.view.open_deadlines(before->id));
    step.history().action = delivered ? "delivered" : "undelivered";
    step.history().text = delivered ? "" : row.last_detail;
    Fields& detail = step.history().detail;
    detail["message"] = row.id;
    detail["kind"] = row.kind;
    detail["destination"] = row.destination;
    if (!delivered) {
        detail["state"] = to_string(row.state);
        detail["code"] = row.last_code;
    }
    if (delivered && opens_there(flow, row)) step.take_external(row.destination, row.external_id);
    // A subscriber whose messages fail is not told by a further one that they do.
    return without_reply(
        step.finish(OrderChanged::What::changed, 200, row.kind == "event" ? row.destination : std::string()));
}

}  // namespace citybridge::desk
