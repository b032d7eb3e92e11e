#pragma once
// What a kind of work order is (DESIGN section 5, "flow"): its fields, states,
// actions, follow-ups, and what the ERP is sent; the other parts are in
// flow_parts.h. Plain data, read from config/flows/*.xml and checked as a whole
// (flow_file.h). docs/flows.md is the reference of the file.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/records.h"
#include "core/api/time.h"
#include "core/desk/flow_parts.h"

namespace citybridge::desk {

class Pattern;  // pattern.h

enum class FieldType { text, integer, boolean, choice, date, time, phone, email, user, group, article, order };
std::string_view to_string(FieldType value);

struct FieldDef {
    std::string name;
    std::string title;
    FieldType type = FieldType::text;
    bool required = false;                  // from the opening on
    bool personal = true;                   // removed when the customer's data is erased
    bool secret = false;                    // in no event, message, log or report
    std::vector<std::string> reveal_roles;  // who reads a secret one
    std::size_t max_length = 1000;          // characters, of text
    std::vector<std::string> choices;
    std::optional<std::int64_t> min, max;    // of an integer
    std::vector<std::string> sum_of;         // its value is their sum as soon as all of them have one; never given
    std::string pattern;                     // a text must match it as a whole
    std::shared_ptr<const Pattern> matcher;  // of `pattern`
    Fields fallback;                         // its value at the opening if none is given; null: none
    Places at;
};

struct StateDef {
    std::string name;
    std::string title;
    bool initial = false;
    bool closed = false;
    Places at;
};

struct ActionDef {
    std::string name;
    std::string title;
    std::vector<std::string> from;   // states; never empty
    std::string to;                  // empty: the state stays
    std::vector<std::string> roles;  // never empty; "system": only timers, decisions and approvals take it
    std::vector<std::string> required_fields;
    std::vector<std::string> optional_fields;
    bool note_required = false;
    bool reopen = false;   // may lead out of a closed state
    bool in_turn = false;  // people take it only of the order of its kind, state and group that was opened first
    bool counted = false;  // some condition asks how often it was taken
    Conditions when;
    std::vector<SetDef> sets;
    std::vector<AssignDef> assigns;     // the first that finds somebody; their trigger is this action
    std::vector<std::string> advances;  // chains that go to the next person
    Places at;
};

// A promised look at the order. When it falls due: history "overdue", event order.overdue, state `due_state`, action
// `due_action`.
struct FollowUpDef {
    std::string name;
    std::string question;                 // what to find out
    Term term;                            // when it is due
    std::optional<Millis> remind_before;  // its owner is reminded so long before
    std::string due_state;                // empty: the state stays
    std::string due_action;               // empty: none
    bool set_on_open = false;
    std::vector<std::string> set_by;      // actions that set it (again)
    std::vector<std::string> settled_by;  // actions that answer it
    Conditions when;                      // it is set only if they hold then
    std::vector<AssignDef> assigns;       // whose it becomes when it falls due
    Places at;
};

// A message to the ERP, committed with the step that causes it.
struct SendDef {
    std::string on;       // "open", "note", "close", or an action's name, which beats "close"
    std::string message;  // kind of the outbox row: "open_order", "append_note", ...
    std::optional<Millis> tell_if_undelivered_after;  // by the clock: then `escalation` begins
    std::string escalation;
    Places at;
};

struct ErpDef {
    std::string connector;           // instance the messages go to
    std::vector<std::string> hooks;  // instances whose inbound messages are this ERP's; the connector is always one
    std::vector<SendDef> sends;      // each `on` once
    Position where;
    Places at;
};

struct Flow {
    std::string kind;
    std::int64_t version = 0;
    std::string title;
    std::vector<std::string> open_roles;
    std::vector<std::string> note_roles;
    std::string calendar;  // of its deadlines; empty: the city's
    bool owner_required = true;
    std::optional<DueRule> idle_after;  // how long an open order may lie without any deadline; none: the book's
    std::vector<FieldDef> fields;
    std::vector<StateDef> states;
    std::vector<ActionDef> actions;
    std::vector<FollowUpDef> follow_ups;
    std::vector<ErpDef> erps;
    std::vector<ScriptDef> scripts;
    std::vector<ChainDef> chains;
    std::vector<EscalationDef> escalations;
    std::vector<TellDef> tells;
    std::vector<TemplateDef> templates;
    std::vector<DecisionDef> decisions;
    std::vector<AssignDef> assigns;  // on open, and on entering a state; the first that finds somebody
    std::vector<ApprovalDef> approvals;
    std::vector<RecurrenceDef> recurrences;
    VisibleDef visible;
    bool has_secrets = false;
    bool needs_people = false;  // some part asks who is in a group
    std::string source;         // the file's text: kept with the orders that use this version
    Position where;
    Places at;

    // Null: there is none.
    const FieldDef* field(std::string_view name) const;
    const StateDef* state(std::string_view name) const;
    const ActionDef* action(std::string_view name) const;
    const FollowUpDef* follow_up(std::string_view name) const;
    const ChainDef* chain(std::string_view name) const;
    const EscalationDef* escalation(std::string_view name) const;
    const TemplateDef* message(std::string_view name) const;
    const ApprovalDef* approval(std::string_view name) const;
    const ErpDef* erp_of_source(std::string_view instance) const;
    const StateDef& initial() const;
    bool is_closed(std::string_view state) const;
};

// Every flow in every version that is in use. Copies are cheap; the flows are shared.
class FlowSet {
public:
    FlowSet() = default;
    explicit FlowSet(std::vector<Flow> flows);

    // The newest version; null: no such kind.
    const Flow* find(std::string_view kind) const;
    // The version an order began with, or the newest if that one is not known.
    const Flow* find(std::string_view kind, std::int64_t version) const;
    const Flow* of(const OrderRecord& order) const { return find(order.kind, order.flow_version); }
    // The newest version of each kind, by kind.
    std::vector<const Flow*> all() const;
    // Older versions that open orders stay on. A version that is here already stays as it is.
    void keep(std::shared_ptr<const Flow> older);
    std::string kinds() const;  // "repair, sales_lead"

private:
    std::vector<std::shared_ptr<const Flow>> flows_;  // by kind, the newest version first
};

bool listed(const std::vector<std::string>& list, std::string_view word);

}  // namespace citybridge::desk
