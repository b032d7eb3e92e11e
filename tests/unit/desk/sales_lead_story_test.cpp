// A sales lead step by step (B2), with the shipped flow and 8:00-20:00.
#include "tests/unit/desk/lead_rules.h"
#include "tests/unit/desk/world.h"

namespace citybridge::desk::testing {
namespace {

using nlohmann::json;

TEST(SalesLeadStory, OpeningMakesCustomerOrderHistoryDeadlineAndMessageInOneDecision) {
    World world;
    const std::string id = world.open_lead();
    EXPECT_EQ(id, "ord_r1");
    const OrderRecord& order = world.order(id);
    EXPECT_EQ(order.state, "new");
    EXPECT_EQ(order.owner, "wang");
    EXPECT_EQ(order.group, "sales");
    EXPECT_EQ(order.revision, 1);
    EXPECT_EQ(order.customer, "cus_r1");
    EXPECT_EQ(world.view.customers.at("cus_r1").name, "陈女士");
    EXPECT_EQ(world.last_history(id).action, "opened");
    EXPECT_EQ(world.last_history(id).n, 1);
    const DeadlineRecord& deadline = world.view.deadlines.at({id, "broker_called", 1});
    EXPECT_EQ(to_rfc3339(deadline.due_at), "2026-11-23T04:00:00.000Z");
    EXPECT_FALSE(deadline.provisional);
    const OutboxRecord& message = world.view.outbox.at("ord_r1.1.erp");
    EXPECT_EQ(message.kind, "open_order");
    EXPECT_EQ(message.destination, "erp");
    EXPECT_EQ(message.key, id);
    EXPECT_EQ(message.seq, 0);
    EXPECT_EQ(message.state, OutboxState::pending);
}

TEST(SalesLeadStory, DeliveredMessageGivesTheOrderItsExternalNumber) {
    World world;
    const std::string id = world.open_lead();
    OutboxRecord row = world.view.outbox.at("ord_r1.1.erp");
    row.state = OutboxState::delivered;
    row.external_id = "L-4711";
    const Decision decision = world.done(kSystem, DeliveryEnded{row});
    EXPECT_EQ(world.order(id).external_system, "erp");
    EXPECT_EQ(world.order(id).external_id, "L-4711");
    EXPECT_EQ(world.last_history(id).action, "delivered");
    ASSERT_EQ(decision.events.size(), 1U);
    EXPECT_EQ(event_type(decision.events[0]), "order.changed");
}

TEST(SalesLeadStory, ANoteIsKeptAndSentToTheErp) {
    World world;
    const std::string id = world.open_lead();
    const Decision decision = world.done(kWang, AddNote{id, "prefers evenings"});
    EXPECT_EQ(decision.reply.status, 200);
    EXPECT_EQ(world.last_history(id).text, "prefers evenings");
    EXPECT_EQ(world.order(id).revision, 2);
    EXPECT_EQ(world.view.outbox.at(id + ".2.erp").kind, "append_note");
    const json reply = json::parse(decision.reply.body);
    EXPECT_EQ(reply.at("id"), id);
    EXPECT_EQ(reply.at("deadlines").at(0).at("name"), "broker_called");
    EXPECT_NE(reply.at("actions").dump().find("broker_called_yes"), std::string::npos);
    EXPECT_EQ(reply.at("actions").dump().find("contacted"), std::string::npos);
}

TEST(SalesLeadStory, TheBrokerHasCalledSoTheLeadIsClosedAndNothingIsOpen) {
    World world;
    const std::string id = world.open_lead();
    world.now += std::chrono::hours{1};
    const Decision decision = world.done(kWang, ActOnOrder{id, "broker_called_yes", {{"satisfied", true}}, "", 1});
    EXPECT_EQ(world.order(id).state, "closed");
    EXPECT_EQ(world.order(id).closed_at, world.now);
    EXPECT_EQ(world.order(id).fields.at("satisfied"), true);
    const DeadlineRecord& deadline = world.view.deadlines.at({id, "broker_called", 1});
    EXPECT_EQ(deadline.state, DeadlineState::done);
    EXPECT_EQ(deadline.settled_at, world.now);
    EXPECT_EQ(event_type(decision.events.at(0)), "order.closed");
    EXPECT_EQ(world.view.outbox.at(id + ".2.erp").kind, "close_order");
    EXPECT_EQ(world.last_history(id).from_state, "new");
    EXPECT_EQ(world.last_history(id).to_state, "closed");
    EXPECT_EQ(json::parse(decision.reply.body).at("actions"), json::array());
}

TEST(SalesLeadStory, AFollowUpThatFallsDueIsOverdueOnceAndTheOrderShowsIt) {
    World world;
    const std::string id = world.open_lead();
    const DeadlineReached reached{id, "broker_called", 1};
    world.now += std::chrono::minutes{119};
    EXPECT_TRUE(world.done(kSystem, reached).changes.empty()) << "a minute early";
    world.now += std::chrono::minutes{1};
    const Decision decision = world.done(kSystem, reached);
    EXPECT_EQ(world.order(id).state, "to_be_called");
    EXPECT_EQ(world.view.deadlines.at({id, "broker_called", 1}).state, DeadlineState::overdue);
    EXPECT_EQ(world.last_history(id).action, "overdue");
    EXPECT_EQ(world.last_history(id).actor, "system");
    EXPECT_EQ(event_type(decision.events.at(0)), "order.overdue");
    EXPECT_TRUE(world.done(kSystem, reached).changes.empty()) << "a second time";
}

TEST(SalesLeadStory, NextDeputiesAreCalledUntilOneIsReached) {
    World world;
    const std::string id = world.open_lead();
    world.done(kWang, ActOnOrder{id, "broker_not_called", {}, "", {}});
    EXPECT_EQ(world.order(id).state, "call_responsible");
    EXPECT_EQ(world.view.deadlines.at({id, "broker_called", 1}).state, DeadlineState::done);
    EXPECT_EQ(world.view.deadlines.at({id, "responsible", 2}).due_at, world.now + std::chrono::minutes{30});

    world.now += std::chrono::minutes{10};
    EXPECT_EQ(world.refused(kWang, ActOnOrder{id, "responsible_not_reached", {}, "", {}}), "order.bad_fields");
    world.done(kWang, ActOnOrder{id, "responsible_not_reached", {}, "Shop manager, engaged", {}});
    EXPECT_EQ(world.order(id).state, "call_responsible");
    EXPECT_EQ(world.view.deadlines.at({id, "responsible", 2}).state, DeadlineState::cancelled);
    EXPECT_EQ(world.view.deadlines.at({id, "responsible", 3}).due_at, world.now + std::chrono::minutes{30});
    EXPECT_EQ(world.view.open_follow_ups(id).size(), 1U);

    world.now += std::chrono::minutes{30};
    world.done(kSystem, DeadlineReached{id, "responsible", 3});
    world.done(kWang, ActOnOrder{id, "responsible_reached", {}, "", {}});
    EXPECT_EQ(world.order(id).state, "closed");
    EXPECT_TRUE(world.view.open_follow_ups(id).empty());
    EXPECT_EQ(world.view.deadlines.at({id, "responsible", 3}).state, DeadlineState::overdue);
}

TEST(SalesLeadStory, CancellingEndsTheFollowUpAndTellsTheErpWhy) {
    World world(with_rules());
    const std::string id = world.open_lead();
    world.done(kLead, ActOnOrder{id, "cancel", {}, "customer bought elsewhere", {}});
    EXPECT_EQ(world.order(id).state, "cancelled");
    EXPECT_EQ(world.view.deadlines.at({id, "broker_called", 1}).state, DeadlineState::cancelled);
    const OutboxRecord& message = world.view.outbox.at(id + ".2.erp");
    EXPECT_EQ(message.kind, "cancel_order");
    EXPECT_EQ(json::parse(message.payload).at("note"), "customer bought elsewhere");
}

TEST(SalesLeadStory, ALeadOfTheEveningIsFollowedUpInTheMorning) {  // C1
    World world;
    world.now = at("2026-11-23T11:00:00.000Z");  // 19:00 in Shanghai
    const std::string id = world.open_lead();
    EXPECT_EQ(to_rfc3339(world.view.deadlines.at({id, "broker_called", 1}).due_at), "2026-11-24T01:00:00.000Z");
}

TEST(SalesLeadStory, TheCustomerOfASecondCallIsTheSame) {
    World world;
    const std::string first = world.open_lead();
    const std::string second = world.open_lead();
    EXPECT_EQ(world.order(first).customer, world.order(second).customer);
    EXPECT_EQ(world.view.customers.size(), 1U);
    EXPECT_EQ(world.view.customers.begin()->second.revision, 1) << "nothing about him changed";
}

TEST(SalesLeadStory, ACustomerWithoutANameGetsTheOneHeTold) {
    World world;
    CustomerRecord nameless;
    nameless.id = "cus_old";
    nameless.numbers = {"+8613800000001"};
    nameless.revision = 4;
    world.view.customers["cus_old"] = nameless;
    const std::string id = world.open_lead();
    EXPECT_EQ(world.order(id).customer, "cus_old");
    EXPECT_EQ(world.view.customers.at("cus_old").name, "陈女士");
    EXPECT_EQ(world.view.customers.at("cus_old").revision, 5);
}

TEST(SalesLeadStory, ChangedFieldsAreJudgedSentAndKept) {
    World world(with_rules());
    const std::string id = world.open_lead();
    EXPECT_EQ(world.refused(kWang, ActOnOrder{id, "change", {{"wish", nullptr}}, "", {}}), "order.bad_fields");
    world.done(kWang, ActOnOrder{id, "change", {{"budget", "4m"}, {"wish", "two rooms"}}, "", {}});
    EXPECT_EQ(world.order(id).fields.at("wish"), "two rooms");
    EXPECT_EQ(world.order(id).state, "new");
    const OutboxRecord& message = world.view.outbox.at(id + ".2.erp");
    EXPECT_EQ(message.kind, "change_order");
    EXPECT_EQ(json::parse(message.payload).at("fields").at("budget"), "4m");
    EXPECT_EQ(json::parse(message.payload).at("customer").at("name"), "陈女士");
}

}  // namespace
}  // namespace citybridge::desk::testing
