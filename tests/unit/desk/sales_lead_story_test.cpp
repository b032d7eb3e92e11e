// A sales lead step by step (B2), with the shipped flow and 8:00-20:00.
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

}  // namespace
}  // namespace citybridge::desk::testing
