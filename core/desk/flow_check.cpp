#include "core/desk/flow_check.h"

#include <algorithm>
#include <array>
#include <set>

namespace citybridge::desk {
namespace {

constexpr std::array<std::string_view, 7> kRoles{"agent", "team_lead", "supervisor", "quality", "admin", "erp", "node"};
// They mean something in a history, in `on`, or in a path of the API.
constexpr std::array<std::string_view, 10> kReserved{"opened",  "erased", "note",  "delivered", "undelivered",
                                                     "overdue", "erp",    "notes", "open",      "close"};

template <std::size_t N>
bool among(const std::array<std::string_view, N>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

class Check {
public:
    Check(const Flow& flow, const FlowPlaces& places, Problems& problems)
        : flow_(flow), places_(places), problems_(problems) {}

    void run() {
        roles(flow_.open_roles, places_.open_roles);
        roles(flow_.note_roles, places_.note_roles);
        names(flow_.fields, places_.fields, "field");
        names(flow_.states, places_.states, "state");
        states();
        actions();
        follow_ups();
        sends();
        reachable();
    }

private:
    void say(const Position& where, std::string message) { problems_.push_back({where, std::move(message)}); }

    template <class T>
    void names(const std::vector<T>& items, const std::vector<Position>& places, const std::string& what) {
        std::set<std::string> seen;
        for (std::size_t i = 0; i < items.size(); ++i)
            if (!seen.insert(items[i].name).second)
                say(places[i], what + " \"" + items[i].name + "\" is defined twice; rename or remove one");
    }

    void roles(const std::vector<std::string>& list, const Position& where) {
        if (list.empty()) say(where, "name at least one role, else nobody may do this");
        for (const std::string& role : list)
            if (!among(kRoles, role))
                say(where,
                    "\"" + role + "\" is no role; use agent, team_lead, supervisor, quality, admin, erp or node");
    }

    void known_state(const std::string& name, const Position& where) {
        if (!flow_.state(name))
            say(where, "state \"" + name + "\" is not defined; add <state name=\"" + name + "\" .../>");
    }

    void states() {
        const auto initial = std::count_if(flow_.states.begin(), flow_.states.end(), [](auto& s) { return s.initial; });
        if (initial != 1) say(flow_.where, "exactly one state must have initial=\"true\"");
        const auto closed = std::count_if(flow_.states.begin(), flow_.states.end(), [](auto& s) { return s.closed; });
        if (closed == 0) say(flow_.where, "at least one state must have closed=\"true\", else no order ever ends");
        for (std::size_t i = 0; i < flow_.states.size(); ++i)
            if (flow_.states[i].initial && flow_.states[i].closed)
                say(places_.states[i], "the initial state must not be closed");
    }

    void actions() {
        std::set<std::string> seen;
        for (std::size_t i = 0; i < flow_.actions.size(); ++i) {
            const ActionDef& action = flow_.actions[i];
            const ActionPlaces& at = places_.actions[i];
            if (!seen.insert(action.name).second)
                say(at.name, "action \"" + action.name + "\" is defined twice; rename or remove one");
            if (among(kReserved, action.name))
                say(at.name, "\"" + action.name + "\" has a meaning of its own; give the action another name");
            if (action.from.empty()) say(at.from, "name at least one state from which this action is possible");
            for (const std::string& from : action.from) known_state(from, at.from);
            if (!action.to.empty()) known_state(action.to, at.to);
            roles(action.roles, at.roles);
            known_fields(action.required_fields, at.required_fields);
            known_fields(action.optional_fields, at.optional_fields);
            for (const std::string& name : action.required_fields)
                if (listed(action.optional_fields, name))
                    say(at.optional_fields, "field \"" + name + "\" is required and optional; keep one");
        }
    }

    void known_fields(const std::vector<std::string>& list, const Position& where) {
        for (const std::string& name : list)
            if (!flow_.field(name))
                say(where, "field \"" + name + "\" is not defined; add <field name=\"" + name + "\" .../>");
    }

    void known_actions(const std::vector<std::string>& list, const Position& where) {
        for (const std::string& name : list)
            if (!flow_.action(name))
                say(where, "action \"" + name + "\" is not defined; add <action name=\"" + name + "\" .../>");
    }

    void follow_ups() {
        std::set<std::string> seen;
        for (std::size_t i = 0; i < flow_.follow_ups.size(); ++i) {
            const FollowUpDef& follow_up = flow_.follow_ups[i];
            const FollowUpPlaces& at = places_.follow_ups[i];
            if (!seen.insert(follow_up.name).second)
                say(at.name, "follow_up \"" + follow_up.name + "\" is defined twice; rename or remove one");
            if (!follow_up.due_state.empty()) {
                known_state(follow_up.due_state, at.due_state);
                if (flow_.is_closed(follow_up.due_state))
                    say(at.due_state, "an order that falls due must not close by itself; name an open state");
            }
            known_actions(follow_up.set_by, at.set_by);
            known_actions(follow_up.settled_by, at.settled_by);
            for (const std::string& name : follow_up.set_by)
                if (const ActionDef* action = flow_.action(name); action && flow_.is_closed(action->to))
                    say(at.set_by, "action \"" + name + "\" closes the order, so it can set no follow-up");
        }
    }

    void sends() {
        std::set<std::string> connectors;
        for (std::size_t i = 0; i < flow_.erps.size(); ++i) {
            const ErpDef& erp = flow_.erps[i];
            if (!connectors.insert(erp.connector).second)
                say(erp.where, "connector \"" + erp.connector + "\" has an <erp> already; put all its <send> into one");
            std::set<std::string> seen;
            for (std::size_t j = 0; j < erp.sends.size(); ++j) {
                const std::string& on = erp.sends[j].on;
                if (!seen.insert(on).second)
                    say(places_.sends[i][j], "there is a <send> on \"" + on + "\" already; keep one");
                if (on != "open" && on != "note" && on != "close" && !flow_.action(on))
                    say(places_.sends[i][j],
                        "on must be open, note, close or the name of an action; \"" + on + "\" is none");
            }
        }
    }

    void reachable() {
        std::set<std::string> reached;
        for (const StateDef& state : flow_.states)
            if (state.initial) reached.insert(state.name);
        for (std::size_t before = 0; before != reached.size();) {
            before = reached.size();
            for (const ActionDef& action : flow_.actions)
                if (std::any_of(action.from.begin(), action.from.end(), [&](auto& s) { return reached.contains(s); }) &&
                    !action.to.empty())
                    reached.insert(action.to);
            for (const FollowUpDef& follow_up : flow_.follow_ups)
                if (!follow_up.due_state.empty()) reached.insert(follow_up.due_state);
        }
        for (std::size_t i = 0; i < flow_.states.size(); ++i)
            if (!reached.contains(flow_.states[i].name))
                say(places_.states[i],
                    "state \"" + flow_.states[i].name +
                        "\" cannot be reached; let an action or a follow_up lead to it, or remove it");
    }

    const Flow& flow_;
    const FlowPlaces& places_;
    Problems& problems_;
};

}  // namespace

void check_flow(const Flow& flow, const FlowPlaces& places, Problems& problems) { Check(flow, places, problems).run(); }

}  // namespace citybridge::desk
