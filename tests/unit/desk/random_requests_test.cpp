// Any sequence of requests, of anybody, in any order: what must always hold.
#include <rapidcheck/gtest.h>

#include <set>

#include "core/desk/access.h"
#include "tests/unit/desk/lead_rules.h"
#include "tests/unit/desk/one_of.h"
#include "tests/unit/desk/world.h"

namespace citybridge::desk::testing {
namespace {

const std::vector<Actor> kAskers{kWang, kLead, kLead, kAdmin, kAdmin, kSystem, kLi, kQuality};
const std::vector<std::string> kNumbers{"", "+8613800000001", "+8613800000002"};
const std::vector<std::string> kActions{
    "broker_called_yes", "broker_not_called", "responsible_reached", "responsible_not_reached", "change", "cancel",
    "assigned",          "nonsense"};
const std::vector<std::string> kTypes{"order.assigned", "order.contacted", "order.noted",
                                      "order.closed",   "order.rejected",  "order.nonsense"};

template <class Row>
std::string some_id(const std::map<std::string, Row>& rows) {
    if (rows.empty()) return "unknown";
    return std::next(rows.begin(), *rc::gen::inRange<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(rows.size())))
        ->first;
}

// Every second time one that the order's state allows.
ActOnOrder some_action(const World& world) {
    ActOnOrder act{some_id(world.view.orders), one_of(kActions), {}, one_of<std::string>({"", "note", "note"}), {}};
    const OrderRecord* order = world.view.order(act.order);
    if (order == nullptr || *rc::gen::arbitrary<bool>()) return act;
    const auto possible = possible_actions(*world.desk.flows().find(order->kind), *order, kSystem);
    if (!possible.empty()) act.action = one_of(possible);
    if (act.action == "change") act.fields = {{"wish", "y"}};
    return act;
}

decltype(Request::what) some_request(const World& world) {
    switch (*rc::gen::inRange(0, 9)) {
        case 0:
        case 1: {
            OpenOrder open;
            open.kind = "sales_lead";
            open.number = one_of(kNumbers);
            open.customer_name = one_of<std::string>({"", "Chen", "Chen"});
            open.fields = {{"lead_kind", one_of<std::string>({"buy", "buy", "buy", "sell", "swap"})}, {"wish", "x"}};
            return open;
        }
        case 2:
        case 3: return some_action(world);
        case 4: return AddNote{some_id(world.view.orders), "note"};
        case 5: {
            SaveCustomer save;
            save.id = one_of<std::string>({"", some_id(world.view.customers)});
            save.numbers = {{one_of(kNumbers)}};
            return save;
        }
        case 6:
            return TakeInbound{{"erp",
                                "m" + std::to_string(*rc::gen::inRange(0, 20)),
                                {},
                                one_of(kTypes),
                                {{"order", some_id(world.view.orders)},
                                 {"external_id", one_of<std::string>({"", "L-1", "L-2"})},
                                 {"note", "said"}}}};
        case 7: {
            if (world.view.deadlines.empty()) return EraseCustomer{some_id(world.view.customers)};
            const auto it = std::next(world.view.deadlines.begin(),
                                      *rc::gen::inRange<std::ptrdiff_t>(0, std::ssize(world.view.deadlines)));
            return DeadlineReached{it->second.order, it->second.name, it->second.n};
        }
        default: break;
    }
    if (world.view.outbox.empty()) return EraseCustomer{some_id(world.view.customers)};
    OutboxRecord row = world.view.outbox.at(some_id(world.view.outbox));
    row.state = one_of<OutboxState>({OutboxState::delivered, OutboxState::dead, OutboxState::possibly_done});
    row.external_id = one_of<std::string>({"", "L-1", "L-2", "L-3"});
    return DeliveryEnded{row};
}

void check_order(const World& world, const OrderRecord& order) {
    const Flow& flow = *world.desk.flows().find(order.kind);
    RC_ASSERT(flow.state(order.state) != nullptr);
    RC_ASSERT(flow.is_closed(order.state) == order.closed_at.has_value());
    RC_ASSERT(!flow.is_closed(order.state) || world.view.open_follow_ups(order.id).empty());
    RC_ASSERT(order.closed_at || !world.view.open_deadlines(order.id).empty());
    std::set<std::string> names;
    for (const DeadlineRecord& deadline : world.view.open_deadlines(order.id))
        RC_ASSERT(names.insert(deadline.name).second);
    for (std::int64_t n = 1; n <= order.history_n; ++n) RC_ASSERT(world.view.history.contains({order.id, n}));
    RC_ASSERT(!world.view.history.contains({order.id, order.history_n + 1}));
    RC_ASSERT(world.view.history.at({order.id, order.history_n}).to_state == order.state);
    RC_ASSERT(order.revision == order.history_n);
}

void check_all(const World& world) {
    std::set<std::pair<std::string, std::string>> external;
    for (const auto& [id, order] : world.view.orders) {
        check_order(world, order);
        if (!order.external_id.empty()) RC_ASSERT(external.emplace(order.external_system, order.external_id).second);
    }
    std::set<std::string> numbers;
    for (const auto& [id, customer] : world.view.customers) {
        for (const std::string& number : customer.numbers) RC_ASSERT(numbers.insert(number).second);
        RC_ASSERT(!customer.erased || (customer.name.empty() && customer.numbers.empty()));
    }
    for (const auto& [id, row] : world.view.outbox) {
        RC_ASSERT(row.key == row.order);
        RC_ASSERT(id.rfind(row.order + ".", 0) == 0U);
        RC_ASSERT(nlohmann::json::accept(row.payload));
    }
}

bool same(const Decision& a, const Decision& b) {
    return a.changes.orders == b.changes.orders && a.changes.customers == b.changes.customers &&
           a.changes.history == b.changes.history && a.changes.deadlines == b.changes.deadlines &&
           a.changes.outbox == b.changes.outbox && a.changes.inbox == b.changes.inbox && a.reply.body == b.reply.body &&
           a.events.size() == b.events.size();
}

// A revision grows by one with every step, and a closed order never opens again by itself.
void check_growth(const World& world, const Changes& changes) {
    for (const OrderRecord& order : changes.orders) {
        const OrderRecord* before = world.view.order(order.id);
        RC_ASSERT(order.revision == (before == nullptr ? 1 : before->revision + 1));
        if (before != nullptr && before->closed_at) RC_ASSERT(order.state == before->state);
    }
    for (const CustomerRecord& customer : changes.customers) {
        const CustomerRecord* before = world.view.customer(customer.id);
        RC_ASSERT(customer.revision == (before == nullptr ? 1 : before->revision + 1));
    }
}

RC_GTEST_PROP(RandomRequests, KeepWhatMustAlwaysHold, ()) {
    World world(with_rules());
    world.open_lead();
    const int steps = *rc::gen::inRange(1, 40);
    int accepted = 0;
    for (int i = 0; i < steps; ++i) {
        world.now += std::chrono::minutes{*rc::gen::inRange(0, 90)};
        const Actor actor = one_of(kAskers);
        const auto what = some_request(world);
        const std::string id = "q" + std::to_string(i);
        const auto decision = world.ask(actor, what, id);
        const auto again = world.ask(actor, what, id);
        RC_ASSERT(static_cast<bool>(decision) == static_cast<bool>(again));
        if (!decision) {
            RC_ASSERT(decision.error() == again.error());
            RC_ASSERT(!decision.error().detail.empty());
            continue;
        }
        ++accepted;
        RC_ASSERT(same(*decision, *again));
        check_growth(world, decision->changes);
        world.view.take(decision->changes);
        check_all(world);
    }
    RC_CLASSIFY(accepted * 3 >= steps, "a third or more accepted");
}

}  // namespace
}  // namespace citybridge::desk::testing
