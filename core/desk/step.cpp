#include "core/desk/step.h"

#include <algorithm>
#include <functional>

#include "core/api/records_json.h"
#include "core/desk/access.h"
#include "core/desk/engine_state.h"
#include "core/desk/order_access.h"
#include "core/desk/order_summary.h"
#include "core/desk/order_view.h"

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
    if (state.empty()) return;
    order_.state = state;
    if (!flow_.is_closed(state)) {
        order_.closed_at.reset();
        return;
    }
    if (order_.closed_at) return;
    order_.closed_at = context_.now.wall;
    // That the ERP must still hear of it, and who is told if it does not, outlives the order.
    const auto outlives = [&](const DeadlineRecord& row) {
        if (row.kind != "escalation") return row.kind == "undelivered";
        const Json* part = find_part(order_, "escalations", row.name.substr(row.name.find(':') + 1));
        return part != nullptr && part->contains("undelivered");
    };
    for (const DeadlineRecord& row : std::vector<DeadlineRecord>(open_))
        if (!outlives(row)) settle_one(row, DeadlineState::cancelled);
}

void Step::set_follow_up(const FollowUpDef& follow_up) {
    settle(follow_up.name, DeadlineState::cancelled);
    set_deadline(follow_up.name, "follow_up", follow_up.term);
}

void Step::set_deadline(const std::string& name, const std::string& kind, const Term& term) {
    DeadlineRecord row;
    row.name = name;
    row.kind = kind;
    if (term.by_clock) {
        row.from_at = context_.now.wall;
        row.due_at = context_.now.wall + term.rule.after;
    } else {
        set_due(row, context_.calendars, term.calendar.empty() ? flow_.calendar : term.calendar, term.rule,
                context_.now.wall);
    }
    put_deadline(std::move(row));
}

void Step::set_fixed(const std::string& name, const std::string& kind, WallTime due_at) {
    DeadlineRecord row;
    row.name = name;
    row.kind = kind;
    row.from_at = context_.now.wall;
    row.due_at = due_at;
    put_deadline(std::move(row));
}

void Step::put_deadline(DeadlineRecord row) {
    row.order = order_.id;
    // The step's number: grows each time, although only open deadlines are in the view.
    row.n = order_.history_n;
    row.set_at = context_.now.wall;
    const auto same = [&](const DeadlineRecord& other) { return other.name == row.name && other.n == row.n; };
    std::erase_if(open_, same);
    std::erase_if(decision_.changes.deadlines, same);
    open_.push_back(row);
    decision_.changes.deadlines.push_back(std::move(row));
}

std::optional<WallTime> Step::due_of(const std::string& name) const {
    for (const DeadlineRecord& row : open_)
        if (row.name == name) return row.due_at;
    return std::nullopt;
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
        auto payload = flow_.has_secrets
                           ? payload_of(context_, send->message, without_secrets(flow_, order_), customer, text)
                           : payload_of(context_, send->message, order_, customer, text);
        if (!payload) return payload.error();
        put_message(erp.connector, send->message, dump(*payload), false);
        if (!send->tell_if_undelivered_after) continue;
        Term term;
        term.rule.after = *send->tell_if_undelivered_after;
        term.by_clock = true;
        set_deadline("undelivered:" + erp.connector, "undelivered", term);
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

std::string Step::put_message_of(const std::string& destination, const std::string& kind, std::string payload, int k,
                                 std::optional<WallTime> not_before) {
    put_message(destination, kind, std::move(payload), false);
    if (not_before) decision_.changes.outbox.back().next_at = *not_before;
    std::string& id = decision_.changes.outbox.back().id;
    id += ".t" + std::to_string(k);
    return id;
}

// No open order without a deadline, whatever its flow says; with another one the node's own has done its work.
void Step::keep_watched() {
    if (order_.closed_at) return;
    const auto own = [](const DeadlineRecord& row) { return row.kind == kIdle; };
    const bool others = std::any_of(open_.begin(), open_.end(), std::not_fn(own));
    const bool watched = std::any_of(open_.begin(), open_.end(), own);
    if (others && watched) settle(kIdle, DeadlineState::done);
    if (others || watched) return;
    Term term;
    term.rule = flow_.idle_after.value_or(context_.book.idle_after);
    set_deadline(kIdle, kIdle, term);
}

void Step::tell_user(const std::string& user) {
    if (!user.empty() && !listed(told_, user)) told_.push_back(user);
}

void Step::tell_group(const std::string& group) {
    if (!group.empty() && !listed(told_groups_, group)) told_groups_.push_back(group);
}

void Step::tell_subscribers(std::string_view type, const std::string& order_json, const std::string& quiet_to) {
    std::string payload;
    for (const Subscriber& subscriber : context_.settings.subscribers) {
        if (subscriber.destination == quiet_to || !wants(subscriber, type)) continue;
        if (payload.empty()) {
            // Written into each other as text: the order's JSON is long, and it is here already.
            Json entry = to_json(history_);
            if (history_text_hidden_) entry["text"] = nullptr, entry["detail"] = Json::object();
            payload = "{\"type\":\"" + std::string(type) + "\",\"timestamp\":\"" + to_rfc3339(context_.now.wall) +
                      "\",\"data\":" + order_json.substr(0, order_json.size() - 1) + ",\"history\":" + dump(entry) +
                      "}}";
        }
        put_message(subscriber.destination, "event", payload, true);
    }
}

Decision Step::finish(OrderChanged::What what, int status, const std::string& quiet_to) {
    history_.to_state = order_.state;
    keep_watched();
    std::vector<DeadlineRecord> shown = decision_.changes.deadlines;
    for (const DeadlineRecord& deadline : open_) {
        const auto same = [&](const DeadlineRecord& row) { return row.name == deadline.name && row.n == deadline.n; };
        if (std::none_of(shown.begin(), shown.end(), same)) shown.push_back(deadline);
    }
    const LocalDay today = context_.calendar.local_day(context_.now.wall);
    const Json view = order_view(context_.book, context_.settings.city, &flow_, order_, shown, today);
    std::string order_json = dump(view);
    // A private matter is told of, not told.
    std::string public_json = order_json;
    if (flow_.visible.given) {
        Json without = view;
        without["fields"] = Json::object();
        public_json = dump(without);
        history_text_hidden_ = true;
    }
    Event event = OrderChanged{what, order_.id, order_.owner, order_.group, public_json, told_, told_groups_};
    tell_subscribers(event_type(event), public_json, quiet_to);
    decision_.events.push_back(std::move(event));
    const std::vector<std::string> actions = actions_now(context_, flow_, order_);
    order_json.pop_back();
    if (!flow_.scripts.empty())
        order_json += ",\"scripts\":" + dump(scripts_of(*context_.settings.scripts->get(), flow_, order_, actions));
    decision_.reply = {status, "/v1/orders/" + order_.id, order_json + ",\"actions\":" + dump(Json(actions)) + "}"};
    keep_for_lists(context_, flow_, open_, history_, order_, decision_.changes);
    decision_.changes.orders.push_back(std::move(order_));
    decision_.changes.history.push_back(std::move(history_));
    return std::move(decision_);
}

}  // namespace citybridge::desk
