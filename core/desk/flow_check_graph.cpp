// What can be reached, left and taken, by whom, and that what timers begin ends.
#include <algorithm>
#include <map>

#include "core/desk/flow_checks.h"

namespace citybridge::desk {
namespace {

// Actions that the engine takes by itself, with why.
std::map<std::string, std::string> taken_by_engine(const Flow& flow) {
    std::map<std::string, std::string> out;
    for (const FollowUpDef& follow_up : flow.follow_ups)
        if (!follow_up.due_action.empty()) out[follow_up.due_action] = "follow_up " + follow_up.name;
    for (const ChainDef& chain : flow.chains)
        if (!chain.exhausted.empty()) out[chain.exhausted] = "chain " + chain.name;
    for (const ApprovalDef& approval : flow.approvals) {
        out[approval.approved] = "approval " + approval.name;
        out[approval.rejected] = "approval " + approval.name;
    }
    for (const DecisionDef& table : flow.decisions)
        for (const DecisionDef::Row& row : table.rows)
            if (row.what == DecisionDef::Row::Do::action) out[row.action] = "a decision";
    return out;
}

// Taken with what a person's request for another order brings.
bool taken_for_another(const Flow& flow, const std::string& action) {
    return std::any_of(flow.decisions.begin(), flow.decisions.end(), [&](const DecisionDef& table) {
        return table.look == flow.kind &&
               std::any_of(table.rows.begin(), table.rows.end(), [&](const DecisionDef::Row& row) {
                   return row.what == DecisionDef::Row::Do::act_on_related && row.action == action;
               });
    });
}

bool sets_field(const ActionDef& action, const std::string& name) {
    return std::any_of(action.sets.begin(), action.sets.end(), [&](const SetDef& def) { return def.field == name; });
}

bool open_assigns(const Flow& flow) {
    return std::any_of(flow.assigns.begin(), flow.assigns.end(), [](const AssignDef& def) {
        const bool always_somebody =
            def.to == AssignDef::To::group || def.to == AssignDef::To::least_busy || def.to == AssignDef::To::user;
        return def.on.kind == Trigger::Kind::open && def.when.empty() && always_somebody;
    });
}

}  // namespace

void FlowChecks::reachable() const {
    std::set<std::string> reached;
    for (const StateDef& state : flow.states)
        if (state.initial) reached.insert(state.name);
    for (std::size_t before = 0; before != reached.size();) {
        before = reached.size();
        for (const ActionDef& action : flow.actions)
            if (std::any_of(action.from.begin(), action.from.end(), [&](auto& s) { return reached.contains(s); }) &&
                !action.to.empty())
                reached.insert(action.to);
        for (const FollowUpDef& follow_up : flow.follow_ups)
            if (!follow_up.due_state.empty()) reached.insert(follow_up.due_state);
    }
    for (const StateDef& state : flow.states)
        if (!reached.contains(state.name))
            say(state.at("name"), "state \"" + state.name +
                                      "\" cannot be reached; let an action or a follow_up lead to it, or remove it");
}

void FlowChecks::exits() const {
    for (const StateDef& state : flow.states) {
        if (state.closed) continue;
        const bool leaves = std::any_of(flow.actions.begin(), flow.actions.end(), [&](const ActionDef& action) {
            return listed(action.from, state.name) && !action.to.empty() && action.to != state.name;
        });
        if (!leaves)
            say(state.at("name"), "no action leads out of state \"" + state.name +
                                      "\", so its orders would stay for ever; add one, or write closed=\"true\"");
    }
}

void FlowChecks::takers() const {
    const auto engine = taken_by_engine(flow);
    for (const ActionDef& action : flow.actions) {
        const bool people = std::any_of(action.roles.begin(), action.roles.end(),
                                        [](const std::string& role) { return role != "system"; });
        const auto taken = engine.find(action.name);
        if (!people && taken == engine.end() && !taken_for_another(flow, action.name))
            say(action.at("roles"), "nobody takes action \"" + action.name +
                                        "\": no timer, chain, approval or decision does; name a role of people");
        if (taken == engine.end()) continue;
        if (action.note_required)
            say(action.at("note_required"),
                "nobody can write a note when " + taken->second + " takes this action; remove note_required");
        for (const std::string& name : action.required_fields) {
            const FieldDef* field = flow.field(name);
            if (!field->required && !sets_field(action, name))
                say(action.at("required_fields"), "nobody can fill in \"" + name + "\" when " + taken->second +
                                                      " takes this action; let a <set> do it, or make it optional");
        }
    }
}

// An order that nobody owns is forgotten.
void FlowChecks::owners() const {
    if (!flow.owner_required || open_assigns(flow)) return;
    const auto remedy = "; add <assign on=\"open\" to=\"group:NAME\"/>, or write owner_required=\"false\"";
    for (const std::string& role : flow.open_roles)
        if (!is_person_role(role))
            return say(flow.at("open_roles"),
                       "an order opened by role " + role + " would have no owner and no group" + remedy);
    for (const RecurrenceDef& recurrence : flow.recurrences)
        if (recurrence.owner.empty() && recurrence.group.empty())
            say(recurrence.places.element,
                "the order this opens would have no owner and no group; give owner or group");
}

void FlowChecks::graph() {
    const std::size_t before = problems.size();
    reachable();
    // Of a state that nothing leads to the way out is not missed.
    if (problems.size() == before) exits();
    takers();
    owners();
}

void FlowChecks::escalations() {
    // From one escalation to those it can set off.
    std::map<std::string, std::set<std::string>> next;
    for (const EscalationDef& escalation : flow.escalations)
        for (const Trigger& start : escalation.start)
            if (start.kind == Trigger::Kind::escalation) next[start.name].insert(escalation.name);
    for (const TellDef& tell : flow.tells)
        if (tell.on.kind == Trigger::Kind::escalation && !tell.unconfirmed.empty())
            next[tell.on.name].insert(tell.unconfirmed);
    for (const EscalationDef& escalation : flow.escalations) {
        std::set<std::string> reached;
        std::vector<std::string> open{escalation.name};
        while (!open.empty()) {
            const std::string name = std::move(open.back());
            open.pop_back();
            for (const std::string& other : next[name])
                if (reached.insert(other).second) open.push_back(other);
        }
        if (reached.contains(escalation.name))
            return say(escalation.at("start"), "escalation \"" + escalation.name +
                                                   "\" sets itself off again, directly or through others, and would "
                                                   "never end; break the loop");
        const bool started =
            !escalation.start.empty() ||
            std::any_of(flow.tells.begin(), flow.tells.end(),
                        [&](const TellDef& tell) { return tell.unconfirmed == escalation.name; }) ||
            std::any_of(flow.erps.begin(), flow.erps.end(),
                        [&](const ErpDef& erp) {
                            return std::any_of(erp.sends.begin(), erp.sends.end(),
                                               [&](const SendDef& send) { return send.escalation == escalation.name; });
                        }) ||
            std::any_of(flow.approvals.begin(), flow.approvals.end(), [&](const ApprovalDef& approval) {
                return std::any_of(approval.steps.begin(), approval.steps.end(),
                                   [&](const ApprovalStep& step) { return step.late == escalation.name; });
            });
        if (!started)
            say(escalation.at("name"), "nothing sets escalation \"" + escalation.name +
                                           "\" off; give it start=\"overdue:FOLLOW_UP\", or remove it");
    }
}

}  // namespace citybridge::desk
