#include "core/desk/engine.h"

#include <date/date.h>

#include <algorithm>

#include "core/desk/field_values.h"

namespace citybridge::desk {
namespace {

// Actions that set off actions end by the flow's check; this is for a flow that was never checked.
constexpr int kDeepest = 8;

bool matches(const Trigger& on, const Trigger& what) { return on.kind == what.kind && on.name == what.name; }

// Some action gives the order back to who took the call.
bool gives_to_opener(const Flow& flow) {
    return std::any_of(flow.actions.begin(), flow.actions.end(), [](const ActionDef& action) {
        return std::any_of(action.assigns.begin(), action.assigns.end(),
                           [](const AssignDef& def) { return def.to == AssignDef::To::call_taker; });
    });
}

}  // namespace

Judged Engine::judged(const OrderRecord* related) const {
    return {flow_, step_.order(), context_.actor(), &context_.calendars, context_.now.wall, note_, related};
}

bool Engine::allowed(const ActionDef& action, const OrderRecord* related) const {
    return hold(action.when, judged(related));
}

void Engine::set(const SetDef& def) {
    Fields& fields = step_.order().fields;
    const FieldDef* field = flow_.field(def.field);
    const LocalDay today = context_.calendar.local_day(context_.now.wall);
    const auto day = date::format("%F", date::local_days{date::days{today.time_since_epoch().count()}});
    switch (def.value) {
        case SetDef::Value::literal: fields[def.field] = def.literal; return;
        case SetDef::Value::empty: fields.erase(def.field); return;
        case SetDef::Value::asker: fields[def.field] = context_.actor().user; return;
        case SetDef::Value::today: fields[def.field] = day; return;
        case SetDef::Value::now:
            fields[def.field] =
                field != nullptr && field->type == FieldType::date ? day : to_rfc3339(context_.now.wall);
            return;
    }
}

// The next person who answers for it today; nobody: the chain's own action.
void Engine::advance(const std::string& name) {
    const ChainDef* chain = flow_.chain(name);
    if (chain == nullptr) return;
    OrderRecord& order = step_.order();
    const DirectoryEntry* entry = chain_entry(context_.book, context_.settings.city, *chain, order);
    Json& state = engine_part(order, "chains", name);
    auto position = static_cast<std::size_t>(number_in(state, "position")) + 1;
    while (entry != nullptr && position < entry->people.size() && !serving(entry->people[position])) ++position;
    const bool left = entry != nullptr && position < entry->people.size();
    if (left || !chain->exhausted.empty())
        state = Json{{"position", position}};
    else
        state = Json{{"position", 0}};
    step_.history().detail["chain"] = name;
    if (left || chain->exhausted.empty()) return;
    step_.history().detail["exhausted"] = true;
    happened({Trigger::Kind::exhausted, name});
    take_if_possible(chain->exhausted, "chain " + name);
}

void Engine::begin_follow_up(const FollowUpDef& follow_up) {
    if (!hold(follow_up.when, judged())) return;
    step_.set_follow_up(follow_up);
    mark_overdue(step_.order(), follow_up.name, false);
    if (!follow_up.remind_before) return;
    const std::string name = "remind:" + follow_up.name;
    step_.settle(name, DeadlineState::cancelled);
    const Millis before = *follow_up.remind_before;
    Term term = follow_up.term;
    if (!term.by_clock && term.rule.after > before && !term.rule.next_day_at) {
        term.rule.after -= before;
        step_.set_deadline(name, "reminder", term);
        return;
    }
    const std::optional<WallTime> due = step_.due_of(follow_up.name);
    if (due && *due - before > context_.now.wall) step_.set_fixed(name, "reminder", *due - before);
}

void Engine::take(const ActionDef& action) {
    OrderRecord& order = step_.order();
    const std::string state_before = order.state;
    for (const SetDef& def : action.sets) set(def);
    if (!action.sets.empty()) add_up(flow_, order.fields);
    if (action.counted) {
        Json& counts = order.engine["counts"];
        counts[action.name] = number_in(counts, action.name) + 1;
    }
    for (const FollowUpDef& follow_up : flow_.follow_ups) {
        if (listed(follow_up.settled_by, action.name)) {
            step_.settle(follow_up.name, DeadlineState::done);
            step_.settle("remind:" + follow_up.name, DeadlineState::cancelled);
            mark_overdue(order, follow_up.name, false);
        }
        if (listed(follow_up.set_by, action.name)) begin_follow_up(follow_up);
    }
    const bool was_closed = flow_.is_closed(order.state);
    step_.move_to(action.to);
    stop_escalations(action.name);
    for (const AssignDef& def : action.assigns)
        if (assign(def)) break;
    for (const std::string& chain : action.advances) advance(chain);
    happened({Trigger::Kind::action, action.name});
    if (order.state != state_before) entered_state();
    if (flow_.is_closed(order.state) && !was_closed) close();
}

void Engine::entered_state() { happened({Trigger::Kind::state, step_.order().state}); }

void Engine::take_if_possible(const std::string& name, const std::string& why) {
    const ActionDef* action = flow_.action(name);
    if (action == nullptr || depth_ >= kDeepest || !listed(action->from, step_.order().state) || !allowed(*action)) {
        step_.history().detail["not_possible"] = name;
        return;
    }
    step_.history().detail["taken"] = name;
    step_.history().detail["taken_for"] = why;
    taken_.push_back(name);
    ++depth_;
    take(*action);
    --depth_;
}

// What still waits has no sense any more; only what the ERP was not told must still be told to a person.
void Engine::close() {
    OrderRecord& order = step_.order();
    happened({Trigger::Kind::close, {}});
    for (const EscalationDef& def : flow_.escalations) {
        const Json* state = find_part(order, "escalations", def.name);
        const bool running = state != nullptr && text_in(*state, "state") == "running";
        if (running && !state->contains("undelivered")) end_escalation(def, "stopped");
    }
    for (const ApprovalDef& def : flow_.approvals) {
        const Json* state = find_part(order, "approvals", def.name);
        if (state == nullptr || text_in(*state, "state") != "open") continue;
        engine_part(order, "approvals", def.name)["state"] = "cancelled";
        step_.settle("approval:" + def.name, DeadlineState::cancelled);
        settle_tellings("approval", def.name, "");
    }
}

void Engine::opened() {
    OrderRecord& order = step_.order();
    if (!flow_.approvals.empty() || !flow_.escalations.empty() || !flow_.tells.empty() || flow_.visible.given ||
        gives_to_opener(flow_))
        order.engine["opener"] = context_.actor().user;
    for (const FollowUpDef& follow_up : flow_.follow_ups)
        if (follow_up.set_on_open) begin_follow_up(follow_up);
    happened({Trigger::Kind::open, {}});
    // The initial state is entered, too, unless a decision has led on already.
    if (taken_.empty()) entered_state();
}

void Engine::fell_due(const FollowUpDef& follow_up) {
    OrderRecord& order = step_.order();
    mark_overdue(order, follow_up.name, true);
    step_.settle("remind:" + follow_up.name, DeadlineState::cancelled);
    if (flow_.is_closed(order.state)) return;
    const std::string before = order.state;
    step_.move_to(follow_up.due_state);
    for (const AssignDef& def : follow_up.assigns)
        if (assign(def)) break;
    happened({Trigger::Kind::overdue, follow_up.name});
    if (order.state != before) entered_state();
    if (!follow_up.due_action.empty()) take_if_possible(follow_up.due_action, "follow_up " + follow_up.name);
}

void Engine::happened(const Trigger& what) {
    for (const AssignDef& def : flow_.assigns)
        if (matches(def.on, what) && assign(def)) break;
    for (std::size_t i = 0; i < flow_.tells.size(); ++i)
        if (matches(flow_.tells[i].on, what)) tell(flow_.tells[i], i);
    for (const EscalationDef& def : flow_.escalations)
        for (const Trigger& start : def.start)
            // The end of one escalation is told by escalation_due(), its beginning is no reason for another.
            if (matches(start, what) && what.kind != Trigger::Kind::escalation) start_escalation(def.name);
    for (const ApprovalDef& def : flow_.approvals)
        if (matches(def.start, what)) start_approval(def);
    decide(what);
}

void Engine::decide(const Trigger& what) {
    for (const DecisionDef& table : flow_.decisions) {
        if (!matches(table.on, what)) continue;
        const OrderRecord* related = find_related(context_, flow_, table, step_.order());
        for (const DecisionDef::Row& row : table.rows) {
            // What goes into another order was tried before this one was opened.
            if (row.what == DecisionDef::Row::Do::act_on_related || !hold(row.when, judged(related))) continue;
            if (related != nullptr && !table.look.empty()) step_.history().detail["related"] = related->id;
            if (row.what == DecisionDef::Row::Do::action) take_if_possible(row.action, "decision");
            break;
        }
    }
}

}  // namespace citybridge::desk
