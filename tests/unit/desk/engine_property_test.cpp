// Any sequence of requests on every shipped flow: orders stay in their graph, nobody's order is forgotten, and
// what timers began comes to an end.
#include <rapidcheck/gtest.h>

#include "core/desk/access.h"
#include "tests/unit/desk/engine_room.h"
#include "tests/unit/desk/one_of.h"

namespace citybridge::desk::testing {
namespace {

nlohmann::ordered_json some_value(const FieldDef& field) {
    switch (field.type) {
        case FieldType::choice: return one_of(field.choices);
        case FieldType::integer:
            return *rc::gen::inRange<std::int64_t>(field.min.value_or(0), field.max.value_or(9) + 1);
        case FieldType::boolean: return *rc::gen::arbitrary<bool>();
        case FieldType::date: return "2026-12-01";
        case FieldType::time: return "10:30";
        case FieldType::phone: return "13800000009";
        case FieldType::email: return "x@example.com";
        case FieldType::user: return one_of<std::string>({"wang", "li", "zhao"});
        case FieldType::group: return one_of<std::string>({"sales", "service"});
        case FieldType::text:
        case FieldType::article:
        case FieldType::order: break;
    }
    return field.pattern.empty() ? "x" : "123456";
}

Fields some_fields(const Flow& flow, const std::vector<std::string>& wanted, const std::vector<std::string>& may) {
    Fields out = Fields::object();
    for (const FieldDef& field : flow.fields)
        if (listed(wanted, field.name) || (listed(may, field.name) && *rc::gen::arbitrary<bool>()))
            out[field.name] = some_value(field);
    return out;
}

struct Shipped {
    Shipped() : desk({"beijing", {}, {}}, book(), Calendars(shipped_calendar("standard"))) {
        for (const auto& [name, role, group] :
             {std::tuple{"wang", "agent", "sales"}, std::tuple{"li", "agent", "service"},
              std::tuple{"zhao", "team_lead", "sales"}, std::tuple{"sun", "supervisor", "sales"}}) {
            view.users[name].name = name;
            view.users[name].role = role;
            view.users[name].groups = {group};
        }
    }
    static FlowBook book() {
        Problems problems;
        FlowBook out{shipped_flows(),
                     load_directory(CITYBRIDGE_SOURCE_DIR "/config/directory", problems),
                     {{"email", "mail"}, {"sms", "texts"}}};
        RC_ASSERT(problems.empty());
        return out;
    }
    bool ask(const Actor& actor, decltype(Request::what) what) {
        auto decision = desk.apply(view, {"q" + std::to_string(++count), actor, std::move(what)}, {now, {}});
        if (decision) view.take(decision->changes);
        return static_cast<bool>(decision);
    }
    Desk desk;
    MapView view;
    WallTime now = at("2026-11-23T02:00:00.000Z");
    int count = 0;
};

const std::vector<Actor> kPeople{kWang, kLi, kLead, kBoss, kAdmin, {"erp:erp", "erp", {}}};

void check(const Shipped& city, const OrderRecord& order) {
    const Flow& flow = *city.desk.flows().of(order);
    RC_ASSERT(flow.state(order.state) != nullptr);
    RC_ASSERT(flow.is_closed(order.state) == order.closed_at.has_value());
    RC_ASSERT(!flow.owner_required || order.closed_at || !order.owner.empty() || !order.group.empty());
    std::set<std::string> names;
    const auto open = city.view.open_deadlines(order.id);
    // Nobody's order lies about: what its flow does not watch the node does, and no longer than that.
    const auto idle = std::count_if(open.begin(), open.end(), [](const auto& row) { return row.kind == "idle"; });
    RC_ASSERT(order.closed_at || !open.empty());
    RC_ASSERT(idle == (order.closed_at || open.size() > 1 || open.front().kind != "idle" ? 0 : 1));
    for (const DeadlineRecord& row : open) {
        RC_ASSERT(names.insert(row.name).second);
        RC_ASSERT(!order.closed_at || row.kind == "undelivered" || row.kind == "escalation");
    }
    const auto running = order.engine.find("escalations");
    if (running == order.engine.end()) return;
    // What runs has a timer, what has ended has none.
    for (const auto& [name, state] : running->items())
        RC_ASSERT((state.at("state") == "running") == names.contains("escalation:" + name));
}

void open_some(Shipped& city) {
    const auto flows = city.desk.flows().all();
    const Flow& flow = *flows[*rc::gen::inRange<std::size_t>(0, flows.size())];
    OpenOrder open;
    open.kind = flow.kind;
    open.number = one_of<std::string>({"+8613800000001", "+8613800000002"});
    open.note = "said";
    std::vector<std::string> required, others;
    for (const FieldDef& field : flow.fields) (field.required ? required : others).push_back(field.name);
    open.fields = some_fields(flow, required, others);
    Actor actor = one_of(kPeople);
    if (actor.role == "erp" || actor.groups.empty()) open.group = "sales";
    city.ask(actor, open);
}

void act_some(Shipped& city) {
    if (city.view.orders.empty()) return;
    const auto it =
        std::next(city.view.orders.begin(), *rc::gen::inRange<std::ptrdiff_t>(0, std::ssize(city.view.orders)));
    const OrderRecord order = it->second;
    const Flow& flow = *city.desk.flows().of(order);
    Actor actor = one_of(kPeople);
    if (*rc::gen::inRange(0, 4) == 0)
        return void(city.ask(
            actor, ActOnOrder{order.id, one_of<std::string>({"acknowledge", "approve", "reject"}), {}, "", {}}));
    const auto possible = possible_actions(flow, order, actor);
    if (possible.empty()) return;
    const ActionDef& action = *flow.action(one_of(possible));
    city.ask(actor,
             ActOnOrder{
                 order.id, action.name, some_fields(flow, action.required_fields, action.optional_fields), "note", {}});
}

// The next deadline that falls due until then; false: none does.
bool fire_next(Shipped& city, WallTime until) {
    const DeadlineRecord* next = nullptr;
    for (const auto& [key, row] : city.view.deadlines)
        if (row.state == DeadlineState::open && row.due_at <= until && (next == nullptr || row.due_at < next->due_at))
            next = &row;
    if (next == nullptr) return false;
    city.now = std::max(city.now, next->due_at);
    RC_ASSERT(city.ask(kSystem, DeadlineReached{next->order, next->name, next->n}));
    return true;
}

RC_GTEST_PROP(EveryShippedFlow, KeepsItsOrdersInTheGraphAndForgetsNone, ()) {
    Shipped city;
    const int steps = *rc::gen::inRange(5, 40);
    for (int i = 0; i < steps; ++i) {
        const WallTime until = city.now + std::chrono::minutes{*rc::gen::inRange(0, 200)};
        while (fire_next(city, until))
            for (const auto& [id, order] : city.view.orders) check(city, order);
        city.now = until;
        if (*rc::gen::inRange(0, 3) == 0)
            open_some(city);
        else
            act_some(city);
        for (const auto& [id, order] : city.view.orders) check(city, order);
    }
    // Left alone, everything that timers began ends but the reminders of what nobody does anything about.
    int fired = 0;
    const WallTime end = city.now + std::chrono::hours{24 * 120};
    while (fired < 5'000 && fire_next(city, end)) ++fired;
    for (const auto& [id, order] : city.view.orders) {
        check(city, order);
        const auto running = order.engine.find("escalations");
        if (running == order.engine.end()) continue;
        for (const auto& [name, state] : running->items()) RC_ASSERT(state.at("state") != "running");
    }
}

}  // namespace
}  // namespace citybridge::desk::testing
