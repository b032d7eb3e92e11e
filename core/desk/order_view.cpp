#include "core/desk/order_view.h"

#include <algorithm>

#include "core/api/records_json.h"
#include "core/desk/access.h"
#include "core/desk/engine.h"
#include "core/desk/flow_json.h"

namespace citybridge::desk {
namespace {

Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

// Members put one behind the other: written as one braced list each would be made as a list of its own first, and an
// order is shown with every step.
void fill(Json::object_t&) {}
template <class Value, class... Rest>
void fill(Json::object_t& out, const char* name, Value&& value, Rest&&... rest) {
    out.emplace_back(name, Json(std::forward<Value>(value)));
    fill(out, std::forward<Rest>(rest)...);
}
template <class... Members>
Json object(Members&&... members) {
    Json out = Json::object();
    auto& list = out.get_ref<Json::object_t&>();
    list.reserve(sizeof...(members) / 2);
    fill(list, std::forward<Members>(members)...);
    return out;
}
void put(Json& object, const std::string& name, Json value) {
    object.get_ref<Json::object_t&>().emplace_back(name, std::move(value));
}

Json person_json(const Person& person) {
    return object("name", person.name, "office", or_null(person.office), "mobile", or_null(person.mobile), "email",
                  or_null(person.email), "user", or_null(person.user));
}

Json chains_of(const FlowBook& book, const std::string& city, const Flow& flow, const OrderRecord& order,
               LocalDay today) {
    Json out = Json::object();
    for (const ChainDef& chain : flow.chains) {
        const Json* state = find_part(order, "chains", chain.name);
        const Person* person = chain_person(book, city, flow, order, chain.name, today);
        put(out, chain.name,
            object("position", state == nullptr ? 0 : number_in(*state, "position"), "person",
                   person == nullptr ? Json(nullptr) : person_json(*person)));
    }
    return out;
}

Json escalations_of(const Flow& flow, const OrderRecord& order) {
    Json out = Json::array();
    if (!order.engine.contains("escalations")) return out;
    const std::vector<TellingRecord> waiting = waiting_tellings(order);
    for (const EscalationDef& def : flow.escalations) {
        const Json* state = find_part(order, "escalations", def.name);
        if (state == nullptr) continue;
        Json told = Json::array();
        for (const TellingRecord& row : waiting)
            if (row.kind == "escalation" && row.name == def.name)
                told.push_back(object("user", or_null(row.to_user), "role", or_null(row.to_role), "group",
                                      or_null(row.to_group), "person", or_null(row.to_person), "channel", row.channel,
                                      "at", to_rfc3339(row.at)));
        out.push_back(object("name", def.name, "state", text_in(*state, "state"), "step", number_in(*state, "step"),
                             "steps", def.steps.size(), "acknowledged_by", or_null(text_in(*state, "by")),
                             "waiting_for", std::move(told)));
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
        out.push_back(object("name", def.name, "state", text_in(*state, "state"), "step", step, "steps",
                             def.steps.size(), "title", open ? or_null(def.steps[step].title) : Json(nullptr), "given",
                             given == state->end() ? Json::array() : Json(*given), "rejected_by",
                             or_null(text_in(*state, "by"))));
    }
    return out;
}

bool says(const Trigger& on, const OrderRecord& order, const std::vector<std::string>& actions) {
    if (on.kind == Trigger::Kind::open) return order.history_n <= 1;
    if (on.kind == Trigger::Kind::state) return on.name == order.state;
    return on.kind == Trigger::Kind::action && listed(actions, on.name);
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
    if (flow == nullptr || flow->kind.empty()) {
        // Which of them are secret only its flow could say.
        out["fields"] = Json::object();
        return out;
    }
    if (flow->has_secrets)
        for (const FieldDef& field : flow->fields)
            if (field.secret) out["fields"].erase(field.name);
    if (!flow->chains.empty()) put(out, "chains", chains_of(book, city, *flow, order, today));
    if (!flow->escalations.empty()) put(out, "escalations", escalations_of(*flow, order));
    if (!flow->approvals.empty()) put(out, "approvals", approvals_of(*flow, order));
    return out;
}

Json scripts_of(const Scripts& shown, const Flow& flow, const OrderRecord& order,
                const std::vector<std::string>& actions) {
    Json out = Json::array();
    for (const Trigger& on : occasions(flow)) {
        if (!says(on, order, actions)) continue;
        std::string word = words_of(on);
        if (const ScriptWords* words = shown.find(flow.kind, word); words != nullptr)
            out.push_back(object("on", std::move(word), "title", or_null(words->title), "version", words->version,
                                 "text", words->text));
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
    if (flow != nullptr && !flow->scripts.empty()) out["scripts"] = scripts_of(*desk.scripts(), *flow, order, actions);
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
