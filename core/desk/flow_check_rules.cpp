// Decisions, approvals, assignment and recurrence.
#include <algorithm>

#include "core/desk/access.h"
#include "core/desk/flow_checks.h"

namespace citybridge::desk {

void FlowChecks::decisions() const {
    for (const DecisionDef& table : flow.decisions) {
        if (table.on.kind != Trigger::Kind::open && table.on.kind != Trigger::Kind::action &&
            table.on.kind != Trigger::Kind::verification)
            say(table.at("on"), "a decision is made on open, action:NAME or verification:WORD");
        trigger(table.on, table.at("on"));
        known_fields(table.by_fields, table.at("by"));
        if (table.rows.empty() || !table.rows.back().when.empty())
            say(table.at.element,
                "no row always holds, so some requests would be left undecided; end the table with "
                "<row><do open=\"true\"/></row>");
        for (std::size_t i = 0; i < table.rows.size(); ++i) {
            const DecisionDef::Row& row = table.rows[i];
            conditions(row.when, {}, !table.look.empty());
            if (row.when.empty() && i + 1 < table.rows.size())
                say(row.at.element, "this row always holds, so those below it are never looked at; move it to the end");
            if (row.what == DecisionDef::Row::Do::action) known_action(row.action, row.at("action"));
            if (row.what != DecisionDef::Row::Do::act_on_related) continue;
            if (table.look.empty())
                say(row.at("act"), "act=\"" + row.action + "\" is an action of the order found; name its kind in look");
            if (table.on.kind != Trigger::Kind::open)
                say(row.at("act"), "an order that is there already cannot go into another; act is for on=\"open\"");
        }
    }
}

void FlowChecks::approvals() const {
    once(flow.approvals, "approval");
    for (const ApprovalDef& approval : flow.approvals) {
        if (approval.start.kind != Trigger::Kind::open && approval.start.kind != Trigger::Kind::action)
            say(approval.at("start"), "an approval starts on open or action:NAME");
        trigger(approval.start, approval.at("start"));
        known_action(approval.approved, approval.at("approved"));
        known_action(approval.rejected, approval.at("rejected"));
        for (const ApprovalStep& step : approval.steps) {
            recipient(step.by, step.at("by"));
            const auto kind = step.by.kind;
            if (kind == Recipient::Kind::owner || kind == Recipient::Kind::asker || kind == Recipient::Kind::opener ||
                kind == Recipient::Kind::customer)
                say(step.at("by"),
                    "nobody approves his own request; name a role, group_lead, a chain, the directory or "
                    "another user");
            const FieldDef* field = kind == Recipient::Kind::field ? flow.field(step.by.name) : nullptr;
            if (field != nullptr && field->type != FieldType::user)
                say(step.at("by"), "field \"" + field->name + "\" is of type " + std::string(to_string(field->type)) +
                                       ", and only a user approves; use a field of type user");
            if (step.quorum > 1 &&
                (kind == Recipient::Kind::user || (kind == Recipient::Kind::chain && !step.deputies)))
                say(step.at("quorum"),
                    "quorum " + std::to_string(step.quorum) +
                        " cannot be reached by one person; name a role or group, or deputies=\"true\"");
            if (!step.late.empty()) known_escalation(step.late, step.at("late"));
            conditions(step.when);
        }
        if (!approval.steps.empty() && !approval.steps.front().when.empty() &&
            std::all_of(approval.steps.begin(), approval.steps.end(),
                        [](const auto& step) { return !step.when.empty(); }))
            say(approval.at.element,
                "every step has conditions, so a request might be approved by nobody; let one step "
                "always hold");
    }
}

void FlowChecks::rules() {
    decisions();
    approvals();
    const auto assigned = [&](const AssignDef& def) {
        trigger(def.on, def.at("on"));
        conditions(def.when);
        if (def.to == AssignDef::To::chain) known_chain(def.name, def.at.element);
        if (def.to != AssignDef::To::field) return;
        known_fields({def.name}, def.at.element);
        const FieldDef* field = flow.field(def.name);
        if (field != nullptr && field->type != FieldType::user && field->type != FieldType::group)
            say(def.at.element, "field \"" + def.name + "\" must be of type user or group to be given the order");
    };
    for (const AssignDef& def : flow.assigns) assigned(def);
    for (const ActionDef& action : flow.actions)
        for (const AssignDef& def : action.assigns) assigned(def);
    for (const FollowUpDef& follow_up : flow.follow_ups)
        for (const AssignDef& def : follow_up.assigns) assigned(def);

    std::set<std::string> seen;
    for (const RecurrenceDef& recurrence : flow.recurrences) {
        if (!seen.insert(recurrence.name).second)
            say(recurrence.places("name"),
                "recurrence \"" + recurrence.name + "\" is defined twice; rename or remove one");
        for (const SetDef& def : recurrence.sets) set(def);
        for (const FieldDef& field : flow.fields) {
            const bool filled = std::any_of(recurrence.sets.begin(), recurrence.sets.end(),
                                            [&](const SetDef& def) { return def.field == field.name; });
            if (field.required && field.fallback.is_null() && !filled)
                say(recurrence.places.element, "nobody fills in the required field \"" + field.name +
                                                   "\" when this opens an order; add <set field=\"" + field.name +
                                                   "\" .../>, or a default");
        }
    }
    if (flow.visible.given) roles(flow.visible.roles, flow.visible.at("roles"));
}

}  // namespace citybridge::desk
