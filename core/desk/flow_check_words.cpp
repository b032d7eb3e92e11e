// Words that several parts of a flow use, and conditions.
#include <algorithm>

#include "core/desk/access.h"
#include "core/desk/field_values.h"
#include "core/desk/flow_checks.h"

namespace citybridge::desk {
namespace {

std::string missing(const std::string& what, const std::string& name) {
    return what + " \"" + name + "\" is not defined; add <" + what + " name=\"" + name + "\" .../>";
}

using About = Condition::About;
using Test = Condition::Test;

}  // namespace

void FlowChecks::known_state(const std::string& name, const Position& where) const {
    if (!flow.state(name)) say(where, missing("state", name));
}

void FlowChecks::known_fields(const std::vector<std::string>& list, const Position& where) const {
    for (const std::string& name : list)
        if (!flow.field(name)) say(where, missing("field", name));
}

void FlowChecks::known_action(const std::string& name, const Position& where) const {
    if (!flow.action(name)) say(where, missing("action", name));
}

void FlowChecks::known_actions(const std::vector<std::string>& list, const Position& where) const {
    for (const std::string& name : list) known_action(name, where);
}

void FlowChecks::known_follow_up(const std::string& name, const Position& where) const {
    if (!flow.follow_up(name)) say(where, missing("follow_up", name));
}

void FlowChecks::known_escalation(const std::string& name, const Position& where) const {
    if (!flow.escalation(name)) say(where, missing("escalation", name));
}

void FlowChecks::known_chain(const std::string& name, const Position& where) const {
    if (!flow.chain(name)) say(where, missing("chain", name));
}

void FlowChecks::known_message(const std::string& name, const std::vector<std::string>& channels,
                               const Position& where) const {
    if (!name.empty() && !flow.message(name)) return say(where, missing("template", name));
    for (const std::string& channel : channels) {
        const bool written = channel == "email" || channel == "sms";
        if (name.empty() && written)
            return say(where, "channel " + channel + " needs template=\"NAME\": what is written to him");
        const bool found = std::any_of(flow.templates.begin(), flow.templates.end(), [&](const TemplateDef& def) {
            return def.name == name && (def.channel.empty() || def.channel == channel);
        });
        if (!name.empty() && !found)
            return say(where, "template \"" + name + "\" is not for channel " + channel + "; add one with channel=\"" +
                                  channel + "\", or one without channel");
    }
}

void FlowChecks::trigger(const Trigger& on, const Position& where) const {
    switch (on.kind) {
        case Trigger::Kind::action: return known_action(on.name, where);
        case Trigger::Kind::state: return known_state(on.name, where);
        case Trigger::Kind::overdue: return known_follow_up(on.name, where);
        case Trigger::Kind::reminder:
            known_follow_up(on.name, where);
            if (const FollowUpDef* def = flow.follow_up(on.name); def && !def->remind_before)
                say(where, "follow_up \"" + on.name + "\" reminds nobody; give it remind_before=\"15min\"");
            return;
        case Trigger::Kind::escalation: return known_escalation(on.name, where);
        case Trigger::Kind::exhausted: return known_chain(on.name, where);
        case Trigger::Kind::verification:
            if (on.name != "sent" && on.name != "passed" && on.name != "failed")
                say(where, "of a verification, \"" + on.name + "\" is told to no flow; use sent, passed or failed");
            return;
        case Trigger::Kind::open:
        case Trigger::Kind::close:
        case Trigger::Kind::note:
        case Trigger::Kind::undelivered:
        case Trigger::Kind::menu: return;
    }
}

void FlowChecks::recipient(const Recipient& to, const Position& where) const {
    switch (to.kind) {
        case Recipient::Kind::role:
            if (!is_person_role(to.name))
                say(where,
                    "\"" + to.name + "\" is no role of people; use agent, team_lead, supervisor, quality or admin");
            return;
        case Recipient::Kind::chain: return known_chain(to.name, where);
        case Recipient::Kind::field: {
            known_fields({to.name}, where);
            const FieldDef* field = flow.field(to.name);
            if (field != nullptr && field->type != FieldType::user && field->type != FieldType::phone &&
                field->type != FieldType::email)
                say(where, "field \"" + to.name + "\" names nobody; use one of type user, phone or email");
            if (field != nullptr && field->secret)
                say(where, "field \"" + to.name + "\" is secret: no message goes to it; use another field");
            return;
        }
        case Recipient::Kind::owner:
        case Recipient::Kind::asker:
        case Recipient::Kind::opener:
        case Recipient::Kind::group:
        case Recipient::Kind::group_lead:
        case Recipient::Kind::user:
        case Recipient::Kind::directory:
        case Recipient::Kind::customer: return;
    }
}

void FlowChecks::set(const SetDef& def) const {
    const FieldDef* field = flow.field(def.field);
    if (field == nullptr) return known_fields({def.field}, def.at.element);
    if (!field->sum_of.empty())
        return say(def.at.element, "field \"" + def.field + "\" is a sum, which nobody sets; set its parts");
    const FieldType type = field->type;
    switch (def.value) {
        case SetDef::Value::literal:
            if (const std::string wrong = wrong_value(*field, def.literal); !wrong.empty())
                say(def.at.element, "field \"" + def.field + "\" " + wrong);
            return;
        case SetDef::Value::now:
            if (type != FieldType::text && type != FieldType::time && type != FieldType::date)
                say(def.at("value_of"), "now fits only a field of type text, date or time");
            return;
        case SetDef::Value::today:
            if (type != FieldType::text && type != FieldType::date)
                say(def.at("value_of"), "today fits only a field of type text or date");
            return;
        case SetDef::Value::asker:
            if (type != FieldType::text && type != FieldType::user)
                say(def.at("value_of"), "asker fits only a field of type text or user");
            return;
        case SetDef::Value::empty:
            if (field->required)
                say(def.at("value_of"), "field \"" + def.field + "\" is required, so it cannot be emptied");
            return;
    }
}

void FlowChecks::leave_condition(const Condition& one) const {
    const auto is = [&](const std::string& name, const char* attribute, FieldType type) {
        if (name.empty()) return;
        const FieldDef* field = flow.field(name);
        if (field == nullptr) return known_fields({name}, one.at(attribute));
        if (field->type != type)
            say(one.at(attribute), "field \"" + name + "\" is of type " + std::string(to_string(field->type)) + "; " +
                                       attribute + " wants one of type " + std::string(to_string(type)));
    };
    is(one.name, "no_leave", FieldType::date);
    is(one.words[0], "until", FieldType::date);
    is(one.words[1], "days", FieldType::integer);
}

void FlowChecks::field_condition(const Condition& one) const {
    const FieldDef* field = flow.field(one.name);
    if (field == nullptr) return known_fields({one.name}, one.at("field"));
    const Position& where = one.at.element;
    const bool words = one.test == Test::is_one_of || one.test == Test::is_not;
    for (const std::string& word : words ? one.words : std::vector<std::string>{}) {
        if (field->type == FieldType::choice && !listed(field->choices, word))
            say(where, "\"" + word + "\" is no choice of \"" + one.name +
                           "\", so this can never hold; use one of: " + joined(field->choices));
        if (field->type == FieldType::boolean && word != "true" && word != "false")
            say(where, "\"" + one.name + "\" is true or false, never \"" + word + "\"");
    }
    comparable(one, *field);
    const bool bounds = one.test == Test::at_least || one.test == Test::at_most;
    if (bounds && (field->type == FieldType::boolean || field->type == FieldType::choice))
        say(where, "\"" + one.name + "\" is no number and no date; compare it with is or in");
    if (one.test == Test::at_least && field->type == FieldType::integer && field->max && one.number > *field->max)
        say(where, "\"" + one.name + "\" is at most " + std::to_string(*field->max) + ", so this can never hold");
    if (one.test == Test::at_most && field->type == FieldType::integer && field->min && one.number < *field->min)
        say(where, "\"" + one.name + "\" is at least " + std::to_string(*field->min) + ", so this can never hold");
    if ((one.test == Test::before || one.test == Test::after) && field->type != FieldType::date)
        say(where, "only a field of type date is before or after now; \"" + one.name + "\" is of type " +
                       std::string(to_string(field->type)));
    if (one.test == Test::present && !one.yes && field->required)
        say(where, "field \"" + one.name + "\" is required, so this can never hold");
}

void FlowChecks::condition(const Condition& one, const std::vector<std::string>& from, bool related) const {
    if ((one.of_related || one.about == About::related) && !related)
        return say(one.at.element, "only a row of a <decision> with look=\"KIND\" knows a related order");
    // What it says of the other kind is judged when all flows are there.
    if (one.of_related) return;
    switch (one.about) {
        case About::all:
        case About::any:
        case About::none: return conditions(one.parts, from, related);
        case About::field: return field_condition(one);
        case About::state:
            for (const std::string& state : one.words) {
                known_state(state, one.at("state"));
                if (!from.empty() && flow.state(state) != nullptr && !listed(from, state))
                    say(one.at("state"), "the order is never in state \"" + state + "\" here, so this can never hold");
            }
            return;
        case About::overdue: return known_follow_up(one.name, one.at("overdue"));
        case About::count: return known_action(one.name, one.at("count"));
        case About::no_leave: return leave_condition(one);
        case About::note:
        case About::asker:
        case About::calendar:
        case About::verified:
        case About::related: return;
    }
}

void FlowChecks::conditions(const Conditions& list, const std::vector<std::string>& from, bool related) const {
    for (const Condition& one : list) condition(one, from, related);
    contradictions(list);
}

}  // namespace citybridge::desk
