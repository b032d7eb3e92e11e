#include "core/desk/order_view.h"

#include <algorithm>

#include "core/api/records_json.h"
#include "core/desk/access.h"
#include "core/desk/engine.h"

namespace citybridge::desk {
namespace {

Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json person_json(const Person& person) {
    return {{"name", person.name},
            {"office", or_null(person.office)},
            {"mobile", or_null(person.mobile)},
            {"email", or_null(person.email)},
            {"user", or_null(person.user)}};
}

Json chains_of(const FlowBook& book, const std::string& city, const Flow& flow, const OrderRecord& order,
               LocalDay today) {
    Json out = Json::object();
    for (const ChainDef& chain : flow.chains) {
        const Json* state = find_part(order, "chains", chain.name);
        const Person* person = chain_person(book, city, flow, order, chain.name, today);
        out[chain.name] = {{"position", state == nullptr ? 0 : number_in(*state, "position")},
                           {"person", person == nullptr ? Json(nullptr) : person_json(*person)}};
    }
    return out;
}

Json escalations_of(const Flow& flow, const OrderRecord& order) {
    Json out = Json::array();
    const std::vector<TellingRecord> waiting = waiting_tellings(order);
    for (const EscalationDef& def : flow.escalations) {
        const Json* state = find_part(order, "escalations", def.name);
        if (state == nullptr) continue;
        Json told = Json::array();
        for (const TellingRecord& row : waiting)
            if (row.kind == "escalation" && row.name == def.name)
                told.push_back({{"user", or_null(row.to_user)},
                                {"role", or_null(row.to_role)},
                                {"group", or_null(row.to_group)},
                                {"person", or_null(row.to_person)},
                                {"channel", row.channel},
                                {"at", to_rfc3339(row.at)}});
        out.push_back({{"name", def.name},
                       {"state", text_in(*state, "state")},
                       {"step", number_in(*state, "step")},
                       {"steps", def.steps.size()},
                       {"acknowledged_by", or_null(text_in(*state, "by"))},
                       {"waiting_for", std::move(told)}});
    }
    return out;
}

Json approvals_of(const Flow& flow, const OrderRecord& order) {
    Json out = Json::array();
    for (const ApprovalDef& def : flow.approvals) {
        const Json* state = find_part(order, "approvals", def.name);
        if (state == nullptr) continue;
        const auto step = static_cast<std::size_t>(number_in(*state, "step"));
        const bool open = text_in(*state, "state") == "open" && step < def.steps.size();
        const auto given = state->find("given");
        out.push_back({{"name", def.name},
                       {"state", text_in(*state, "state")},
                       {"step", step},
                       {"steps", def.steps.size()},
                       {"title", open ? or_null(def.steps[step].title) : Json(nullptr)},
                       {"given", given == state->end() ? Json::array() : *given},
                       {"rejected_by", or_null(text_in(*state, "by"))}});
    }
    return out;
}

bool says(const ScriptDef& script, const OrderRecord& order, const std::vector<std::string>& actions) {
    if (!script.approved) return false;
    if (script.on.kind == Trigger::Kind::open) return order.history_n <= 1;
    if (script.on.kind == Trigger::Kind::state) return script.on.name == order.state;
    return script.on.kind == Trigger::Kind::action && listed(actions, script.on.name);
}

std::string word_of(const Trigger& on) {
    if (on.kind == Trigger::Kind::open) return "open";
    return (on.kind == Trigger::Kind::state ? "state:" : "action:") + on.name;
}

}  // namespace

Json order_view(const FlowBook& book, const std::string& city, const Flow* flow, const OrderRecord& order,
                std::span<const DeadlineRecord> deadlines, LocalDay today) {
    std::vector<DeadlineRecord> shown;
    // Timers of the engine are nobody's promise.
    std::copy_if(deadlines.begin(), deadlines.end(), std::back_inserter(shown), [](const DeadlineRecord& row) {
        return row.kind == "follow_up" || row.kind == "approval" || row.kind == "confirmation";
    });
    Json out = to_json(order, shown);
    if (flow == nullptr) return out;
    if (flow->has_secrets)
        for (const FieldDef& field : flow->fields)
            if (field.secret) out["fields"].erase(field.name);
    if (!flow->chains.empty()) out["chains"] = chains_of(book, city, *flow, order, today);
    if (!flow->escalations.empty()) out["escalations"] = escalations_of(*flow, order);
    if (!flow->approvals.empty()) out["approvals"] = approvals_of(*flow, order);
    return out;
}

Json scripts_of(const Flow& flow, const OrderRecord& order, const std::vector<std::string>& actions) {
    Json out = Json::array();
    for (const ScriptDef& script : flow.scripts) {
        if (!says(script, order, actions)) continue;
        const bool newer = std::any_of(flow.scripts.begin(), flow.scripts.end(), [&](const ScriptDef& other) {
            return other.approved && other.on == script.on && other.version > script.version;
        });
        if (!newer)
            out.push_back({{"on", word_of(script.on)},
                           {"title", or_null(script.title)},
                           {"version", script.version},
                           {"text", script.text}});
    }
    return out;
}

Json order_for_all(const Desk& desk, const OrderRecord& order, std::span<const DeadlineRecord> deadlines,
                   WallTime now) {
    const FlowBook& book = desk.book();
    return order_view(book, desk.city(), book.flows.of(order), order, deadlines,
                      desk.calendars()->city().local_day(now));
}

Json order_for(const Desk& desk, const OrderRecord& order, std::span<const DeadlineRecord> deadlines,
               const Actor& reader, WallTime now, bool revealed) {
    Json out = order_for_all(desk, order, deadlines, now);
    const Flow* flow = desk.flows().of(order);
    const std::vector<std::string> actions = desk.actions_now(order, reader, now);
    if (flow != nullptr && revealed) reveal(*flow, order, reader.role, out);
    if (flow != nullptr && !flow->scripts.empty()) out["scripts"] = scripts_of(*flow, order, actions);
    out["actions"] = actions;
    return out;
}

void reveal(const Flow& flow, const OrderRecord& order, const std::string& role, Json& view) {
    for (const FieldDef& field : flow.fields)
        if (field.secret && listed(field.reveal_roles, role) && order.fields.contains(field.name))
            view["fields"][field.name] = order.fields.at(field.name);
}

OrderRecord without_secrets(const Flow& flow, OrderRecord order) {
    order.fields = without_secrets(flow, std::move(order.fields));
    return order;
}

Fields without_secrets(const Flow& flow, Fields fields) {
    if (!flow.has_secrets || !fields.is_object()) return fields;
    for (const FieldDef& field : flow.fields)
        if (field.secret) fields.erase(field.name);
    return fields;
}

}  // namespace citybridge::desk
