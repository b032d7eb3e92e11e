// What the ERP tells, what it is told, and who else hears of it.
#include "tests/unit/desk/lead_rules.h"
#include "tests/unit/desk/world.h"

namespace citybridge::desk::testing {
namespace {

using nlohmann::json;

TakeInbound told(const std::string& id, const std::string& type, nlohmann::ordered_json data,
                 const std::string& source = "erp_hooks") {
    return {{source, id, {}, type, std::move(data)}};
}

TEST(ErpStory, AnAssignmentMovesTheOrderAndTellsItsNumber) {
    World world(with_rules());
    const std::string id = world.open_lead();
    const Decision decision =
        world.done(kSystem, told("m1", "order.assigned", {{"order", id}, {"external_id", "L-1"}, {"broker", "Zhou"}}));
    EXPECT_EQ(world.order(id).state, "assigned");
    EXPECT_EQ(world.order(id).fields.at("broker"), "Zhou");
    EXPECT_EQ(world.order(id).external_system, "erp");
    EXPECT_EQ(world.order(id).external_id, "L-1");
    EXPECT_EQ(world.last_history(id).actor, "erp:erp_hooks");
    EXPECT_EQ(world.last_history(id).action, "assigned");
    EXPECT_EQ(world.view.open_follow_ups(id).size(), 1U) << "the customer is still to be asked";
    EXPECT_EQ(json::parse(decision.reply.body), json({{"status", "applied"}, {"order", id}}));
    EXPECT_EQ(world.view.inbox.count({"erp_hooks", "m1"}), 1U);
}

TEST(ErpStory, TheErpsOwnNumberFindsTheOrder) {
    World world(with_rules());
    const std::string id = world.open_lead();
    world.done(kSystem, told("m1", "order.assigned", {{"order", id}, {"external_id", "L-1"}}));
    world.done(kSystem, told("m2", "order.closed", {{"external_id", "L-1"}, {"note", "sold"}}, "erp"));
    EXPECT_EQ(world.order(id).state, "closed");
    EXPECT_TRUE(world.view.open_follow_ups(id).empty());
    EXPECT_EQ(world.view.outbox.count(id + ".3.erp"), 0U) << "the ERP is not told what it told";
    EXPECT_EQ(world.view.outbox.count(id + ".3.crm.event"), 1U);
}

TEST(ErpStory, TheSameMessageTwiceHasNoSecondEffect) {
    World world(with_rules());
    const std::string id = world.open_lead();
    const auto message = told("m1", "order.noted", {{"order", id}, {"note", "n"}});
    world.done(kSystem, message);
    const Decision again = world.done(kSystem, message);
    EXPECT_TRUE(again.changes.empty());
    EXPECT_TRUE(again.events.empty());
    EXPECT_EQ(again.reply.status, 200);
    EXPECT_EQ(json::parse(again.reply.body), json({{"status", "duplicate"}}));
}

TEST(ErpStory, AFactThatComesTooLateIsKeptAsANote) {
    World world(with_rules());
    const std::string id = world.open_lead();
    world.done(kWang, ActOnOrder{id, "cancel", {}, "bought elsewhere", {}});
    const Decision decision = world.done(kSystem, told("m1", "order.contacted", {{"order", id}, {"broker", "Zhou"}}));
    EXPECT_EQ(world.order(id).state, "cancelled");
    EXPECT_FALSE(world.order(id).fields.contains("broker"));
    EXPECT_EQ(world.last_history(id).action, "erp");
    EXPECT_EQ(world.last_history(id).detail.at("not_possible"), "contacted");
    EXPECT_EQ(world.last_history(id).detail.at("broker"), "Zhou");
    EXPECT_EQ(event_type(decision.events.at(0)), "order.noted");
    EXPECT_EQ(json::parse(decision.reply.body).at("status"), "noted");
}

TEST(ErpStory, WhatCannotBeUsedIsRefusedAndMayComeAgain) {
    World world(with_rules());
    const std::string id = world.open_lead();
    EXPECT_EQ(world.refused(kSystem, told("m1", "order.assigned", {{"order", "ord_none"}})), "order.unknown");
    EXPECT_EQ(world.refused(kSystem, told("m1", "order.assigned", {{"external_id", "L-9"}})), "order.unknown");
    EXPECT_EQ(world.refused(kSystem, told("m1", "order.lost", {{"order", id}})), "hook.not_understood");
    EXPECT_EQ(world.refused(kSystem, told("m1", "order.assigned", {{"order", id}, {"broker", std::string(101, 'x')}})),
              "hook.not_understood");
    EXPECT_EQ(world.refused(kSystem, told("m1", "order.assigned", {{"order", id}}, "marketing")), "order.unknown");
    EXPECT_TRUE(world.view.inbox.empty());
    world.done(kSystem, told("m1", "order.assigned", {{"order", id}}));
}

TEST(ErpStory, WithoutRulesNothingIsUnderstood) {
    World world;
    EXPECT_EQ(world.refused(kSystem, told("m1", "order.closed", {{"order", "o"}})), "hook.not_understood");
}

TEST(ErpStory, ANumberOfAnotherOrderIsNotTakenAway) {
    World world(with_rules());
    const std::string first = world.open_lead();
    const std::string second = world.open_lead();
    world.done(kSystem, told("m1", "order.assigned", {{"order", first}, {"external_id", "L-1"}}));
    world.done(kSystem, told("m2", "order.assigned", {{"order", second}, {"external_id", "L-1"}}));
    EXPECT_EQ(world.order(first).external_id, "L-1");
    EXPECT_EQ(world.order(second).external_id, "");
    EXPECT_EQ(world.last_history(second).detail.at("external_id_taken"), "L-1");
}

OutboxRecord ended(const World& world, const std::string& id, OutboxState state) {
    OutboxRecord row = world.view.outbox.at(id);
    row.state = state;
    row.last_code = "delivery.refused";
    row.last_detail = "the ERP says: no such city";
    return row;
}

TEST(ErpStory, AMessageThatDidNotArriveIsInTheHistoryWithTheReason) {
    for (const OutboxState state : {OutboxState::dead, OutboxState::possibly_done, OutboxState::cancelled}) {
        World world(with_rules());
        const std::string id = world.open_lead();
        const Decision decision = world.done(kSystem, DeliveryEnded{ended(world, id + ".1.erp", state)});
        const HistoryRecord& entry = world.last_history(id);
        EXPECT_EQ(entry.action, "undelivered");
        EXPECT_EQ(entry.text, "the ERP says: no such city");
        EXPECT_EQ(entry.detail.at("code"), "delivery.refused");
        EXPECT_EQ(entry.detail.at("state"), to_string(state));
        EXPECT_EQ(event_type(decision.events.at(0)), "order.escalated") << "the promise of two hours hangs on it";
        EXPECT_TRUE(world.order(id).external_id.empty());
    }
}

TEST(ErpStory, ASubscribersMessageIsNewsOnlyWhenItFailsAndThenNotForHim) {
    World world(with_rules());
    const std::string id = world.open_lead();
    const std::string event = id + ".1.crm.event";
    EXPECT_TRUE(world.done(kSystem, DeliveryEnded{ended(world, event, OutboxState::delivered)}).changes.empty());
    world.done(kSystem, DeliveryEnded{ended(world, event, OutboxState::dead)});
    EXPECT_EQ(world.last_history(id).action, "undelivered");
    EXPECT_EQ(world.view.outbox.count(id + ".2.crm.event"), 0U);
}

TEST(ErpStory, OnlyTheOpeningMessageTellsTheOrdersNumber) {
    World world(with_rules());
    const std::string id = world.open_lead();
    world.done(kWang, AddNote{id, "n"});
    OutboxRecord note = world.view.outbox.at(id + ".2.erp");
    note.state = OutboxState::delivered;
    note.external_id = "NOTE-77";
    world.done(kSystem, DeliveryEnded{note});
    EXPECT_EQ(world.order(id).external_id, "");
    OutboxRecord open = world.view.outbox.at(id + ".1.erp");
    open.state = OutboxState::delivered;
    open.external_id = "L-1";
    world.done(kSystem, DeliveryEnded{open});
    EXPECT_EQ(world.order(id).external_id, "L-1");
}

TEST(ErpStory, TheNodesOwnFactsAreKeptEvenWithoutTheFlow) {
    World world(with_rules());
    const std::string id = world.open_lead();
    world.view.orders.at(id).kind = "removed_kind";
    world.now += std::chrono::hours{2};
    world.done(kSystem, DeadlineReached{id, "broker_called", 1});
    EXPECT_EQ(world.last_history(id).action, "overdue");
    world.done(kSystem, DeliveryEnded{ended(world, id + ".1.erp", OutboxState::dead)});
    EXPECT_EQ(world.last_history(id).action, "undelivered");
}

TEST(Subscribers, GetTheOrderWithTheStepThatHappened) {
    World world(with_rules());
    const std::string id = world.open_lead();
    const OutboxRecord& row = world.view.outbox.at(id + ".1.crm.event");
    EXPECT_EQ(row.kind, "event");
    EXPECT_EQ(row.key, id);
    const json payload = json::parse(row.payload);
    EXPECT_EQ(payload.at("type"), "order.opened");
    EXPECT_EQ(payload.at("timestamp"), to_rfc3339(world.now));
    EXPECT_EQ(payload.at("data").at("id"), id);
    EXPECT_EQ(payload.at("data").at("state"), "new");
    EXPECT_EQ(payload.at("data").at("history").at("n"), 1);
    EXPECT_EQ(payload.at("data").at("history").at("action"), "opened");
    EXPECT_FALSE(payload.at("data").contains("actions"));
}

TEST(Subscribers, PatternsNameOneTypeAFamilyOrAll) {
    const auto matches = [](const std::string& pattern, std::string_view type) {
        return wants({"x", {"never.this", pattern}}, type);
    };
    EXPECT_TRUE(matches("*", "order.opened"));
    EXPECT_TRUE(matches("order.*", "order.opened"));
    EXPECT_TRUE(matches("order.opened", "order.opened"));
    EXPECT_FALSE(matches("order.*", "orders.opened"));
    EXPECT_FALSE(matches("order.open", "order.opened"));
    EXPECT_FALSE(matches("contact.*", "order.opened"));
    EXPECT_FALSE(matches("order", "order.opened"));
    EXPECT_FALSE(wants({"x", {}}, "order.opened"));
}

TEST(Needs, NamesTheRowsARequestIsDecidedOn) {
    World world(with_rules());
    const std::string id = world.open_lead();
    const auto needs = [&](decltype(Request::what) what) { return world.desk.needs({"r", kWang, std::move(what)}); };
    OpenOrder open;
    open.number = "+8613800000001";
    EXPECT_EQ(needs(open).numbers, std::vector<std::string>{"+8613800000001"});
    open.customer = "cus_1";
    EXPECT_EQ(needs(open).customers, std::vector<std::string>{"cus_1"});
    const Wanted inbound = needs(told("m1", "order.closed", {{"order", id}, {"external_id", "L-1"}}));
    EXPECT_EQ(inbound.orders, std::vector<std::string>{id});
    EXPECT_EQ(inbound.inbox, (std::vector<std::pair<std::string, std::string>>{{"erp_hooks", "m1"}}));
    EXPECT_EQ(inbound.external,
              (std::vector<std::pair<std::string, std::string>>{{"erp_hooks", "L-1"}, {"erp", "L-1"}}));
    SaveCustomer save;
    save.id = "cus_1";
    save.numbers = {{"+1"}};
    EXPECT_EQ(needs(save).customers, std::vector<std::string>{"cus_1"});
    EXPECT_EQ(needs(save).numbers, std::vector<std::string>{"+1"});
}

TEST(Needs, TheOrdersCustomerIsAskedForOnceTheOrderIsThere) {
    World world(with_rules());
    const std::string id = world.open_lead();
    const Request note{"r", kWang, AddNote{id, "n"}};
    EXPECT_TRUE(world.desk.needs_next(world.view, note).customers.empty()) << "he is there";
    MapView only_order;
    only_order.orders = world.view.orders;
    EXPECT_EQ(world.desk.needs_next(only_order, note).customers, std::vector<std::string>{"cus_r1"});
}

}  // namespace
}  // namespace citybridge::desk::testing
