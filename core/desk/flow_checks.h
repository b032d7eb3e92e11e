#pragma once
// One flow while it is checked. Each flow_check_*.cpp checks one side of it.
#include <set>

#include "core/desk/flow.h"

namespace citybridge::desk {

struct FlowChecks {
    const Flow& flow;
    Problems& problems;

    void basics();       // flow_check.cpp: fields, states, actions, follow-ups, ERP
    void graph();        // flow_check_graph.cpp: what can be reached, left, taken, and by whom
    void parts();        // flow_check_parts.cpp: chains, escalations, tells, templates, scripts
    void rules();        // flow_check_rules.cpp: decisions, approvals, assignment, recurrence
    void sense() const;  // flow_check_sense.cpp: what makes no sense together
    void escalations();  // flow_check_graph.cpp: that they end
    void ways() const;   // flow_check_ways.cpp: where an order can be, and what can happen to it there

    // Shared words.
    void say(const Position& where, std::string message) const { problems.push_back({where, std::move(message)}); }
    void roles(const std::vector<std::string>& list, const Position& where, bool system = false) const;
    void known_state(const std::string& name, const Position& where) const;
    void known_fields(const std::vector<std::string>& list, const Position& where) const;
    void known_actions(const std::vector<std::string>& list, const Position& where) const;
    void known_action(const std::string& name, const Position& where) const;
    void known_follow_up(const std::string& name, const Position& where) const;
    void known_escalation(const std::string& name, const Position& where) const;
    void known_chain(const std::string& name, const Position& where) const;
    void known_message(const std::string& name, const std::vector<std::string>& channels, const Position& where) const;
    void trigger(const Trigger& on, const Position& where) const;
    void recipient(const Recipient& to, const Position& where) const;
    void set(const SetDef& def) const;
    // `from`: states in which the condition is judged; empty: any.
    void conditions(const Conditions& list, const std::vector<std::string>& from = {}, bool related = false) const;

    template <class T>
    void once(const std::vector<T>& items, const std::string& what) const {
        std::set<std::string> seen;
        for (const T& item : items)
            if (!seen.insert(item.name).second)
                say(item.at("name"), what + " \"" + item.name + "\" is defined twice; rename or remove one");
    }

private:
    void condition(const Condition& one, const std::vector<std::string>& from, bool related) const;
    void leave_condition(const Condition& one) const;
    void comparable(const Condition& one, const FieldDef& field) const;
    void contradictions(const Conditions& list) const;
    void double_sets() const;
    void decision_rings() const;
    void hidden_rows() const;
    void told_in_vain() const;  // flow_check_told.cpp
    void reaches(const Recipient& to, const std::vector<std::string>& channels, const Position& where) const;
    void has_asker(const Trigger& on, const Recipient& to, const Position& where) const;
    void told_twice(std::size_t index) const;
    void ends() const;
    void answers() const;
    void decided_actions() const;
    void granted_actions() const;
    void rings_at_once() const;
    void field_condition(const Condition& one) const;
    void states() const;
    void fields() const;
    void actions() const;
    void in_turn(const ActionDef& action) const;
    void follow_ups() const;
    void remind(const FollowUpDef& follow_up) const;
    void sends() const;
    void reachable() const;
    void exits() const;
    void takers() const;
    void owners() const;
    void decisions() const;
    void approvals() const;
    void chains() const;
    void templates() const;
};

bool is_person_role(std::string_view role);  // agent, team_lead, supervisor, quality, admin

}  // namespace citybridge::desk
