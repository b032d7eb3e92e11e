// What becomes of messages that were handed over: delivery reports, replies to mail, bounces; and who is left in peace.
#include "core/desk/engine_state.h"
#include "core/desk/render.h"
#include "core/desk/sms_text_rules.h"
#include "tests/unit/desk/engine_room.h"

namespace citybridge::desk::testing {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const char* const kMail = R"(<field name="mail" type="email" title="Mail"/>
    <follow_up name="look" after="5d" question="Looked at?" set_by="open" settled_by="finish"/>
    <template name="asked" subject="Order {order.id}">Please look at {order.id}.</template>
    <tell on="open" to="field:mail" channel="email" template="asked" confirm_within="1d" unconfirmed="escalation:silent"/>
    <escalation name="silent"><step to="group_lead" channel="screen"/></escalation>)";

class Mailed : public ::testing::Test {
protected:
    Mailed() : room(kMail) {
        id = room.open({{"mail", "logistics@example.com"}});
        OutboxRecord& row = room.view.outbox.at(room.told(id).at(0).outbox);
        row.state = OutboxState::delivered;
        row.external_id = "<mail-1@beijing>";
        message = row.id;
    }
    InboundMessage mail(const std::string& type, const std::string& key, Json data = Json::object()) {
        data["external_id"] = "<mail-1@beijing>";
        return {"mail", key, room.now, type, std::move(data)};
    }
    Result<Decision> take(InboundMessage report) {
        const Actor sender{"erp:" + report.source, "erp", {}};
        return room.ask(sender, TakeInbound{std::move(report)});
    }
    const HistoryRecord& last() { return room.view.history.rbegin()->second; }
    bool escalated() { return room.order(id).engine.contains("escalations"); }

    EngineRoom room;
    std::string id, message;
};

TEST_F(Mailed, AConfirmationEndsTheWaitingOnceAndKeepsWhatWasWritten) {  // E3
    const auto taken = take(mail("mail.confirmed", "m1", {{"from", "wei@example.com"}, {"text", "收到，明天处理。"}}));
    ASSERT_TRUE(taken) << taken.error().detail;
    EXPECT_EQ(last().action, "mail_confirmed");
    EXPECT_EQ(last().text, "收到，明天处理。");
    EXPECT_EQ(last().detail["from"], "wei@example.com");
    EXPECT_TRUE(room.view.tellings.begin()->second.settled_at);
    EXPECT_EQ(room.view.tellings.begin()->second.settled_by, "wei@example.com");
    // The same mail again: nothing; another of his: kept, and nothing confirmed twice.
    const auto before = room.view.history.size();
    EXPECT_TRUE(take(mail("mail.confirmed", "m1")));
    EXPECT_EQ(room.view.history.size(), before);
    ASSERT_TRUE(take(mail("mail.confirmed", "m2", {{"text", "还有一件事"}})));
    EXPECT_EQ(last().action, "mail_reply");
    room.pass(hours{48});
    EXPECT_FALSE(escalated());
}

TEST_F(Mailed, AutomaticAnswersAndStrangersConfirmNothing) {
    ASSERT_TRUE(take(mail("mail.auto_reply", "m1", {{"text", "I am on holiday"}})));
    EXPECT_EQ(last().action, "mail_auto_reply");
    const auto before = room.view.history.size();
    ASSERT_TRUE(take({"mail", "m2", room.now, "mail.unrelated", {{"text", "buy now"}}}));
    EXPECT_EQ(room.view.history.size(), before);
    EXPECT_FALSE(escalated());
    room.pass(hours{36});
    EXPECT_TRUE(escalated()) << "nobody confirmed in time";
}

TEST_F(Mailed, ABounceIsToldAtOnceAndNotWhenTheTimeIsOver) {
    ASSERT_TRUE(take(mail("mail.bounced", "m1", {{"status", "5.1.1"}, {"text", "no such user"}})));
    EXPECT_EQ(last().action, "mail_bounced");
    EXPECT_EQ(last().detail["status"], "5.1.1");
    EXPECT_TRUE(escalated());
    EXPECT_EQ(room.told(id).back().to_user, "zhao");
}

TEST_F(Mailed, AnAnswerToAMailThatAskedForNoneIsKeptAndConfirmsNothing) {
    ASSERT_TRUE(take(mail("mail.unrelated", "m1", {{"from", "wei@example.com"}, {"text", "谢谢"}})));
    EXPECT_EQ(last().action, "mail_reply");
    EXPECT_EQ(last().text, "谢谢");
    EXPECT_FALSE(room.view.tellings.begin()->second.settled_at);
    const auto before = room.view.history.size();
    ASSERT_TRUE(take(mail("mail.unrelated", "m1", {{"text", "谢谢"}})));
    EXPECT_EQ(room.view.history.size(), before) << "the same mail again";
}

// The connector asks for a reply only when the message says so: without it nothing could ever be confirmed.
TEST_F(Mailed, TheMessageSaysThatItIsToBeConfirmed) {
    const OutboxRecord& row = room.view.outbox.at(message);
    EXPECT_EQ(Json::parse(row.payload).at("confirm"), true);
    const auto text =
        render(room.desk.book(), "beijing", *room.desk.calendars(), row, room.order(id), nullptr, {}, room.now);
    ASSERT_TRUE(text) << text.error().detail;
    EXPECT_EQ(Json::parse(*text).at("confirm"), true);
}

TEST_F(Mailed, ADelayIsNoBounce) {
    ASSERT_TRUE(take(mail("mail.bounced", "m1", {{"status", "4.4.1"}})));
    EXPECT_EQ(last().action, "mail_delayed");
    EXPECT_FALSE(escalated());
}

TEST_F(Mailed, OneWhoWasAnsweredForIsNotBouncedAnyMore) {
    room.act(id, "acknowledge");
    ASSERT_TRUE(take(mail("mail.bounced", "m1", {{"status", "5.2.2"}})));
    EXPECT_FALSE(escalated());
}

TEST_F(Mailed, AConnectorSpeaksOfItsOwnMessagesOnly) {
    InboundMessage other = mail("mail.confirmed", "m1");
    other.source = "texts";
    EXPECT_EQ(take(other).error().code, "hook.not_yet");
    other.sent_at = room.now - hours{1};
    EXPECT_EQ(take(other).error().code, "hook.not_understood");
    InboundMessage unknown = mail("mail.praise", "m3");
    EXPECT_EQ(take(unknown).error().code, "hook.not_understood");
}

TEST_F(Mailed, ALongReplyIsCutBetweenCharacters) {
    std::string text;
    for (int i = 0; i < 5'000; ++i) text += "好";
    ASSERT_TRUE(take(mail("mail.confirmed", "m1", {{"text", "a" + text}})));
    EXPECT_LE(last().text.size(), 8'000U);
    EXPECT_EQ((last().text.size() - 1) % 3, 0U);
}

// ---- Customers ---------------------------------------------------------------

const char* const kTexted =
    R"(<follow_up name="look" after="5d" question="Looked at?" set_by="open" settled_by="finish"/>
    <template name="begun">您的工单已受理。</template>
    <tell on="open" to="customer" channel="sms" template="begun"/>)";

class Texted : public ::testing::Test {
protected:
    explicit Texted(std::optional<QuietHours> quiet = {}) : room(kTexted) {
        FlowBook book = EngineRoom::book(kTexted, "");
        book.messages.quiet = quiet;
        room.desk.set_book(std::move(book));
        CustomerRecord row;
        row.id = "cus_1";
        row.numbers = {"+8613800000001"};
        room.view.customers["cus_1"] = row;
    }
    std::string open() {
        OpenOrder what;
        what.kind = "visit";
        what.customer = "cus_1";
        return room.done(kWang, what).changes.orders.at(0).id;
    }
    EngineRoom room;
};

TEST_F(Texted, ACustomerWhoWantsNoMessagesGetsNone) {
    room.view.customers["cus_1"].preference = "no_messages";
    open();
    EXPECT_TRUE(room.view.outbox.empty());
    EXPECT_EQ(room.view.history.rbegin()->second.detail["not_written_to"], "no_messages");
    // Who only wants no calls is spared one by a message.
    room.view.customers["cus_1"].preference = "few_calls";
    open();
    EXPECT_EQ(room.view.outbox.size(), 1U);
}

TEST_F(Texted, ABlockedAddressGetsNone) {
    room.view.blocked_addresses[{"+8613800000001", "sms"}] = {"+8613800000001", "sms", true, "", "", {}};
    open();
    EXPECT_TRUE(room.view.outbox.empty());
    EXPECT_EQ(room.view.history.rbegin()->second.detail["not_written_to"], "blocked");
}

TEST_F(Texted, AnUndeliveredMessageStandsInTheHistory) {
    const std::string id = open();
    OutboxRecord& row = room.view.outbox.begin()->second;
    row.external_id = "gw-17";
    const InboundMessage report{
        "texts", "dlr-1", room.now, "sms.report", {{"external_id", "gw-17"}, {"state", "rejected"}, {"code", "5"}}};
    ASSERT_TRUE(room.ask({"erp:texts", "erp", {}}, TakeInbound{report}));
    EXPECT_EQ(room.view.history.rbegin()->second.action, "sms_undelivered");
    EXPECT_EQ(room.view.history.rbegin()->second.detail["code"], "5");
    // Some gateways tell everything twice, under another number.
    InboundMessage again = report;
    again.id = "dlr-1b";
    const auto once = room.view.history.size();
    ASSERT_TRUE(room.ask({"erp:texts", "erp", {}}, TakeInbound{again}));
    EXPECT_EQ(room.view.history.size(), once);
    InboundMessage accepted = report;
    accepted.id = "dlr-2";
    accepted.data["state"] = "accepted";
    const auto before = room.view.history.size();
    ASSERT_TRUE(room.ask({"erp:texts", "erp", {}}, TakeInbound{accepted}));
    EXPECT_EQ(room.view.history.size(), before) << "only what is final is told";
}

struct TextedInQuietHours : Texted {
    TextedInQuietHours() : Texted(QuietHours{21 * 60, 8 * 60, false}) {}
};

TEST_F(TextedInQuietHours, AMessageToACustomerWaitsUntilTheyAreOver) {
    room.now = shanghai("2026-11-23T22:30");
    open();
    EXPECT_EQ(room.view.outbox.begin()->second.next_at, shanghai("2026-11-24T08:00"));
    room.view.outbox.clear();
    room.now = shanghai("2026-11-24T08:00");
    open();
    EXPECT_EQ(room.view.outbox.begin()->second.next_at, room.now);
}

TEST(Signature, StandsInFrontOnce) {
    MessageRules rules;
    EXPECT_EQ(signed_sms(rules, "好"), "好");
    rules.signature = "安居";
    EXPECT_EQ(signed_sms(rules, "好"), "【安居】好");
    EXPECT_EQ(signed_sms(rules, "【安居】好"), "【安居】好");
    EXPECT_EQ(signed_sms(rules, "好【安居】"), "好【安居】");
}

}  // namespace
}  // namespace citybridge::desk::testing
