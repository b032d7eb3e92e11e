// A person writes to a customer: who may, what may be said, how much of it, when it goes, and what becomes of it.
#include "core/desk/written_messages.h"

#include "core/api/text.h"
#include "core/desk/flow_json.h"
#include "tests/unit/desk/engine_room.h"

namespace citybridge::desk::testing {
namespace {

const char* const kParts =
    R"(<follow_up name="look" after="5d" question="Looked at?" set_by="open" settled_by="finish"/>
    <template name="ready" for="customer">{customer.name}，您的工单{order.id}已完成：{result}</template>
    <template name="hello" channel="sms" for="customer">您好，{customer.name}</template>
    <template name="begun">已受理。</template>
    <template name="inside">请处理 {order.id}</template>
    <tell on="action:wait" to="customer" channel="sms" template="begun"/>
    <tell on="action:wait" to="owner" channel="screen" template="inside"/>)";
const char* const kMobile = "+8613800000001";

class Written : public ::testing::Test {
protected:
    Written() : room(kParts) {
        rules.signature = "安居";
        put_rules();
        CustomerRecord row;
        row.id = "cus_1";
        row.name = "陈女士";
        row.numbers = {"+861066668888", kMobile, "+8613800000002"};
        room.view.customers["cus_1"] = row;
        OpenOrder open;
        open.kind = "visit";
        open.customer = "cus_1";
        order = room.done(kWang, open).changes.orders.at(0).id;
        room.view.outbox.clear();
    }
    void put_rules(const std::string& sms = "texts") {
        FlowBook book = EngineRoom::book(kParts, "");
        book.messages = rules;
        if (sms.empty()) book.channels.erase("sms");
        room.desk.set_book(std::move(book));
    }
    WriteMessage by_template(const std::string& name = "ready") const {
        WriteMessage what;
        what.order = order;
        what.template_name = name;
        return what;
    }
    WriteMessage words(const std::string& text) const {
        WriteMessage what;
        what.order = order;
        what.text = text;
        return what;
    }
    std::string refusal(const Actor& actor, const WriteMessage& what) {
        const auto before = room.view.written.size();
        const auto answer = room.ask(actor, what);
        EXPECT_EQ(room.view.written.size(), before + (answer ? 1 : 0));
        if (answer) return "accepted";
        EXPECT_GT(answer.error().detail.size(), 20U);
        return answer.error().code;
    }
    CustomerRecord& customer() { return room.view.customers["cus_1"]; }
    const WrittenMessageRecord& only() const { return room.view.written.begin()->second; }
    const HistoryRecord& last() const { return room.view.history.rbegin()->second; }
    OutboxRecord row() const { return room.view.outbox.at(only().id + ".texts"); }
    Result<Decision> ended(OutboxState state, const std::string& code = {},
                           const std::string& detail = "the gateway says no") {
        OutboxRecord now = row();
        now.state = state;
        now.last_code = code;
        now.last_detail = code.empty() ? "" : detail;
        room.view.outbox[now.id] = now;
        return room.ask(kSystem, DeliveryEnded{now});
    }
    Result<Decision> report(const std::string& id, const std::string& state) {
        room.view.outbox.at(row().id).external_id = "gw-1";
        return room.ask(
            {"erp:texts", "erp", {}},
            TakeInbound{
                {"texts", id, room.now, "sms.report", {{"external_id", "gw-1"}, {"state", state}, {"code", "7"}}}});
    }

    MessageRules rules;
    EngineRoom room;
    std::string order;
};

TEST_F(Written, ATemplateGoesOutWithTheHistoryAndTheClaimsInOneDecision) {
    const Decision made = room.done(kWang, by_template());
    ASSERT_EQ(made.changes.written.messages.size(), 1U);
    const WrittenMessageRecord& message = made.changes.written.messages[0];
    EXPECT_EQ(message.to, kMobile) << "the first mobile, not the telephone of the office";
    EXPECT_EQ(message.text, "【安居】陈女士，您的工单" + order + "已完成：");
    EXPECT_EQ(message.values, (std::vector<std::string>{"陈女士", order, ""}));
    EXPECT_EQ(message.state, "waiting");
    EXPECT_EQ(made.reply.status, 202);
    EXPECT_EQ(made.reply.location, "/v1/messages/" + message.id);
    ASSERT_EQ(made.changes.history.size(), 1U);
    EXPECT_EQ(made.changes.history[0].action, "sms_written");
    EXPECT_EQ(made.changes.history[0].actor, "wang");
    EXPECT_EQ(made.changes.history[0].detail["message"], message.id);
    ASSERT_EQ(made.changes.outbox.size(), 1U);
    EXPECT_EQ(made.changes.outbox[0].destination, "texts");
    EXPECT_EQ(made.changes.outbox[0].order, order);
    for (const std::string secret : {"陈女士", "13800000001"})
        EXPECT_EQ(made.changes.outbox[0].payload.find(secret), std::string::npos) << "P10: neither text nor number";
    ASSERT_EQ(made.changes.written.budgets.size(), 2U);
    EXPECT_EQ(made.changes.written.budgets[0].of, "user:wang");
    EXPECT_EQ(made.changes.written.budgets[1].of, "customer:cus_1");
    EXPECT_EQ(made.changes.written.budgets[1].day, "2026-11-23");
    const auto sent = render_written(made.changes.outbox[0], &message, &customer());
    ASSERT_TRUE(sent);
    const auto carried = nlohmann::json::parse(*sent);
    EXPECT_EQ(carried["to"], kMobile);
    EXPECT_EQ(carried["text"], message.text);
    EXPECT_EQ(carried["template"], "ready");
}

TEST_F(Written, TheSameRequestMakesTheSameIds) {
    const auto one = room.desk.apply(room.view, {"r77", kWang, by_template()}, {room.now, {}});
    const auto again = room.desk.apply(room.view, {"r77", kWang, by_template()}, {room.now, {}});
    ASSERT_TRUE(one && again);
    EXPECT_EQ(one->changes.outbox[0].id, again->changes.outbox[0].id);
}

TEST_F(Written, WordsOfOnesOwnAreForTheRolesOfTheSetting) {
    EXPECT_EQ(refusal(kWang, words("您好")), "message.free_text_forbidden");
    const Decision made = room.done(kBoss, words("您好"));
    EXPECT_EQ(made.changes.written.messages[0].text, "【安居】您好");
    const auto carried = nlohmann::json::parse(*render_written(made.changes.outbox[0], &only(), &customer()));
    EXPECT_EQ(carried["template"], "free_text");
    EXPECT_EQ(carried["values"], nlohmann::json::array({"您好"})) << "without the signature, which the gateway adds";
    rules.free_text_roles = {"agent"};
    put_rules();
    EXPECT_EQ(refusal(kWang, words("您好")), "accepted");
    EXPECT_EQ(refusal(kBoss, words("您好")), "message.free_text_forbidden");
}

TEST_F(Written, ATextThatSaysNothingOrHoldsControlCharactersIsRefused) {
    for (const std::string text : {"", " \n\t", "\xE3\x80\x80\xC2\xA0", "【安居】", "【安居】 ", "a\tb", "a\x07",
                                   "a\x7F", "a\xC2\x85", "\xFF\xFE"})
        EXPECT_EQ(refusal(kBoss, words(text)), "message.bad_text") << text;
    EXPECT_EQ(refusal(kBoss, words("第一行\n第二行")), "accepted");
}

TEST_F(Written, AMessageHasAtMostSoManyParts) {
    rules.signature.clear();
    rules.most_parts = 2;
    put_rules();
    std::string text;
    for (int i = 0; i < 134; ++i) text += "好";
    EXPECT_EQ(refusal(kBoss, words(text)), "accepted") << "two of 67 (TS 23.040)";
    EXPECT_EQ(only().parts, 2);
    EXPECT_EQ(refusal(kBoss, words(text + "好")), "message.too_long");
}

TEST_F(Written, OnlyTemplatesForCustomersAreSent) {
    EXPECT_EQ(customer_templates(*room.desk.flows().find("visit")),
              (std::vector<std::string>{"ready", "hello", "begun"}));
    EXPECT_EQ(refusal(kWang, by_template("inside")), "message.bad_template");
    EXPECT_EQ(refusal(kWang, by_template("verification_code")), "message.bad_template");
    EXPECT_EQ(refusal(kWang, by_template("none")), "tell.no_template");
    WriteMessage other = by_template("hello");
    other.kind = "repair";
    EXPECT_EQ(refusal(kWang, other), "message.bad_template");
    other.kind = "visit";
    EXPECT_EQ(refusal(kWang, other), "accepted");
    EXPECT_EQ(refusal(kWang, by_template("begun")), "accepted") << "the flow tells it customers";
}

// No file with such a template is taken; an order may be on a version of before there was that check.
TEST_F(Written, ASecretIsSentToNobody) {
    FlowBook book = EngineRoom::book(kParts, "");
    Flow flow = *book.flows.find("visit");
    TemplateDef telling = flow.templates.at(0);
    telling.name = "telling_pin";
    telling.text = {{TextPart::Kind::words, "PIN "}, {TextPart::Kind::field, "pin"}};
    flow.templates.push_back(telling);
    telling.name = "telling_result";
    telling.text.back().text = "result";
    flow.templates.push_back(telling);
    book.flows = FlowSet({flow});
    room.desk.set_book(std::move(book));
    EXPECT_EQ(refusal(kWang, by_template("telling_pin")), "message.bad_template");
    EXPECT_EQ(refusal(kWang, by_template("telling_result")), "accepted");
}

TEST_F(Written, FromTheCustomersRecordOnlyWhatSpeaksOfNoOrder) {
    WriteMessage what = by_template("ready");
    what.order.clear();
    what.customer = "cus_1";
    what.kind = "visit";
    EXPECT_EQ(refusal(kWang, what), "message.bad_template");
    what.template_name = "hello";
    const Decision made = room.done(kWang, what);
    EXPECT_EQ(made.changes.written.messages[0].text, "【安居】您好，陈女士");
    EXPECT_TRUE(made.changes.history.empty());
    EXPECT_EQ(made.changes.outbox.at(0).order, "");
    what.customer = "cus_9";
    EXPECT_EQ(refusal(kWang, what), "customer.unknown");
    what.customer = "cus_1";
    customer().merged_into = "cus_2";
    EXPECT_EQ(refusal(kWang, what), "customer.merged");
    customer().merged_into.clear();
    customer().erased = true;
    EXPECT_EQ(refusal(kWang, what), "customer.unknown");
}

TEST_F(Written, OnlyToHisOwnNumbers) {
    WriteMessage what = by_template();
    what.to = "+8613800000002";
    EXPECT_EQ(room.done(kWang, what).changes.written.messages[0].to, "+8613800000002");
    what.to = "+8613900000009";
    EXPECT_EQ(refusal(kWang, what), "message.other_number");
    customer().preferred_number = "+8613800000002";
    EXPECT_EQ(room.done(kWang, by_template()).changes.written.messages[0].to, "+8613800000002");
    customer().numbers = {"+861066668888"};
    EXPECT_EQ(refusal(kWang, by_template()), "message.no_number");
}

TEST_F(Written, WhoIsLeftInPeaceIsNotWrittenTo) {
    customer().preference = "no_messages";
    EXPECT_EQ(refusal(kWang, by_template()), "message.no_messages");
    WriteMessage all_the_same = by_template();
    all_the_same.override_preference = true;
    EXPECT_EQ(refusal(kWang, all_the_same), "auth.forbidden");
    EXPECT_EQ(refusal(kBoss, all_the_same), "accepted");
    EXPECT_EQ(last().detail["override_preference"], true);
    EXPECT_TRUE(render_written(row(), &only(), &customer())) << "what was overridden is sent";
    room.view.blocked_addresses[{kMobile, "sms"}] = {kMobile, "sms", true, "", "", {}};
    EXPECT_EQ(refusal(kBoss, all_the_same), "message.blocked") << "nobody overrides the blacklist";
    room.view.blocked_addresses[{kMobile, "sms"}].blocked = false;
    EXPECT_EQ(refusal(kBoss, all_the_same), "accepted");
    put_rules("");
    EXPECT_EQ(refusal(kBoss, all_the_same), "message.no_channel");
}

TEST_F(Written, OrdersOfOthersAndOtherRolesAreRefused) {
    EXPECT_EQ(refusal(kLi, by_template()), "order.unknown");
    EXPECT_EQ(refusal(kQuality, by_template()), "auth.forbidden");
    WriteMessage what = by_template();
    what.order = "ord_9";
    EXPECT_EQ(refusal(kWang, what), "order.unknown");
}

TEST_F(Written, SoManyADayByOnePersonAndToOneCustomer) {
    rules.per_customer_day = 2;
    rules.per_user_day = 3;
    put_rules();
    EXPECT_EQ(refusal(kWang, by_template()), "accepted");
    EXPECT_EQ(refusal(kBoss, words("a")), "accepted");
    EXPECT_EQ(refusal(kWang, by_template()), "message.budget_of_customer");
    room.view.message_budgets.erase("customer:cus_1");
    EXPECT_EQ(refusal(kWang, by_template()), "accepted");
    EXPECT_EQ(refusal(kWang, by_template()), "accepted");
    EXPECT_EQ(refusal(kWang, by_template()), "message.budget_of_user");
    room.now = at("2026-11-23T15:59:59.999Z");
    EXPECT_EQ(refusal(kWang, by_template()), "message.budget_of_user") << "23:59:59 in the city";
    room.now = at("2026-11-23T16:00:00.000Z");
    EXPECT_EQ(refusal(kWang, by_template()), "accepted") << "the city's midnight";
}

TEST_F(Written, TwoEntriesOfOnePersonShareWhatWasWrittenToBoth) {
    room.view.message_budgets["customer:cus_1"] = {"customer:cus_1", "2026-11-23", 2, room.now};
    room.view.message_budgets["customer:cus_2"] = {"customer:cus_2", "2026-11-23", 1, room.now};
    CustomerRecord second;
    second.id = "cus_2";
    room.view.customers["cus_2"] = second;
    room.done(kBoss, MergeCustomers{"cus_1", "cus_2"});
    EXPECT_EQ(room.view.message_budgets["customer:cus_1"].used, 3);
}

TEST_F(Written, InQuietHoursItWaits) {
    rules.quiet = QuietHours{21 * 60, 8 * 60, false};
    put_rules();
    room.now = at("2026-11-23T14:30:00.000Z");  // 22:30 in the city
    room.done(kWang, by_template());
    EXPECT_EQ(row().next_at, at("2026-11-24T00:00:00.000Z"));
    EXPECT_EQ(only().next_at, row().next_at);
    EXPECT_EQ(last().detail.value("next_at", ""), "2026-11-24T00:00:00.000Z");
}

TEST_F(Written, WhatWasWrittenWhileItWaitedIsLookedAtAgain) {
    room.done(kWang, by_template());
    const OutboxRecord waiting = row();
    customer().preference = "no_messages";
    EXPECT_EQ(render_written(waiting, &only(), &customer()).error().code, "message.no_messages");
    customer().preference.clear();
    customer().numbers = {"+8613800000002"};
    EXPECT_EQ(render_written(waiting, &only(), &customer()).error().code, "tell.no_address");
    customer().numbers = {kMobile};
    WrittenMessageRecord erased = only();
    erased.to.clear();
    EXPECT_EQ(render_written(waiting, &erased, &customer()).error().code, "tell.no_address");
    EXPECT_EQ(render_written(waiting, nullptr, &customer()).error().code, "tell.no_address");
    EXPECT_TRUE(render_written(waiting, &only(), &customer()));
}

TEST_F(Written, WhatBecomesOfItStandsInTheHistoryAndIsToldToWhoWroteIt) {
    room.done(kWang, by_template());
    ASSERT_TRUE(ended(OutboxState::delivered));
    EXPECT_EQ(only().state, "accepted");
    EXPECT_EQ(last().action, "delivered");
    auto told = report("dlr-1", "undelivered");
    ASSERT_TRUE(told);
    EXPECT_EQ(only().state, "undelivered");
    EXPECT_EQ(only().code, "7");
    EXPECT_EQ(last().action, "sms_undelivered");
    EXPECT_EQ(room.view.outbox.size(), 1U) << "no other channel: a person wrote it";
    const PaperChanged* event = nullptr;
    for (const Event& each : told->events)
        if (const auto* one = std::get_if<PaperChanged>(&each)) event = one;
    ASSERT_NE(event, nullptr);
    EXPECT_EQ(event->type, "message.undelivered");
    EXPECT_EQ(event->users, std::vector<std::string>{"wang"});
    EXPECT_EQ(event->json.find("13800000001"), std::string::npos);
    EXPECT_EQ(event->json.find("陈女士"), std::string::npos);
    // The same again under another number says nothing new.
    const auto entries = room.view.history.size();
    ASSERT_TRUE(report("dlr-2", "undelivered"));
    EXPECT_EQ(room.view.history.size(), entries);
}

TEST_F(Written, AMessageThatNoGatewayTookIsUndelivered) {
    room.done(kWang, by_template());
    ASSERT_TRUE(ended(OutboxState::dead, "sms_http.no_template"));
    EXPECT_EQ(only().state, "undelivered");
    EXPECT_EQ(only().code, "sms_http.no_template");
    EXPECT_EQ(only().detail, "the gateway says no");
    EXPECT_EQ(last().action, "undelivered");
    ASSERT_TRUE(ended(OutboxState::possibly_done, "http.timeout"));
    EXPECT_EQ(only().state, "unclear");
    ASSERT_TRUE(ended(OutboxState::cancelled));
    EXPECT_EQ(only().state, "cancelled");
}

// The store takes nothing that is not UTF-8: half a character would undo the commit that says how it ended.
TEST_F(Written, ALongWordOfTheGatewayIsCutBetweenCharacters) {
    room.done(kWang, by_template());
    std::string words = "x";
    while (words.size() < 1'000) words += "拒";
    ASSERT_TRUE(ended(OutboxState::dead, "sms_http.refused", words));
    EXPECT_TRUE(is_utf8(only().detail));
    EXPECT_LT(only().detail.size(), words.size());
    EXPECT_TRUE(words.starts_with(only().detail) && only().detail.size() > 400);
}

TEST_F(Written, AReportThatOvertakesTheAnswerStays) {
    room.done(kWang, by_template());
    ASSERT_TRUE(report("dlr-1", "delivered"));
    EXPECT_EQ(only().state, "delivered");
    ASSERT_TRUE(ended(OutboxState::delivered));
    EXPECT_EQ(only().state, "delivered");
}

TEST_F(Written, SubscribersHearOfItWithoutTextAndNumber) {
    DeskSettings settings{"beijing", {{"hooks", {"message.*"}}}, {}};
    EngineRoom other(kParts, "", settings);
    other.view = room.view;
    const Decision made = other.done(kWang, by_template("hello"));
    ASSERT_EQ(made.changes.outbox.size(), 2U);
    const OutboxRecord& event = made.changes.outbox[1];
    EXPECT_EQ(event.destination, "hooks");
    EXPECT_EQ(nlohmann::json::parse(event.payload)["type"], "message.written");
    EXPECT_EQ(event.payload.find("13800000001"), std::string::npos);
    EXPECT_EQ(event.payload.find("陈女士"), std::string::npos);
}

TEST_F(Written, ATemplateIsForCustomersOrForNobodySpecial) {
    Problems problems;
    parse_flow("f.xml", flow_text(R"(<template name="a" for="me">x</template>)"), problems);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_NE(problems[0].message.find("write customer"), std::string::npos) << problems[0].message;
}

}  // namespace
}  // namespace citybridge::desk::testing
