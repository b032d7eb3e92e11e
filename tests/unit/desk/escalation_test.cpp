// Who is told next, by which channel, after how long; confirmations; messages that do not arrive.
#include "tests/unit/desk/engine_room.h"

namespace citybridge::desk::testing {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const std::string kFollow = R"(<follow_up name="look" after="1h" question="?" set_by="open" settled_by="wait"/>)";
const std::string kTexts =
    R"(<template name="late" subject="Late: {order.id}">Order {order.id} of {customer.name} is late, due {due:look}, level {level}.</template>)";
const std::string kLate = kFollow + kTexts + R"(<escalation name="late" start="overdue:look" stop="finish">
    <step to="owner" channel="screen" template="late" ack_within="30min"/>
    <step after="10min" to="directory:repairs" channel="email sms" template="late" ack_within="1h" raise="level=high"/>
    <step to="role:supervisor" channel="screen"/></escalation>)";

TEST(Escalation, TellsOneAfterTheOtherUntilNobodyIsLeft) {
    EngineRoom room(kLate);
    const std::string id = room.open();
    room.pass(hours{1});
    ASSERT_EQ(room.told(id).size(), 1U) << "at once when it fell due";
    EXPECT_EQ(room.told(id)[0].to_user, "wang");
    EXPECT_EQ(room.told(id)[0].channel, "screen");
    room.pass(minutes{39});
    EXPECT_EQ(room.told(id).size(), 1U) << "30 minutes to acknowledge, then 10 more";
    room.pass(minutes{1});
    ASSERT_EQ(room.told(id).size(), 2U);
    EXPECT_EQ(room.told(id)[1].channel, "sms") << "Zhou has no e-mail";
    EXPECT_EQ(room.told(id)[1].to_person, "Zhou");
    EXPECT_EQ(room.order(id).fields.at("level"), "high");
    room.pass(hours{1});
    ASSERT_EQ(room.told(id).size(), 3U);
    EXPECT_EQ(room.told(id)[2].to_user, "sun");
    EXPECT_EQ(room.escalation(id, "late"), "ended");
    EXPECT_TRUE(room.only_idle(id));
}

TEST(Escalation, EndsWhenSomebodyAcknowledges) {
    EngineRoom room(kLate);
    const std::string id = room.open();
    room.pass(hours{1});
    EXPECT_EQ(room.refused(kLead, ActOnOrder{id, "acknowledge", {}, "", {}}), "order.action_not_possible")
        << "he was not told";
    const Decision decision = room.act(id, "acknowledge");
    EXPECT_EQ(room.escalation(id, "late"), "acknowledged");
    EXPECT_EQ(room.told(id)[0].settled_by, "wang");
    EXPECT_EQ(nlohmann::json::parse(decision.reply.body).at("escalations")[0].at("acknowledged_by"), "wang");
    EXPECT_TRUE(room.only_idle(id));
    EXPECT_EQ(room.refused(kWang, ActOnOrder{id, "acknowledge", {}, "", {}}), "order.action_not_possible");
}

TEST(Escalation, StopsByItsActionsAndWithTheOrder) {
    for (const std::string action : {"finish"}) {
        EngineRoom room(kLate);
        const std::string id = room.open();
        room.pass(hours{1});
        room.act(id, action);
        EXPECT_EQ(room.escalation(id, "late"), "stopped");
        EXPECT_TRUE(room.view.open_deadlines(id).empty());
        EXPECT_FALSE(room.order(id).engine.contains("told"));
    }
}

TEST(Escalation, AMessageHoldsATemplateAndReferencesAndNoText) {  // P10
    EngineRoom room(kLate);
    const std::string id = room.open();
    room.pass(hours{2});
    const TellingRecord row = room.told(id).at(1);
    const OutboxRecord& message = room.view.outbox.at(row.outbox);
    EXPECT_EQ(message.destination, "texts");
    EXPECT_EQ(message.kind, "tell_sms");
    const auto payload = nlohmann::json::parse(message.payload);
    EXPECT_EQ(payload.at("template"), "late");
    EXPECT_EQ(payload.at("to").at("person"), "Zhou");
    EXPECT_EQ(message.payload.find("13900000001"), std::string::npos);
}

TEST(Escalation, WaitsForTheEndOfTheQuietHours) {
    EngineRoom room(R"(<escalation name="night" start="action:wait" by_clock="true" stop="acknowledged">
        <step after="10h" to="owner" channel="screen" quiet="22:00-08:00 defer"/>
        <step to="role:supervisor" channel="screen" quiet="22:00-08:00 ignore"/></escalation>)");
    room.now = at("2026-11-23T06:00:00.000Z");  // 14:00
    const std::string id = room.open();
    room.act(id, "wait");
    room.pass(hours{12});
    EXPECT_TRUE(room.told(id).empty()) << "midnight";
    room.now = at("2026-11-24T00:00:00.000Z");  // 8:00
    room.pass(minutes{0});
    EXPECT_EQ(room.told(id).size(), 2U);
}

TEST(Escalation, WhoeverCannotBeToldIsNotWaitedFor) {
    EngineRoom room(kTexts + R"(<follow_up name="look" after="1h" question="?" set_by="open" settled_by="finish"/>
        <escalation name="late" start="overdue:look">
        <step to="field:result_user" channel="screen" ack_within="5h"/>
        <step to="owner" channel="screen"/></escalation><field name="result_user" type="user" title="U"/>)");
    const std::string id = room.open();
    room.pass(hours{1});
    ASSERT_EQ(room.told(id).size(), 1U);
    EXPECT_EQ(room.told(id)[0].to_user, "wang");
    EXPECT_EQ(room.escalation(id, "late"), "ended");
}

TEST(Escalation, OneThatEndedUnheardBeginsTheNext) {
    EngineRoom room(
        kFollow +
        R"(<escalation name="first" start="overdue:look"><step to="owner" channel="screen" ack_within="1h"/></escalation>
        <escalation name="second" start="escalation:first"><step to="role:supervisor" channel="screen"/></escalation>)");
    const std::string id = room.open();
    room.pass(hours{2});
    EXPECT_EQ(room.escalation(id, "first"), "ended");
    EXPECT_EQ(room.escalation(id, "second"), "ended");
    EXPECT_EQ(room.told(id).back().to_user, "sun");
}

TEST(Escalation, ACallIsATaskOfTheOwners) {  // "and phone him" (B5)
    EngineRoom room(kFollow + R"(<escalation name="late" start="overdue:look">
        <step to="directory:repairs" channel="phone" ack_within="30min"/></escalation>)");
    const std::string id = room.open();
    room.pass(hours{1});
    ASSERT_EQ(room.told(id).size(), 1U);
    EXPECT_EQ(room.told(id)[0].channel, "phone");
    EXPECT_EQ(room.told(id)[0].to_user, "wang");
    EXPECT_EQ(room.told(id)[0].to_person, "Zhou");
    room.act(id, "acknowledge");
    EXPECT_EQ(room.escalation(id, "late"), "acknowledged");
}

TEST(Tell, AnEMailThatNobodyConfirmsIsEscalated) {  // E3
    const std::string parts = kTexts + kFollow + R"(<field name="mail" type="email" title="Mail"/>
        <tell on="open" to="field:mail" channel="email" template="late" confirm_within="1d" unconfirmed="escalation:silent"/>
        <escalation name="silent"><step to="group_lead" channel="screen"/></escalation>)";
    EngineRoom room(parts);
    const std::string id = room.open({{"mail", "logistics@example.com"}});
    ASSERT_EQ(room.told(id).size(), 1U);
    EXPECT_EQ(room.view.outbox.at(room.told(id)[0].outbox).kind, "tell_email");
    room.act(id, "wait");
    room.pass(hours{24});
    EXPECT_EQ(room.escalation(id, "silent"), "ended");
    EXPECT_EQ(room.told(id).back().to_user, "zhao");

    const std::string other = room.open({{"mail", "logistics@example.com"}});
    room.act(other, "wait");
    room.act(other, "acknowledge");
    room.pass(hours{48});
    EXPECT_FALSE(room.order(other).engine.contains("escalations"));
}

const std::string kUndelivered = R"(<erp connector="erp">
      <send on="open" message="open_order" tell_if_undelivered_after="10min" escalation="lost"/>
      <send on="finish" message="close_order"/></erp>
    <escalation name="lost"><step to="group_lead" channel="screen" ack_within="20min"/><step to="role:supervisor" channel="screen"/></escalation>)";

OutboxRecord ended(const EngineRoom& room, const std::string& id, OutboxState state) {
    OutboxRecord row = room.view.outbox.at(id);
    row.state = state;
    row.last_detail = "no such city";
    return row;
}

TEST(Undelivered, APersonIsToldBeforeThePromiseBreaks) {
    EngineRoom room(kUndelivered);
    const std::string id = room.open();
    room.pass(minutes{9});
    EXPECT_TRUE(room.told(id).empty());
    room.pass(minutes{1});
    ASSERT_EQ(room.told(id).size(), 1U);
    EXPECT_EQ(room.told(id)[0].to_user, "zhao");
}

TEST(Undelivered, WhatArrivedTellsNobody) {
    EngineRoom room(kUndelivered);
    const std::string id = room.open();
    room.done(kSystem, DeliveryEnded{ended(room, id + ".1.erp", OutboxState::delivered)});
    EXPECT_EQ(room.pass(hours{3}), 0);
}

TEST(Undelivered, WhatIsGivenUpIsToldAtOnceAlsoOfAClosedOrder) {
    EngineRoom room(kUndelivered);
    const std::string id = room.open();
    room.act(id, "finish");
    EXPECT_EQ(room.view.open_deadlines(id).size(), 1U) << "it is not there yet";
    room.done(kSystem, DeliveryEnded{ended(room, id + ".1.erp", OutboxState::dead)});
    ASSERT_EQ(room.told(id).size(), 1U);
    room.pass(hours{1});
    EXPECT_EQ(room.told(id).back().to_user, "sun");
    EXPECT_TRUE(room.view.open_deadlines(id).empty());
    EXPECT_EQ(room.order(id).state, "done");
}

}  // namespace
}  // namespace citybridge::desk::testing
