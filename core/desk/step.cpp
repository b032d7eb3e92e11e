#include "core/desk/step.h"

#include <algorithm>

#include "core/api/records_json.h"
#include "core/desk/access.h"
#include "core/desk/order_summary.h"

namespace citybridge::desk {
namespace {

std::string dump(const nlohmann::ordered_json& json) {
    return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

Result<nlohmann::ordered_json> payload_of(const Context& context, const std::string& message, const OrderRecord& order,
                                          const CustomerRecord* customer, const std::string& text) {
    if (const WorkOrderRules* rules = context.rules(order.kind))
        return guarded([&] { return rules->erp_payload(message, order, customer, text); });
    // A flow without a plugin: the ERP gets the records as they are.
    nlohmann::ordered_json out{{"action", message}, {"order", to_json(order, {})}};
    if (customer != nullptr) out["customer"] = to_json(*customer);
    if (!text.empty()) out["text"] = text;
    return out;
}

}  // namespace

Step::Step(const Context& context, const Flow& flow, OrderRecord before, std::vector<DeadlineRecord> open)
    : context_(context),
      flow_(flow),
      order_(std::move(before)),
      open_(std::move(open)),
      was_closed_(flow.is_closed(order_.state)) {
    ++order_.revision;
    ++order_.history_n;
    order_.updated_at = context.now.wall;
    history_.order = order_.id;
    history_.n = order_.history_n;
    history_.at = context.now.wall;
    history_.actor = context.actor().user;
    history_.from_state = order_.state;
}

void Step::move_to(const std::string& state) {
    if (!state.empty()) order_.state = state;
    if (!closes()) return;
    order_.closed_at = context_.now.wall;
    while (!open_.empty()) settle_one(DeadlineRecord(open_.front()), DeadlineState::cancelled);
}

void Step::set_follow_up(const FollowUpDef& follow_up) {
    settle(follow_up.name, DeadlineState::cancelled);
    set_deadline(follow_up.name, "follow_up", follow_up.term);
}

const DeadlineRecord& Step::set_deadline(const std::string& name, const std::string& kind, const Term& term) {
    DeadlineRecord row;
    row.order = order_.id;
    row.name = name;
    row.kind = kind;
    // The step's number: grows each time, although only open deadlines are in the view.
    row.n = order_.history_n;
    row.set_at = context_.now.wall;
    if (term.by_clock) {
        row.from_at = context_.now.wall;
        row.due_at = context_.now.wall + term.rule.after;
    } else {
        set_due(row, context_.calendars, term.calendar.empty() ? flow_.calendar : term.calendar, term.rule,
                context_.now.wall);
    }
    open_.push_back(row);
    decision_.changes.deadlines.push_back(row);
    return open_.back();
}

void Step::settle(const std::string& name, DeadlineState state) {
    for (const DeadlineRecord& deadline : std::vector<DeadlineRecord>(open_))
        if (deadline.name == name) settle_one(deadline, state);
}

void Step::settle_one(const DeadlineRecord& deadline, DeadlineState state) {
    const auto same = [&](const DeadlineRecord& row) { return row.name == deadline.name && row.n == deadline.n; };
    DeadlineRecord row = deadline;
    row.state = state;
    row.settled_at = context_.now.wall;
    std::erase_if(open_, same);
    std::erase_if(decision_.changes.deadlines, same);
    decision_.changes.deadlines.push_back(std::move(row));
}

void Step::correct(const DeadlineRecord& deadline) {
    const auto same = [&](const DeadlineRecord& row) { return row.name == deadline.name && row.n == deadline.n; };
    std::replace_if(open_.begin(), open_.end(), same, deadline);
    std::erase_if(decision_.changes.deadlines, same);
    decision_.changes.deadlines.push_back(deadline);
}

Result<> Step::send(const std::vector<std::string>& triggers, const CustomerRecord* customer, const std::string& text,
                    const ErpDef* except) {
    for (const ErpDef& erp : flow_.erps) {
        if (&erp == except) continue;
        const SendDef* send = nullptr;
        for (const std::string& trigger : triggers)
            for (const SendDef& candidate : erp.sends)
                if (send == nullptr && candidate.on == trigger) send = &candidate;
        if (send == nullptr) continue;
        auto payload = payload_of(context_, send->message, order_, customer, text);
        if (!payload) return payload.error();
        put_message(erp.connector, send->message, dump(*payload), false);
    }
    return ok();
}

void Step::take_external(const std::string& system, const std::string& id) {
    if (id.empty() || (order_.external_system == system && order_.external_id == id)) return;
    const OrderRecord* holder = context_.view.order_by_external(system, id);
    if (holder != nullptr && holder->id != order_.id) {
        history_.detail["external_id_taken"] = id;
        history_.detail["by_order"] = holder->id;
        return;
    }
    if (!order_.external_id.empty()) history_.detail["external_id_before"] = order_.external_id;
    history_.detail["external_id"] = id;
    order_.external_system = system;
    order_.external_id = id;
}

void Step::put_message(const std::string& destination, const std::string& kind, std::string payload, bool event) {
    OutboxRecord row;
    row.id = order_.id + "." + std::to_string(order_.history_n) + "." + destination + (event ? ".event" : "");
    row.destination = destination;
    row.key = order_.id;
    row.kind = kind;
    row.order = order_.id;
    row.payload = std::move(payload);
    row.created_at = row.next_at = row.updated_at = context_.now.wall;
    decision_.changes.outbox.push_back(std::move(row));
}

void Step::tell_subscribers(std::string_view type, const std::string& order_json, const std::string& quiet_to) {
    std::string payload;
    for (const Subscriber& subscriber : context_.settings.subscribers) {
        if (subscriber.destination == quiet_to || !wants(subscriber, type)) continue;
        if (payload.empty()) {
            // Written into each other as text: the order's JSON is long, and it is here already.
            payload = "{\"type\":\"" + std::string(type) + "\",\"timestamp\":\"" + to_rfc3339(context_.now.wall) +
                      "\",\"data\":" + order_json.substr(0, order_json.size() - 1) +
                      ",\"history\":" + dump(to_json(history_)) + "}}";
        }
        put_message(subscriber.destination, "event", payload, true);
    }
}

Decision Step::finish(OrderChanged::What what, int status, const std::string& quiet_to) {
    history_.to_state = order_.state;
    std::vector<DeadlineRecord> shown = decision_.changes.deadlines;
    for (const DeadlineRecord& deadline : open_) {
        const auto same = [&](const DeadlineRecord& row) { return row.name == deadline.name && row.n == deadline.n; };
        if (std::none_of(shown.begin(), shown.end(), same)) shown.push_back(deadline);
    }
    nlohmann::ordered_json json = to_json(order_, shown);
    std::string order_json = dump(json);
    Event event = OrderChanged{what, order_.id, order_.owner, order_.group, order_json};
    tell_subscribers(event_type(event), order_json, quiet_to);
    decision_.events.push_back(std::move(event));
    const nlohmann::ordered_json actions = possible_actions(flow_, order_, context_.actor());
    order_json.pop_back();
    decision_.reply = {status, "/v1/orders/" + order_.id, order_json + ",\"actions\":" + dump(actions) + "}"};
    keep_for_lists(context_, flow_, open_, history_, order_, decision_.changes);
    decision_.changes.orders.push_back(std::move(order_));
    decision_.changes.history.push_back(std::move(history_));
    return std::move(decision_);
}

}  // namespace citybridge::desk
