#include "core/desk/engine_state.h"
#include "core/desk/field_values.h"
#include "core/desk/migration.h"

namespace citybridge::desk {
namespace {

// Nothing is lost on the way: what the new version cannot hold keeps the order where it is.
struct Obstacles {
    const Flow* from;
    const Flow& to;
    const OrderRecord& order;
    std::vector<std::string> out{};

    void state() {
        const StateDef* state = to.state(order.state);
        if (state == nullptr) out.push_back("state \"" + order.state + "\" is not in it");
        if (state != nullptr && state->closed) out.push_back("state \"" + order.state + "\" is a closed one in it");
    }
    void field(const std::string& name, const nlohmann::ordered_json& value) {
        const FieldDef* now = to.field(name);
        if (now == nullptr) return out.push_back("field \"" + name + "\" is not in it");
        if (const std::string wrong = wrong_value(*now, value); !wrong.empty())
            out.push_back("field \"" + name + "\" " + wrong);
        // What stands in histories, indices and messages was written by the old rule.
        const FieldDef* before = from == nullptr ? nullptr : from->field(name);
        if (before != nullptr && before->secret != now->secret)
            out.push_back("field \"" + name + "\" is secret in one of the two only");
    }
    void required() {
        for (const FieldDef& field : to.fields)
            if (field.required && field.fallback.is_null() && !order.fields.contains(field.name))
                out.push_back("field \"" + field.name + "\" is required, has no default, and is not filled in");
    }
    void running(const char* part, const char* word, const std::string& what, const auto& steps_of) {
        const auto parts = order.engine.find(part);
        if (parts == order.engine.end() || !parts->is_object()) return;
        for (const auto& [name, state] : parts->items()) {
            if (text_in(state, "state") != word) continue;
            const auto steps = steps_of(name);
            if (!steps) out.push_back(what + " \"" + name + "\" is under way and not in it");
            if (steps && number_in(state, "step") > static_cast<std::int64_t>(*steps))
                out.push_back(what + " \"" + name + "\" is further than its steps in it");
        }
    }
    // A telling is known by its place in the flow.
    void confirmations() {
        for (const TellingRecord& row : waiting_tellings(order)) {
            if (row.kind != "tell") continue;
            const auto at = static_cast<std::size_t>(std::strtoul(row.name.c_str(), nullptr, 10));
            const TellDef* now = at < to.tells.size() ? &to.tells[at] : nullptr;
            if (now == nullptr || !now->confirm_within || now->message != row.message)
                out.push_back("the confirmation of message \"" + row.message + "\" is waited for, and not in it");
        }
    }
};

}  // namespace

std::vector<std::string> migration_obstacles(const Flow* from, const Flow& to, const OrderRecord& order) {
    using Steps = std::optional<std::size_t>;
    Obstacles found{from, to, order};
    found.state();
    for (const auto& [name, value] : order.fields.items()) found.field(name, value);
    found.required();
    found.running("escalations", "running", "escalation", [&](const std::string& name) {
        const EscalationDef* def = to.escalation(name);
        return def == nullptr ? Steps() : Steps(def->steps.size());
    });
    found.running("approvals", "open", "approval", [&](const std::string& name) {
        const ApprovalDef* def = to.approval(name);
        return def == nullptr ? Steps() : Steps(def->steps.size() - 1);
    });
    found.confirmations();
    return std::move(found.out);
}

}  // namespace citybridge::desk
