// The node's own steps: a follow-up fell due, a message came to its end.
#include <algorithm>

#include "core/desk/city_messages.h"
#include "core/desk/due.h"
#include "core/desk/order_access.h"
#include "core/desk/transfers.h"
#include "core/desk/verification.h"
#include "core/desk/written_messages.h"

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
    const Flow* flow = context.flows.of(order);
    return flow == nullptr ? kNone : *flow;
}

std::string behind_colon(const std::string& name) { return name.substr(name.find(':') + 1); }

OrderChanged::What follow_up_due(const DeadlineRecord& row, const Flow& flow, Step& step, Engine& engine) {
    step.history().action = "overdue";
    step.history().detail["follow_up"] = row.name;
    step.history().detail["n"] = row.n;
    step.settle_one(row, DeadlineState::overdue);
    if (const FollowUpDef* def = flow.follow_up(row.name)) {
        step.history().text = def->question;
        engine.fell_due(*def);
    }
    return OrderChanged::What::overdue;
}

// It was worked on since: the time begins again with the last step, and nobody needs to know. Empty: it is over all the
// same.
std::optional<DeadlineRecord> watched_again(const Context& context, const OrderRecord& order, DeadlineRecord row) {
    if (row.kind != kIdle || order.updated_at <= row.from_at) return std::nullopt;
    const Flow& flow = flow_of(context, order);
    set_due(row, context.calendars, flow.calendar, flow.idle_after.value_or(context.book.idle_after), order.updated_at);
    if (row.due_at <= context.now.wall) return std::nullopt;
    return row;
}

// What a deadline was set for.
OrderChanged::What on_time(const DeadlineRecord& row, const Flow& flow, Step& step, Engine& engine) {
    if (row.kind == "follow_up") return follow_up_due(row, flow, step, engine);
    const std::string name = behind_colon(row.name);
    Fields& detail = step.history().detail;
    detail["deadline"] = row.name;
    if (row.kind == kIdle) {
        step.settle_one(row, DeadlineState::done);
        step.history().action = kIdle;
        engine.idle_due();
        return OrderChanged::What::told;
    }
    const bool promise = row.kind == "approval" || row.kind == "confirmation";
    step.settle_one(row, promise ? DeadlineState::overdue : DeadlineState::done);
    if (row.kind == "reminder") {
        step.history().action = "reminded";
        if (const FollowUpDef* def = flow.follow_up(name)) {
            step.history().text = def->question;
            engine.remind(*def);
        }
        return OrderChanged::What::told;
    }
    step.history().action = promise ? "overdue" : "escalated";
    if (row.kind == "escalation") engine.escalation_due(name);
    if (row.kind == "approval") engine.approval_due(name);
    if (row.kind == "confirmation") engine.confirmation_due(row.name);
    if (row.kind == "undelivered") {
        step.history().action = "undelivered";
        engine.undelivered(name);
    }
    return engine.escalated() ? OrderChanged::What::escalated : OrderChanged::What::overdue;
}

// The deadline that waits for this message's delivery.
std::optional<DeadlineRecord> waits_for(const std::vector<DeadlineRecord>& open, const OutboxRecord& row) {
    for (const DeadlineRecord& one : open)
        if (one.kind == "undelivered" && one.name == "undelivered:" + row.destination &&
            row.id == row.order + "." + std::to_string(one.n) + "." + row.destination)
            return one;
    return std::nullopt;
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

    if (auto again = watched_again(context, *before, *it)) {
        Decision later;
        later.changes.deadlines.push_back(std::move(*again));
        return later;
    }
    Step step(context, flow, *before, open);
    Engine engine(context, flow, step, false);
    auto event = on_time(*it, flow, step, engine);
    const CustomerRecord* customer = before->customer.empty() ? nullptr : context.view.customer(before->customer);
    if (auto sent = step.send(triggers_of({}, engine, step), customer, {}); !sent) return sent.error();
    if (step.closes()) event = OrderChanged::What::closed;
    return without_reply(step.finish(event, 200));
}

Result<Decision> watch_order(const Context& context, const WatchOrder& what) {
    const OrderRecord* before = context.view.order(what.order);
    if (before == nullptr || before->closed_at) return nothing();
    const auto open = context.view.open_deadlines(what.order);
    if (!open.empty()) return nothing();
    Step step(context, flow_of(context, *before), *before, open);
    step.history().action = "watched";
    return without_reply(step.finish(OrderChanged::What::changed, 200));
}

namespace {

Result<Decision> message_ended(const Context& context, const OutboxRecord& row) {
    const bool delivered = row.state == OutboxState::delivered;
    // That a subscriber heard of a step is no news of the order; that he did not is.
    if (row.order.empty() || row.state == OutboxState::pending || (row.kind == "event" && delivered)) return nothing();
    const OrderRecord* before = context.view.order(row.order);
    if (before == nullptr) return nothing();
    const Flow& flow = flow_of(context, *before);

    const auto open = context.view.open_deadlines(before->id);
    Step step(context, flow, *before, open);
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
    const bool promised = row.kind != "event" && !row.kind.starts_with("tell_") && row.kind != kWrittenMessage;
    Engine engine(context, flow, step, false);
    if (const auto waits = waits_for(open, row)) step.settle_one(*waits, DeadlineState::done);
    // What will never arrive by itself is told at once, not when its time is over.
    if (!delivered && promised) engine.undelivered(row.destination);
    if (row.state == OutboxState::dead) engine.message_lost(row);
    // A subscriber whose messages fail is not told by a further one that they do.
    return without_reply(step.finish(engine.escalated() ? OrderChanged::What::escalated : OrderChanged::What::changed,
                                     200, row.kind == "event" ? row.destination : std::string()));
}

}  // namespace

Result<Decision> delivery_ended(const Context& context, const DeliveryEnded& what) {
    if (const auto lost = city_message_lost(what.row)) {
        auto told = step_callback(context, *lost);
        return told ? without_reply(std::move(*told)) : std::move(told);
    }
    if (is_lost_transfer_message(what.row)) return transfer_message_lost(context, what.row);
    auto decision = message_ended(context, what.row);
    if (decision && what.row.kind == kCodeMessage) code_message_ended(context, what.row, *decision);
    if (decision && what.row.kind == kWrittenMessage) written_ended(context, what.row, *decision);
    return decision;
}

}  // namespace citybridge::desk
