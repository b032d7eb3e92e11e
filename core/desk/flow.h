#pragma once
// What a kind of work order is (DESIGN section 5, "flow"): its fields, states,
// actions, follow-ups, and what the ERP is sent. Plain data, read from
// config/flows/*.xml and checked as a whole (flow_file.h).
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/settings.h"
#include "core/api/time.h"

namespace citybridge::desk {

enum class FieldType { text, integer, boolean, choice, date, phone };

struct FieldDef {
    std::string name;
    std::string title;
    FieldType type = FieldType::text;
    bool required = false;          // from the opening on
    bool personal = true;           // removed when the customer's data is erased
    std::size_t max_length = 1000;  // characters, of text
    std::vector<std::string> choices;
};

struct StateDef {
    std::string name;
    std::string title;
    bool initial = false;
    bool closed = false;
};

struct ActionDef {
    std::string name;
    std::string title;
    std::vector<std::string> from;   // states; never empty
    std::string to;                  // empty: the state stays
    std::vector<std::string> roles;  // never empty
    std::vector<std::string> required_fields;
    std::vector<std::string> optional_fields;
    bool note_required = false;
};

// A promised look at the order. When it falls due: history "overdue", event order.overdue, state `due_state`.
struct FollowUpDef {
    std::string name;
    std::string question;            // what to find out
    Millis after{};                  // business time
    std::optional<int> next_day_at;  // minutes after midnight: where one goes that does not fit into today
    std::string due_state;           // empty: the state stays
    bool set_on_open = false;
    std::vector<std::string> set_by;      // actions that set it (again)
    std::vector<std::string> settled_by;  // actions that answer it
};

// A message to the ERP, committed with the step that causes it.
struct SendDef {
    std::string on;       // "open", "note", "close", or an action's name, which beats "close"
    std::string message;  // kind of the outbox row: "open_order", "append_note", ...
};

struct ErpDef {
    std::string connector;           // instance the messages go to
    std::vector<std::string> hooks;  // instances whose inbound messages are this ERP's; the connector is always one
    std::vector<SendDef> sends;      // each `on` once
    Position where;
};

struct Flow {
    std::string kind;
    std::int64_t version = 0;
    std::string title;
    std::vector<std::string> open_roles;
    std::vector<std::string> note_roles;
    std::vector<FieldDef> fields;
    std::vector<StateDef> states;
    std::vector<ActionDef> actions;
    std::vector<FollowUpDef> follow_ups;
    std::vector<ErpDef> erps;
    Position where;

    // Null: there is none.
    const FieldDef* field(std::string_view name) const;
    const StateDef* state(std::string_view name) const;
    const ActionDef* action(std::string_view name) const;
    const ErpDef* erp_of_source(std::string_view instance) const;
    const StateDef& initial() const;
    bool is_closed(std::string_view state) const;
};

class FlowSet {
public:
    FlowSet() = default;
    explicit FlowSet(std::vector<Flow> flows) : flows_(std::move(flows)) {}

    const Flow* find(std::string_view kind) const;
    const std::vector<Flow>& all() const { return flows_; }
    std::string kinds() const;  // "repair, sales_lead"

private:
    std::vector<Flow> flows_;
};

bool listed(const std::vector<std::string>& list, std::string_view word);

}  // namespace citybridge::desk
