// Where an order can be at each moment, and what can happen to it there: an end, an answer, an approval.
#include <algorithm>
#include <map>

#include "core/desk/condition_logic.h"
#include "core/desk/flow_checks.h"

namespace citybridge::desk {
namespace {

using States = std::set<std::string>;

bool possible_in(const ActionDef& action, const States& states) {
    return std::any_of(action.from.begin(), action.from.end(),
                       [&](const auto& state) { return states.contains(state); });
}

std::string all_of(const States& states) {
    std::string out;
    for (const std::string& state : states) out += (out.empty() ? "" : ", ") + state;
    return out;
}

States initial_of(const Flow& flow) {
    States out;
    for (const StateDef& state : flow.states)
        if (state.initial) out.insert(state.name);
    return out;
}

States after_action(const ActionDef& action) {
    return action.to.empty() ? States(action.from.begin(), action.from.end()) : States{action.to};
}

// All that can follow, sooner or later. A deadline may be set in any state before.
States sooner_or_later(const Flow& flow, States states) {
    for (std::size_t before = 0; before != states.size();) {
        before = states.size();
        for (const ActionDef& action : flow.actions)
            if (!action.to.empty() && possible_in(action, states)) states.insert(action.to);
        for (const FollowUpDef& follow_up : flow.follow_ups)
            if (!follow_up.due_state.empty()) states.insert(follow_up.due_state);
    }
    return states;
}

// Right after `on`, decisions included.
States right_after(const Flow& flow, const Trigger& on) {
    const ActionDef* action = on.kind == Trigger::Kind::action ? flow.action(on.name) : nullptr;
    States out = action == nullptr ? initial_of(flow) : after_action(*action);
    for (const DecisionDef& table : flow.decisions)
        for (const DecisionDef::Row& row : table.rows)
            if (table.on == on && row.what == DecisionDef::Row::Do::action)
                if (const ActionDef* next = flow.action(row.action); next != nullptr && !next->to.empty())
                    out.insert(next->to);
    return out;
}

bool at_once(const FollowUpDef& follow_up) {
    const DueRule& rule = follow_up.term.rule;
    return rule.after == Millis{0} && !rule.same_day && rule.working_days == 0 && !rule.at;
}

}  // namespace

void FlowChecks::ends() const {
    // Backwards, from the ends. A deadline may lead on from any open state.
    States ending;
    for (const StateDef& state : flow.states)
        if (state.closed) ending.insert(state.name);
    for (std::size_t before = 0; before != ending.size();) {
        before = ending.size();
        for (const ActionDef& action : flow.actions)
            if (ending.contains(action.to)) ending.insert(action.from.begin(), action.from.end());
        for (const FollowUpDef& follow_up : flow.follow_ups)
            if (ending.contains(follow_up.due_state))
                for (const StateDef& state : flow.states) ending.insert(state.name);
    }
    for (const StateDef& state : flow.states)
        if (!ending.contains(state.name))
            return say(state.at("name"), "from state \"" + state.name +
                                             "\" no way leads to an end, so its orders would never be done; let an "
                                             "action lead to a state with closed=\"true\"");
}

void FlowChecks::answers() const {
    for (const FollowUpDef& follow_up : flow.follow_ups) {
        States begins = follow_up.set_on_open ? right_after(flow, {Trigger::Kind::open, {}}) : States{};
        for (const std::string& name : follow_up.set_by) begins.merge(after_action(*flow.action(name)));
        const States states = sooner_or_later(flow, std::move(begins));
        const auto never = [&](const std::string& name) { return !possible_in(*flow.action(name), states); };
        if (std::all_of(follow_up.settled_by.begin(), follow_up.settled_by.end(), never))
            say(follow_up.at("settled_by"), "an order that waits for \"" + follow_up.name +
                                                "\" is never where one of these actions is possible (it is in " +
                                                all_of(states) + "); name an action that is");
        if (!follow_up.due_action.empty() && never(follow_up.due_action))
            say(follow_up.at("due_action"), "when \"" + follow_up.name + "\" falls due the order is never where \"" +
                                                follow_up.due_action + "\" is possible (it is in " + all_of(states) +
                                                "); name one of these in from of the action");
    }
}

void FlowChecks::decided_actions() const {
    for (const DecisionDef& table : flow.decisions) {
        if (table.on.kind == Trigger::Kind::verification) continue;
        const States states = right_after(flow, table.on);
        for (const DecisionDef::Row& row : table.rows) {
            if (row.what != DecisionDef::Row::Do::action || possible_in(*flow.action(row.action), states)) continue;
            say(row.at("action"), "the order is in " + all_of(states) + " then, where \"" + row.action +
                                      "\" is not possible; name that state in from of the action");
        }
    }
}

// What is granted must be possible where the order is when it was asked for.
void FlowChecks::granted_actions() const {
    for (const ApprovalDef& approval : flow.approvals) {
        const bool by_action = approval.start.kind == Trigger::Kind::action;
        if (by_action && (approval.start.name == approval.approved || approval.start.name == approval.rejected)) {
            say(approval.at("start"), "what this approval leads to, \"" + approval.start.name +
                                          "\", starts it again and again; start it on another action");
            continue;
        }
        const States states = right_after(flow, approval.start);
        if (std::all_of(states.begin(), states.end(), [&](const auto& state) { return flow.is_closed(state); }))
            say(approval.at("start"),
                "the order has ended by then and asks nobody; start the approval on an action before its end");
        const auto check = [&](const std::string& name, const char* attribute) {
            if (!possible_in(*flow.action(name), states))
                say(approval.at(attribute),
                    "action \"" + name + "\" is not possible in " + all_of(states) +
                        ", where the order waits for this approval; name that state in its from");
        };
        check(approval.approved, "approved");
        check(approval.rejected, "rejected");
    }
}

// Due at once, taken, set again: it would turn as fast as the node can.
void FlowChecks::rings_at_once() const {
    for (const FollowUpDef& start : flow.follow_ups) {
        std::set<std::string> seen;
        std::vector<const FollowUpDef*> open{&start};
        while (!open.empty()) {
            const FollowUpDef& from = *open.back();
            open.pop_back();
            if (!at_once(from) || from.due_action.empty()) continue;
            for (const FollowUpDef& next : flow.follow_ups) {
                if (!at_once(next) || !listed(next.set_by, from.due_action)) continue;
                if (&next == &start)
                    return say(start.at("due_action"), "\"" + from.due_action + "\" sets \"" + start.name +
                                                           "\" again, which is due at once, without end; give it "
                                                           "after=\"1h\", or let another action set it");
                if (seen.insert(next.name).second) open.push_back(&next);
            }
        }
    }
}

// The first row that holds decides: one that holds only when a row above does is never reached.
void FlowChecks::hidden_rows() const {
    for (const DecisionDef& table : flow.decisions)
        for (std::size_t i = 0; i < table.rows.size(); ++i) {
            const DecisionDef::Row& row = table.rows[i];
            const bool none = std::any_of(row.when.begin(), row.when.end(), [](const Condition& one) {
                return one.about == Condition::About::related && !one.yes;
            });
            if (none && row.what == DecisionDef::Row::Do::act_on_related)
                say(row.at("act"),
                    "nothing was found, so there is no order to act on; write open=\"true\" or "
                    "action=\"ACTION\"");
            for (std::size_t j = 0; j < i && !row.when.empty(); ++j) {
                const DecisionDef::Row& above = table.rows[j];
                // What the order found cannot do is left to the rows below.
                if (above.what == DecisionDef::Row::Do::act_on_related || above.when.empty() ||
                    !imply(flow, row.when, above.when))
                    continue;
                say(row.when.front().at.element,
                    "whenever this row holds, row " + std::to_string(j + 1) +
                        " above has decided already, so it is never chosen; move it up, or remove it");
                break;
            }
        }
}

void FlowChecks::ways() const {
    ends();
    answers();
    decided_actions();
    granted_actions();
    rings_at_once();
}

}  // namespace citybridge::desk
