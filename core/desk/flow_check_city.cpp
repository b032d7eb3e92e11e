// Flows against each other and against the city; what follows from one flow.
#include <algorithm>

#include "core/desk/access.h"
#include "core/desk/flow_check.h"

namespace citybridge::desk {
namespace {

void say(Problems& problems, const Position& where, std::string message) {
    problems.push_back({where, std::move(message)});
}

void check_related(const Flow& related, const Condition& one, Problems& problems) {
    for (const Condition& part : one.parts) check_related(related, part, problems);
    if (!one.of_related) return;
    if (one.about == Condition::About::state)
        for (const std::string& state : one.words)
            if (!related.state(state))
                say(problems, one.at("related_state"), "a " + related.kind + " has no state \"" + state + "\"");
    if (one.about == Condition::About::overdue && !related.follow_up(one.name))
        say(problems, one.at("related_overdue"), "a " + related.kind + " has no follow_up \"" + one.name + "\"");
    if (one.about != Condition::About::field) return;
    const FieldDef* field = related.field(one.name);
    if (field == nullptr)
        return say(problems, one.at("related_field"), "a " + related.kind + " has no field \"" + one.name + "\"");
    for (const std::string& word : one.words)
        if (field->type == FieldType::choice && !listed(field->choices, word))
            say(problems, one.at.element,
                "\"" + word + "\" is no choice of \"" + one.name + "\"; use one of: " + joined(field->choices));
}

void check_decision(const FlowSet& flows, const Flow& flow, const DecisionDef& table, Problems& problems) {
    if (table.look.empty()) return;
    const Flow* related = flows.find(table.look);
    if (related == nullptr)
        return say(problems, table.at("look"), "there is no kind \"" + table.look + "\"; use one of: " + flows.kinds());
    for (const std::string& name : table.by_fields)
        if (!related->field(name))
            say(problems, table.at("by"), "a " + related->kind + " has no field \"" + name + "\" to compare");
    for (const DecisionDef::Row& row : table.rows) {
        for (const Condition& one : row.when) check_related(*related, one, problems);
        if (row.what != DecisionDef::Row::Do::act_on_related) continue;
        const ActionDef* action = related->action(row.action);
        if (action == nullptr) {
            say(problems, row.at("act"), "a " + related->kind + " has no action \"" + row.action + "\"");
            continue;
        }
        for (const std::string& role : flow.open_roles)
            if (!listed(action->roles, role) && !listed(action->roles, "system"))
                say(problems, row.at("act"),
                    "role " + role + " may open a " + flow.kind + " but not take action " + row.action + " of the " +
                        related->kind + " found; give the action that role, or role system");
    }
}

struct CityCheck {
    const FlowBook& book;
    const std::string& city;
    const std::function<bool(const std::string&)>& calendar;
    Problems& problems;

    void entry(const std::string& name, const Position& where) const {
        if (book.directory.find(name, city) == nullptr)
            say(problems, where,
                "the directory has no entry \"" + name + "\" for " + city + "; add <entry name=\"" + name +
                    "\" ...> to config/directory");
    }
    void recipient(const Recipient& to, const Position& where) const {
        if (to.kind == Recipient::Kind::directory) entry(to.name, where);
    }
    // They are tried in turn: one of them must reach somebody.
    void channels(const std::vector<std::string>& used, const Position& where) const {
        const auto carried = [&](const std::string& channel) {
            return (channel != "email" && channel != "sms") || book.channels.contains(channel);
        };
        if (used.empty() || std::any_of(used.begin(), used.end(), carried)) return;
        say(problems, where,
            "no connector carries " + joined(used) + " here; name the plugin instance that does in <desk " +
                used.front() + "=\"INSTANCE\"/>, or another channel to try after it, such as phone");
    }
    void known_calendar(const std::string& name, const Position& where) const {
        if (!name.empty() && !calendar(name))
            say(problems, where, "there is no calendar \"" + name + "\"; put its file beside the city's");
    }
    void flow(const Flow& flow) const;
};

void CityCheck::flow(const Flow& flow) const {
    known_calendar(flow.calendar, flow.at("calendar"));
    for (const FollowUpDef& def : flow.follow_ups) known_calendar(def.term.calendar, def.at("calendar"));
    for (const ChainDef& chain : flow.chains) {
        if (!chain.entry.empty()) entry(chain.entry, chain.at("from"));
        const FieldDef* field = flow.field(chain.field);
        if (field != nullptr)
            for (const std::string& choice : field->choices) entry(choice, chain.at("directory"));
    }
    for (const EscalationDef& escalation : flow.escalations)
        for (const EscalationStep& step : escalation.steps) {
            recipient(step.to, step.at("to"));
            channels(step.channels, step.at("channel"));
        }
    for (const TellDef& tell : flow.tells) {
        recipient(tell.to, tell.at("to"));
        channels(tell.channels, tell.at("channel"));
    }
    for (const ApprovalDef& approval : flow.approvals)
        for (const ApprovalStep& step : approval.steps) recipient(step.by, step.at("by"));
    const auto assigned = [&](const AssignDef& def) {
        if (def.to == AssignDef::To::directory) entry(def.name, def.at.element);
    };
    for (const AssignDef& def : flow.assigns) assigned(def);
    for (const ActionDef& action : flow.actions)
        for (const AssignDef& def : action.assigns) assigned(def);
}

void count_actions(const Conditions& list, Flow& flow) {
    for (const Condition& one : list) {
        count_actions(one.parts, flow);
        if (one.about != Condition::About::count) continue;
        for (ActionDef& action : flow.actions)
            if (action.name == one.name) action.counted = true;
    }
}

bool about_people(const Recipient& to) {
    return to.kind == Recipient::Kind::group_lead || to.kind == Recipient::Kind::role;
}

bool about_people(const std::vector<AssignDef>& list) {
    return std::any_of(list.begin(), list.end(), [](const AssignDef& def) {
        return def.to == AssignDef::To::least_busy || def.to == AssignDef::To::skill ||
               def.to == AssignDef::To::team_lead;
    });
}

}  // namespace

void check_flows(const FlowSet& flows, Problems& problems) {
    for (const Flow* flow : flows.all())
        for (const DecisionDef& table : flow->decisions) check_decision(flows, *flow, table, problems);
}

void check_city(const FlowBook& book, const std::string& city, const std::function<bool(const std::string&)>& calendar,
                Problems& problems) {
    const CityCheck check{book, city, calendar, problems};
    for (const Flow* flow : book.flows.all()) check.flow(*flow);
}

void check_periods(const FlowSet& flows, const Calendars& calendars, Problems& problems) {
    for (const Flow* flow : flows.all())
        for (const RecurrenceDef& rule : flow->recurrences) {
            const Calendar* calendar = calendars.find(flow->calendar);
            if (rule.first_working_after.empty() || calendar == nullptr) continue;
            std::vector<std::string> names;
            for (const Period& period : calendar->doc().periods)
                if (!listed(names, period.name)) names.push_back(period.name);
            if (!listed(names, rule.first_working_after))
                say(problems, rule.places("day"),
                    "the calendar has no period \"" + rule.first_working_after +
                        "\", so this would never open an order; it knows: " + joined(names) + ". Add <period name=\"" +
                        rule.first_working_after + "\" .../> to it, or name one of these");
        }
}

void prepare_flow(Flow& flow) {
    std::vector<Conditions> all;
    for (const ActionDef& action : flow.actions) all.push_back(action.when);
    for (const TellDef& tell : flow.tells) all.push_back(tell.when);
    for (const AssignDef& def : flow.assigns) all.push_back(def.when);
    for (const DecisionDef& table : flow.decisions)
        for (const DecisionDef::Row& row : table.rows) all.push_back(row.when);
    for (const ApprovalDef& approval : flow.approvals)
        for (const ApprovalStep& step : approval.steps) all.push_back(step.when);
    for (const Conditions& list : all) count_actions(list, flow);

    bool people = about_people(flow.assigns) || !flow.approvals.empty();
    for (const ActionDef& action : flow.actions) people = people || about_people(action.assigns);
    for (const FollowUpDef& follow_up : flow.follow_ups) people = people || about_people(follow_up.assigns);
    for (const EscalationDef& escalation : flow.escalations)
        for (const EscalationStep& step : escalation.steps) people = people || about_people(step.to);
    for (const TellDef& tell : flow.tells) people = people || about_people(tell.to);
    flow.needs_people = people;
}

}  // namespace citybridge::desk
