// A mail or short message that comes back is no end: the next channel of the list is tried.
#include "core/desk/engine_state.h"
#include "tests/unit/desk/engine_room.h"

namespace citybridge::desk::testing {
namespace {

using std::chrono::hours;

const Actor kWei{"li", "agent", {"service"}};
const std::string kBack =
    R"(<template name="late">late</template><template name="end">ended</template>
<follow_up name="look" after="1h" question="?" set_by="open" settled_by="wait"/>
<tell on="close" to="directory:office" channel="email sms" template="end"/>
<escalation name="late" start="overdue:look" stop="finish">
  <step to="directory:office" channel="email sms screen" template="late" ack_within="1h"/>
  <step to="role:supervisor" channel="screen" template="late"/></escalation>)";

OutboxRecord came_back(const EngineRoom& room, const std::string& message, OutboxState state = OutboxState::dead) {
    OutboxRecord row = room.view.outbox.at(message);
    row.state = state;
    return row;
}

TEST(NextChannel, IsTriedUntilOneReachesHim) {
    EngineRoom room(kBack);
    const std::string id = room.open();
    room.pass(hours{1});
    ASSERT_EQ(room.told(id).size(), 1U);
    EXPECT_EQ(room.told(id)[0].channel, "email");
    EXPECT_EQ(Json::parse(room.view.outbox.at(room.told(id)[0].outbox).payload).at("confirm"), "if_possible")
        << "a reply acknowledges; it can be done otherwise too";
    room.done(kSystem, DeliveryEnded{came_back(room, room.told(id)[0].outbox)});
    ASSERT_EQ(room.told(id).size(), 2U);
    EXPECT_TRUE(room.told(id)[0].settled_at) << "nobody waits for an answer to that mail any more";
    EXPECT_EQ(room.told(id)[1].channel, "sms");
    EXPECT_EQ(room.told(id)[1].to_person, "Wei");
    EXPECT_EQ(room.last(id).detail.at("next_channel"), "sms");
    room.done(kSystem, DeliveryEnded{came_back(room, room.told(id)[1].outbox)});
    ASSERT_EQ(room.told(id).size(), 3U);
    EXPECT_EQ(room.told(id)[2].channel, "screen");
    EXPECT_TRUE(room.told(id)[2].to_acknowledge);
    room.act(id, "acknowledge", kWei);
    EXPECT_EQ(room.escalation(id, "late"), "acknowledged");
}

TEST(NextChannel, IsNotTriedForWhatMayHaveArrived) {
    EngineRoom room(kBack);
    const std::string id = room.open();
    room.pass(hours{1});
    room.done(kSystem, DeliveryEnded{came_back(room, room.told(id)[0].outbox, OutboxState::possibly_done)});
    room.done(kSystem, DeliveryEnded{came_back(room, room.told(id)[0].outbox, OutboxState::cancelled)});
    EXPECT_EQ(room.told(id).size(), 1U);
}

TEST(NextChannel, IsNotTriedWhenTheNextInTurnKnowsOrSomebodyHasAcknowledged) {
    EngineRoom room(kBack);
    const std::string first = room.open();
    const std::string second = room.open();
    room.pass(hours{1});
    room.act(second, "acknowledge", kWei);
    room.done(kSystem, DeliveryEnded{came_back(room, room.told(second)[0].outbox)});
    EXPECT_EQ(room.told(second).size(), 1U);
    room.pass(hours{1});
    ASSERT_EQ(room.told(first).size(), 2U) << "the supervisor knows";
    room.done(kSystem, DeliveryEnded{came_back(room, room.told(first)[0].outbox)});
    EXPECT_EQ(room.told(first).size(), 2U);
}

TEST(NextChannel, IsTriedAlsoWhenTheOrderIsClosed) {
    EngineRoom room(kBack);
    const std::string id = room.open();
    room.act(id, "finish");
    ASSERT_EQ(room.told(id).size(), 1U);
    EXPECT_FALSE(Json::parse(room.view.outbox.at(room.told(id)[0].outbox).payload).contains("confirm"));
    room.done(kSystem, DeliveryEnded{came_back(room, room.told(id)[0].outbox)});
    ASSERT_EQ(room.told(id).size(), 2U);
    EXPECT_EQ(room.told(id)[1].channel, "sms");
    room.done(kSystem, DeliveryEnded{came_back(room, room.told(id)[1].outbox)});
    EXPECT_EQ(room.told(id).size(), 2U);
    EXPECT_EQ(room.last(id).detail.at("no_channel_left"), "sms");
}

TEST(NextChannel, IsThatOfTheNextPersonWhenNoneIsLeft) {
    EngineRoom room(R"(<follow_up name="look" after="1h" question="?" set_by="open" settled_by="wait"/>
<template name="late">late</template>
<escalation name="late" start="overdue:look" stop="finish">
  <step to="directory:office" channel="email" template="late" ack_within="1h"/>
  <step to="role:supervisor" channel="screen" template="late"/></escalation>)");
    const std::string id = room.open();
    room.pass(hours{1});
    room.done(kSystem, DeliveryEnded{came_back(room, room.told(id)[0].outbox)});
    ASSERT_EQ(room.told(id).size(), 2U) << "nobody waits an hour for one who was not reached";
    EXPECT_EQ(room.told(id)[1].to_user, "sun");
    EXPECT_TRUE(room.told(id)[0].settled_at);
}

// ---- Who tells that it did not arrive makes no difference ---------------------

// The message is carried and known at the far side under this number.
OutboxRecord carried(EngineRoom& room, const std::string& message, const std::string& number) {
    OutboxRecord& row = room.view.outbox.at(message);
    row.state = OutboxState::delivered;
    row.external_id = number;
    return row;
}

Decision reported(EngineRoom& room, const std::string& source, const std::string& type, const std::string& key,
                  Json data) {
    return room.done({"erp:" + source, "erp", {}}, TakeInbound{{source, key, room.now, type, std::move(data)}});
}

TEST(NextChannel, IsTriedAfterABounceAndAfterAFailedReport) {
    EngineRoom room(kBack);
    const std::string id = room.open();
    room.pass(hours{1});
    carried(room, room.told(id)[0].outbox, "<m1@beijing>");
    reported(room, "mail", "mail.bounced", "b0", {{"external_id", "<m1@beijing>"}, {"status", "4.4.1"}});
    EXPECT_EQ(room.told(id).size(), 1U) << "a delay is no bounce";
    reported(room, "mail", "mail.bounced", "b1", {{"external_id", "<m1@beijing>"}, {"status", "5.1.1"}});
    ASSERT_EQ(room.told(id).size(), 2U);
    EXPECT_EQ(room.last(id).action, "mail_bounced");
    EXPECT_EQ(room.last(id).detail.at("next_channel"), "sms");
    EXPECT_EQ(room.told(id)[1].channel, "sms");
    EXPECT_EQ(room.told(id)[1].to_person, "Wei");
    EXPECT_TRUE(room.told(id)[0].settled_at);
    carried(room, room.told(id)[1].outbox, "gw-1");
    reported(room, "texts", "sms.report", "r1", {{"external_id", "gw-1"}, {"state", "expired"}});
    ASSERT_EQ(room.told(id).size(), 3U);
    EXPECT_EQ(room.last(id).action, "sms_undelivered");
    EXPECT_EQ(room.told(id)[2].channel, "screen");
    room.act(id, "acknowledge", kWei);
    EXPECT_EQ(room.escalation(id, "late"), "acknowledged");
}

TEST(NextChannel, IsTriedOnceForAMessageHoweverOftenItIsReported) {
    EngineRoom room(kBack);
    const std::string id = room.open();
    room.act(id, "finish");
    carried(room, room.told(id)[0].outbox, "<m2@beijing>");
    for (const char* key : {"b1", "b2"})
        reported(room, "mail", "mail.bounced", key, {{"external_id", "<m2@beijing>"}, {"status", "5.1.1"}});
    ASSERT_EQ(room.told(id).size(), 2U) << "nobody asked for an answer to it, and still he is told once";
    carried(room, room.told(id)[1].outbox, "gw-2");
    for (const char* key : {"r1", "r2"})
        reported(room, "texts", "sms.report", key, {{"external_id", "gw-2"}, {"state", "undelivered"}});
    EXPECT_EQ(room.told(id).size(), 2U);
    room.done(kSystem, DeliveryEnded{came_back(room, room.told(id)[0].outbox)});
    EXPECT_EQ(room.told(id).size(), 2U);
}

const std::string kConfirmed =
    R"(<follow_up name="look" after="5d" question="?" set_by="open" settled_by="finish"/>
<template name="asked">look</template>
<tell on="open" to="directory:office" channel="email sms" template="asked" confirm_within="1d"
      unconfirmed="escalation:silent"/>
<escalation name="silent"><step to="role:supervisor" channel="screen" template="asked"/></escalation>)";

TEST(NextChannel, CarriesTheConfirmationThatIsWaitedFor) {
    EngineRoom room(kConfirmed);
    const std::string id = room.open();
    carried(room, room.told(id)[0].outbox, "<m3@beijing>");
    reported(room, "mail", "mail.bounced", "b1", {{"external_id", "<m3@beijing>"}, {"status", "5.1.1"}});
    ASSERT_EQ(room.told(id).size(), 2U);
    EXPECT_TRUE(room.told(id)[1].to_acknowledge);
    EXPECT_FALSE(room.order(id).engine.contains("escalations")) << "he has the rest of the day to answer the other";
    carried(room, room.told(id)[1].outbox, "gw-3");
    reported(room, "texts", "sms.report", "r1", {{"external_id", "gw-3"}, {"state", "rejected"}});
    EXPECT_TRUE(room.order(id).engine.contains("escalations")) << "no channel is left: nobody waits for the day's end";
    EXPECT_EQ(room.told(id).back().to_user, "sun");
}

TEST(NextChannel, IsNotTriedForOneWhoHasAnswered) {
    EngineRoom room(kConfirmed);
    const std::string id = room.open();
    carried(room, room.told(id)[0].outbox, "<m4@beijing>");
    reported(room, "mail", "mail.confirmed", "c1", {{"external_id", "<m4@beijing>"}, {"text", "ok"}});
    reported(room, "mail", "mail.bounced", "b1", {{"external_id", "<m4@beijing>"}, {"status", "5.1.1"}});
    EXPECT_EQ(room.told(id).size(), 1U);
    EXPECT_FALSE(room.order(id).engine.contains("escalations"));
}

TEST(NextChannel, OfACustomerNeedsHisRowWhichIsNamedWhenTheOrderIsThere) {
    EngineRoom room(R"(<follow_up name="look" after="5d" question="?" set_by="open" settled_by="finish"/>
<template name="begun">begun</template><tell on="open" to="customer" channel="sms phone" template="begun"/>)");
    CustomerRecord customer;
    customer.id = "cus_1";
    customer.numbers = {"+8613800000001"};
    room.view.customers["cus_1"] = customer;
    OpenOrder what;
    what.kind = "visit";
    what.customer = "cus_1";
    const std::string id = room.done(kWang, what).changes.orders.at(0).id;
    const OutboxRecord message = carried(room, room.told(id)[0].outbox, "gw-5");
    const Request report{
        "r",
        {"erp:texts", "erp", {}},
        TakeInbound{{"texts", "r1", room.now, "sms.report", {{"external_id", "gw-5"}, {"state", "undelivered"}}}}};
    EXPECT_EQ(room.desk.needs(report).verification.outbox_by_far.size(), 1U);
    MapView loaded;
    loaded.outbox[message.id] = message;
    EXPECT_EQ(room.desk.needs_next(loaded, report).orders, std::vector<std::string>{id});
    loaded.orders[id] = room.order(id);
    EXPECT_EQ(room.desk.needs_next(loaded, report).customers, std::vector<std::string>{"cus_1"});
    reported(room, "texts", "sms.report", "r1", {{"external_id", "gw-5"}, {"state", "undelivered"}});
    ASSERT_EQ(room.told(id).size(), 2U);
    EXPECT_EQ(room.told(id)[1].channel, "phone");
    EXPECT_EQ(room.told(id)[1].to_user, room.order(id).owner) << "its owner rings him";
}

}  // namespace
}  // namespace citybridge::desk::testing
