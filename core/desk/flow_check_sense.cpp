// Parts that are right one by one and make no sense together.
#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "core/desk/condition_logic.h"
#include "core/desk/field_values.h"
#include "core/desk/flow_checks.h"
#include "core/desk/xml_element.h"

namespace citybridge::desk {
namespace {

bool is_number(const std::string& word) {
    const std::size_t first = word.starts_with('-') ? 1 : 0;
    return word.size() > first && word.find_first_not_of("0123456789", first) == std::string::npos;
}

const SendDef* first_on_open(const ErpDef& erp) {
    const auto found =
        std::find_if(erp.sends.begin(), erp.sends.end(), [](const auto& send) { return send.on == "open"; });
    return found == erp.sends.end() ? nullptr : &*found;
}

// It finds somebody, or a group, whoever asks.
bool always_finds(const AssignDef& def) {
    using To = AssignDef::To;
    return def.when.empty() && (def.to == To::group || def.to == To::least_busy || def.to == To::user);
}

}  // namespace

// What a field's value is compared with must be one that it could have.
void FlowChecks::comparable(const Condition& one, const FieldDef& field) const {
    if (one.test == Condition::Test::present || one.test == Condition::Test::before ||
        one.test == Condition::Test::after)
        return;
    for (const std::string& word : one.words) {
        if (field.type == FieldType::integer && !is_number(word))
            say(one.at.element, "\"" + one.name + "\" is a whole number, never \"" + word + "\"; compare it with one");
        if (field.type == FieldType::date && !day_of(word))
            say(one.at.element, "\"" + one.name + "\" is a date, never \"" + word + "\"; write one such as 2026-10-01");
    }
}

// All of a list must hold, so two that are never both hold never do.
void FlowChecks::contradictions(const Conditions& list) const {
    for (std::size_t i = 0; i < list.size(); ++i)
        for (std::size_t j = i + 1; j < list.size(); ++j)
            if (exclude(flow, list[i], list[j]))
                say(list[j].at.element,
                    (list[j].name.empty() ? std::string("the order") : "\"" + list[j].name + "\"") +
                        " is never both this and what stands above, and both must hold; put them into <any>, or take "
                        "one out");
}

void FlowChecks::double_sets() const {
    for (const ActionDef& action : flow.actions) {
        std::set<std::string> seen;
        for (const SetDef& def : action.sets) {
            if (!seen.insert(def.field).second)
                say(def.at.element, "action \"" + action.name + "\" sets \"" + def.field + "\" twice; keep one");
            if (listed(action.required_fields, def.field))
                say(def.at.element, "\"" + def.field +
                                        "\" is asked for and then set to something else; take it out of "
                                        "required_fields, or remove this <set>");
        }
    }
    for (const RecurrenceDef& recurrence : flow.recurrences)
        for (const SetDef& def : recurrence.sets)
            if (def.value == SetDef::Value::asker)
                say(def.at("value_of"), "nobody asks when this opens an order; name the owner or the group instead");
}

// On every step an action takes the next by itself: such a ring never ends.
void FlowChecks::decision_rings() const {
    std::map<std::string, std::vector<const DecisionDef::Row*>> next;
    for (const DecisionDef& table : flow.decisions)
        for (const DecisionDef::Row& row : table.rows)
            if (table.on.kind == Trigger::Kind::action && row.what == DecisionDef::Row::Do::action)
                next[table.on.name].push_back(&row);
    for (const auto& [start, rows] : next) {
        std::set<std::string> seen;
        const std::function<void(const std::string&)> walk = [&](const std::string& action) {
            if (!seen.insert(action).second) return;
            for (const DecisionDef::Row* row : next[action]) {
                if (row->action == start)
                    say(row->at("action"), "action \"" + start +
                                               "\" comes back to itself by these decisions and would never end; let a "
                                               "row take another action");
                else if (next.contains(row->action))
                    walk(row->action);
            }
        };
        walk(start);
    }
}

void FlowChecks::sense() const {
    double_sets();
    decision_rings();
    hidden_rows();
    told_in_vain();
    for (const ApprovalDef& approval : flow.approvals)
        if (approval.approved == approval.rejected)
            say(approval.at("rejected"), "a rejection does the same as an approval; name another action");
    for (const FollowUpDef& follow_up : flow.follow_ups)
        if (follow_up.term.by_clock && follow_up.term.rule.next_day_at)
            say(follow_up.at("next_day_at"), "by the clock nothing moves to the next day; remove it, or by_clock");
    for (const ErpDef& erp : flow.erps)
        for (const SendDef& send : erp.sends)
            if (send.on == "note" && send.message != "append_note")
                say(send.at("message"), "of a note the ERP is sent append_note; another message belongs to an action");
            else if (send.on == "open" && &send == first_on_open(erp) && send.message != "open_order" &&
                     send.message != "query_order")
                say(send.at("message"), "the ERP does not know this order yet; send open_order first");
    const auto hidden = [&](const std::vector<AssignDef>& list) {
        for (std::size_t i = 0; i < list.size(); ++i)
            for (std::size_t j = 0; j < i; ++j)
                if (list[j].on == list[i].on && always_finds(list[j])) {
                    say(list[i].at.element,
                        "the <assign> above always finds somebody, so this one is never asked; move "
                        "it up, or give the one above a condition");
                    break;
                }
    };
    hidden(flow.assigns);
    for (const ActionDef& action : flow.actions) hidden(action.assigns);
}

}  // namespace citybridge::desk
