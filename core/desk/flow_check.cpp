#include "core/desk/flow_check.h"

#include <algorithm>
#include <array>

#include "core/desk/access.h"
#include "core/desk/engine_state.h"
#include "core/desk/field_values.h"
#include "core/desk/flow_checks.h"

namespace citybridge::desk {
namespace {

constexpr std::array<std::string_view, 8> kRoles{"agent", "team_lead", "supervisor", "quality",
                                                 "admin", "erp",       "node",       "system"};
// They mean something in a history, in `on`, or in a path of the API.
constexpr std::array<std::string_view, 24> kReserved{
    "opened",      "erased",    "note",     "delivered", "undelivered", "overdue",     "erp",     "notes",
    "open",        "close",     "history",  "assign",    "assigned_to", "acknowledge", "approve", "reject",
    "attachments", "escalated", "reminded", "told",      "corrected",   "migrated",    "idle",    "watched"};
// What rules plugins and ERPs know.
constexpr std::array<std::string_view, 8> kMessages{"open_order",  "append_note",    "change_order", "cancel_order",
                                                    "close_order", "escalate_order", "reopen_order", "query_order"};

template <std::size_t N>
bool among(const std::array<std::string_view, N>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

template <std::size_t N>
std::string all_of(const std::array<std::string_view, N>& words) {
    std::string out;
    for (const std::string_view word : words) out += (out.empty() ? "" : ", ") + std::string(word);
    return out;
}

}  // namespace

bool is_person_role(std::string_view role) {
    return among(kRoles, role) && role != "erp" && role != "node" && role != "system";
}

void FlowChecks::roles(const std::vector<std::string>& list, const Position& where, bool system) const {
    if (list.empty()) say(where, "name at least one role, else nobody may do this");
    for (const std::string& role : list)
        if (!among(kRoles, role) || (role == "system" && !system))
            say(where, "\"" + role + "\" is no role; use agent, team_lead, supervisor, quality, admin, erp or node" +
                           (system ? ", or system for what timers do" : ""));
}

void FlowChecks::states() const {
    once(flow.states, "state");
    const auto initial = std::count_if(flow.states.begin(), flow.states.end(), [](auto& s) { return s.initial; });
    if (initial != 1) say(flow.where, "exactly one state must have initial=\"true\"");
    const auto closed = std::count_if(flow.states.begin(), flow.states.end(), [](auto& s) { return s.closed; });
    if (closed == 0) say(flow.where, "at least one state must have closed=\"true\", else no order ever ends");
    for (const StateDef& state : flow.states)
        if (state.initial && state.closed) say(state.at.element, "the initial state must not be closed");
}

void FlowChecks::fields() const {
    once(flow.fields, "field");
    for (const FieldDef& field : flow.fields) {
        if (field.secret) roles(field.reveal_roles, field.at("reveal_roles"));
        if (field.fallback.is_null()) continue;
        if (!field.sum_of.empty()) say(field.at("default"), "a sum follows from its parts; give these a default");
        if (const std::string wrong = wrong_value(field, field.fallback); !wrong.empty())
            say(field.at("default"), "default of \"" + field.name + "\" " + wrong);
    }
}

// Whoever takes it must take the order off the head of the line: else everybody waits for ever.
void FlowChecks::in_turn(const ActionDef& action) const {
    if (action.reopen) say(action.at("in_turn"), "closed orders wait for no turn; remove in_turn or reopen");
    if (std::all_of(action.roles.begin(), action.roles.end(), [](const std::string& role) { return role == "system"; }))
        say(action.at("in_turn"), "only people wait for their turn; remove in_turn, or name their roles");
    if (action.to.empty() || listed(action.from, action.to))
        say(action.at(action.to.empty() ? "in_turn" : "to"),
            "an order that stays in state \"" + (action.to.empty() ? action.from.front() : action.to) +
                "\" keeps its turn, and nobody else's would come; lead to a state that is not in from");
}

void FlowChecks::actions() const {
    once(flow.actions, "action");
    for (const ActionDef& action : flow.actions) {
        if (among(kReserved, action.name))
            say(action.at("name"), "\"" + action.name + "\" has a meaning of its own; give the action another name");
        for (const std::string& from : action.from) {
            known_state(from, action.at("from"));
            if (flow.is_closed(from) && !action.reopen)
                say(action.at("from"), "state \"" + from +
                                           "\" is closed and has no way out; take it out of from, or write "
                                           "reopen=\"true\" if this action opens the order again");
        }
        if (action.reopen && std::none_of(action.from.begin(), action.from.end(),
                                          [&](const std::string& from) { return flow.is_closed(from); }))
            say(action.at("reopen"),
                "reopen=\"true\" is of use only from a closed state; name one in from, or remove it");
        if (action.in_turn) in_turn(action);
        if (!action.to.empty()) known_state(action.to, action.at("to"));
        roles(action.roles, action.at("roles"), true);
        known_fields(action.required_fields, action.at("required_fields"));
        known_fields(action.optional_fields, action.at("optional_fields"));
        for (const FieldDef& field : flow.fields)
            if (!field.sum_of.empty() &&
                (listed(action.required_fields, field.name) || listed(action.optional_fields, field.name)))
                say(action.at(listed(action.required_fields, field.name) ? "required_fields" : "optional_fields"),
                    "field \"" + field.name + "\" is a sum, which nobody gives; name its parts");
        for (const std::string& name : action.required_fields)
            if (listed(action.optional_fields, name))
                say(action.at("optional_fields"), "field \"" + name + "\" is required and optional; keep one");
        conditions(action.when, action.from);
        for (const SetDef& def : action.sets) set(def);
        for (const std::string& name : action.advances) known_chain(name, action.at.element);
    }
}

// Between the moment it is set and the one it is due.
void FlowChecks::remind(const FollowUpDef& follow_up) const {
    if (!follow_up.remind_before) return;
    const DueRule& rule = follow_up.term.rule;
    constexpr Millis kDay = std::chrono::hours(24);
    const Millis longest = rule.after.count() > 0 ? rule.after : rule.working_days * kDay;
    if (*follow_up.remind_before == Millis{0})
        say(follow_up.at("remind_before"),
            "a reminder at the moment it is due reminds nobody; give some time, or "
            "leave it out");
    else if ((longest.count() > 0 || rule.same_day) && *follow_up.remind_before >= (rule.same_day ? kDay : longest))
        say(follow_up.at("remind_before"), "the reminder would come before the follow-up is set; remind later");
}

void FlowChecks::follow_ups() const {
    once(flow.follow_ups, "follow_up");
    for (const FollowUpDef& follow_up : flow.follow_ups) {
        const Places& at = follow_up.at;
        if (follow_up.name == kIdle)
            say(at("name"), "\"idle\" is the node's own deadline, of orders that have no other; use another name");
        if (!follow_up.due_state.empty()) {
            known_state(follow_up.due_state, at("due_state"));
            if (flow.is_closed(follow_up.due_state))
                say(at("due_state"), "an order that falls due must not close by itself; name an open state");
        }
        if (!follow_up.due_action.empty()) known_action(follow_up.due_action, at("due_action"));
        if (!follow_up.due_action.empty() && !follow_up.due_state.empty())
            say(at("due_state"), "due_state and due_action both say what becomes of the order; keep one");
        known_actions(follow_up.set_by, at("set_by"));
        known_actions(follow_up.settled_by, at("settled_by"));
        conditions(follow_up.when);
        for (const std::string& name : follow_up.set_by)
            if (const ActionDef* action = flow.action(name); action && flow.is_closed(action->to))
                say(at("set_by"), "action \"" + name + "\" closes the order, so it can set no follow-up");
        remind(follow_up);
    }
}

void FlowChecks::sends() const {
    std::set<std::string> connectors, heard;
    for (const ErpDef& erp : flow.erps) {
        for (const std::string& hook : erp.hooks)
            if (!heard.insert(hook).second)
                say(erp.at("hooks"), "what comes in by \"" + hook + "\" belongs to the <erp> above; name it in one");
        if (!connectors.insert(erp.connector).second)
            say(erp.where, "connector \"" + erp.connector + "\" has an <erp> already; put all its <send> into one");
        std::set<std::string> seen;
        for (const SendDef& send : erp.sends) {
            if (!seen.insert(send.on).second)
                say(send.at("on"), "there is a <send> on \"" + send.on + "\" already; keep one");
            if (send.on != "open" && send.on != "note" && send.on != "close" && !flow.action(send.on))
                say(send.at("on"),
                    "on must be open, note, close or the name of an action; \"" + send.on + "\" is none");
            if (!among(kMessages, send.message))
                say(send.at("message"),
                    "no ERP knows a message \"" + send.message + "\"; use one of: " + all_of(kMessages));
            if (!send.escalation.empty()) known_escalation(send.escalation, send.at("escalation"));
        }
    }
}

void FlowChecks::basics() {
    roles(flow.open_roles, flow.at("open_roles"), true);
    roles(flow.note_roles, flow.at("note_roles"));
    if (flow.idle_after && *flow.idle_after == DueRule{})
        say(flow.at("idle_after"),
            "every open order needs a deadline, so idle_after cannot be 0; write for instance \"2d\", or leave it out");
    fields();
    states();
    actions();
    follow_ups();
    sends();
}

void check_flow(const Flow& flow, Problems& problems) {
    const std::size_t before = problems.size();
    FlowChecks checks{flow, problems};
    checks.basics();
    checks.parts();
    checks.rules();
    checks.sense();
    // Of a flow whose names are wrong the graph says nothing new.
    if (problems.size() == before) checks.graph();
    if (problems.size() == before) checks.escalations();
    if (problems.size() == before) checks.ways();
}

}  // namespace citybridge::desk
