// Guards, values set, chains with deputies, assignment, secret fields, reminders, scripts.
#include "core/desk/access.h"
#include "core/desk/order_view.h"
#include "core/desk/render.h"
#include "tests/unit/desk/engine_room.h"

namespace citybridge::desk::testing {
namespace {

using nlohmann::json;

TEST(Guards, AnActionIsPossibleOnlyWhileItsConditionsHold) {
    EngineRoom room(R"(<action name="grant" from="new" to="done" roles="agent" title="Grant">
        <when field="level" is="high"/><any><when field="amount" at_least="10"/><when asker="not_owner"/></any></action>)");
    const std::string id = room.open({{"level", "low"}, {"amount", 20}});
    EXPECT_EQ(room.refused(kWang, ActOnOrder{id, "grant", {}, "", {}}), "order.action_not_possible");
    room.act(id, "edit", kWang, {{"level", "high"}, {"amount", 9}});
    EXPECT_EQ(room.refused(kWang, ActOnOrder{id, "grant", {}, "", {}}), "order.action_not_possible");
    room.act(id, "edit", kWang, {{"amount", 10}});
    room.act(id, "grant");
    EXPECT_EQ(room.order(id).state, "done");
}

TEST(Guards, WhatIsPossibleNowIsWhatIsAnswered) {
    EngineRoom room(R"(<action name="grant" from="new" to="done" roles="agent" title="Grant">
        <not><when field="level" is="high"/></not></action>)");
    const std::string id = room.open({{"level", "high"}});
    const auto possible = [&] { return possible_actions(*room.desk.flows().find("visit"), room.order(id), kWang); };
    EXPECT_FALSE(listed(possible(), "grant"));
    room.act(id, "edit", kWang, {{"level", "low"}});
    EXPECT_TRUE(listed(possible(), "grant"));
}

TEST(Guards, HowOftenAnActionWasTakenIsCounted) {  // B4: at most two sends of a code
    EngineRoom room(R"(<action name="send_code" from="new" roles="agent" title="Send">
        <when count="send_code" at_most="1"/></action>)");
    const std::string id = room.open();
    room.act(id, "send_code");
    room.act(id, "send_code");
    EXPECT_EQ(room.refused(kWang, ActOnOrder{id, "send_code", {}, "", {}}), "order.action_not_possible");
}

TEST(Guards, TheCalendarMaySayNo) {
    EngineRoom room(R"(<action name="visit_now" from="new" roles="agent" title="V"><when calendar="open"/></action>)");
    const std::string id = room.open();
    room.act(id, "visit_now");
    room.now = at("2026-11-23T13:00:00.000Z");  // 21:00 in Shanghai
    EXPECT_EQ(room.refused(kWang, ActOnOrder{id, "visit_now", {}, "", {}}), "order.action_not_possible");
}

TEST(Values, AreSetByTheActionAndByDefault) {
    EngineRoom room(R"(<field name="when_done" type="date" title="W"/><field name="by" type="user" title="B"/>
        <field name="city" type="text" default="here" title="C"/>
        <action name="mark" from="new" roles="agent" title="M"><set field="when_done" value_of="today"/>
          <set field="by" value_of="asker"/><set field="amount" value="7"/></action>)");
    const std::string id = room.open();
    EXPECT_EQ(room.order(id).fields.at("city"), "here");
    room.now = at("2026-11-23T17:00:00.000Z");  // the 24th in Shanghai
    room.act(id, "mark");
    EXPECT_EQ(room.order(id).fields.at("when_done"), "2026-11-24");
    EXPECT_EQ(room.order(id).fields.at("by"), "wang");
    EXPECT_EQ(room.order(id).fields.at("amount"), 7);
}

TEST(Values, OutsideTheirLimitsAreRefused) {
    EngineRoom room(R"(<field name="code" type="text" pattern="[A-Z]{2}\d{3}" title="Code"/>)");
    OpenOrder open;
    open.kind = "visit";
    for (const auto& [name, value] : {std::pair<std::string, json>{"amount", 101},
                                      {"amount", -1},
                                      {"code", "ab123"},
                                      {"code", "AB1234"},
                                      {"code", "AB12"}}) {
        open.fields = Fields::object();
        open.fields[name] = value;
        EXPECT_EQ(room.refused(kWang, open), "order.bad_fields") << name << value;
    }
    open.fields = {{"amount", 100}, {"code", "AB123"}};
    EXPECT_TRUE(room.ask(kWang, open));
}

const char* const kChain = R"(<chain name="responsible" from="directory:repairs"><exhausted do="give_up"/></chain>
    <action name="reached" from="new" to="done" roles="agent" title="R"/>
    <action name="not_reached" from="new" roles="agent" title="N"><advance chain="responsible"/></action>
    <action name="give_up" from="new" to="waiting" roles="system" title="G"/>
    <follow_up name="call" after="30min" question="Reached?" set_by="open not_reached" settled_by="reached give_up"/>)";

std::string on_turn(const Decision& decision) {
    const auto person = json::parse(decision.reply.body).at("chains").at("responsible").at("person");
    return person.is_null() ? "nobody" : person.at("name").get<std::string>();
}

TEST(Chains, TheNextDeputyIsCalledUntilOneWasReached) {  // E1, B2, B3
    EngineRoom room(kChain);
    OpenOrder open;
    open.kind = "visit";
    const Decision opened = room.done(kWang, open);
    const std::string id = opened.changes.orders.at(0).id;
    EXPECT_EQ(on_turn(opened), "Zhou");
    EXPECT_EQ(on_turn(room.act(id, "not_reached")), "Wu");
    EXPECT_EQ(room.view.open_deadlines(id).size(), 1U) << "and is looked after again";
    EXPECT_EQ(on_turn(room.act(id, "not_reached")), "Zheng") << "who has left is passed over";
    room.act(id, "reached");
    EXPECT_EQ(room.order(id).state, "done");
}

TEST(Chains, WhenNobodyIsLeftTheFlowSaysWhatThen) {
    EngineRoom room(kChain);
    const std::string id = room.open();
    for (int i = 0; i < 3; ++i) room.act(id, "not_reached");
    EXPECT_EQ(room.order(id).state, "waiting");
    EXPECT_EQ(room.last(id).detail.at("taken"), "give_up");
    EXPECT_TRUE(room.only_idle(id));
}

TEST(FollowUps, WhatFallsDueTakesItsActionAndIsRemembered) {
    EngineRoom room(
        R"(<follow_up name="look" after="2h" question="?" due_action="lapse" set_by="open" settled_by="finish"/>
        <action name="lapse" from="new" to="waiting" roles="system" title="L"/>
        <action name="apologise" from="waiting" roles="agent" title="A"><when overdue="look"/></action>)");
    const std::string id = room.open();
    room.pass(std::chrono::hours{2});
    EXPECT_EQ(room.order(id).state, "waiting");
    EXPECT_EQ(room.last(id).action, "overdue");
    EXPECT_EQ(room.last(id).detail.at("taken"), "lapse");
    room.act(id, "apologise");
}

TEST(FollowUps, TheOwnerIsRemindedBefore) {
    EngineRoom room(
        R"(<follow_up name="look" after="2h" remind_before="15min" question="?" set_by="open" settled_by="finish"/>)");
    const std::string id = room.open();
    room.pass(std::chrono::minutes{104});
    EXPECT_TRUE(room.told(id).empty());
    room.pass(std::chrono::minutes{1});
    ASSERT_EQ(room.told(id).size(), 1U);
    EXPECT_EQ(room.told(id)[0].kind, "reminder");
    EXPECT_EQ(room.told(id)[0].to_user, "wang");
    EXPECT_EQ(room.order(id).state, "new");
}

TEST(FollowUps, OnesThatAreSettledRemindNobody) {
    EngineRoom room(
        R"(<follow_up name="look" after="2h" remind_before="15min" question="?" set_by="open" settled_by="wait"/>)");
    const std::string id = room.open();
    room.act(id, "wait");
    EXPECT_EQ(room.pass(std::chrono::hours{5}), 0);
}

TEST(FollowUps, WorkingDaysAndFixedTimesOfTheNextDay) {
    EngineRoom room(R"(<follow_up name="days" after="2d" question="?" set_by="open" settled_by="finish"/>
        <follow_up name="morning" at="10:30" question="?" set_by="open" settled_by="finish"/>)");
    const std::string id = room.open();  // Monday 10:00
    EXPECT_EQ(to_rfc3339(room.view.deadlines.at({id, "days", 1}).due_at), "2026-11-25T02:00:00.000Z");
    EXPECT_EQ(to_rfc3339(room.view.deadlines.at({id, "morning", 1}).due_at), "2026-11-24T02:30:00.000Z");
}

TEST(Assignment, GoesToWhoIsSignedInAndHasLeast) {
    const std::string parts = R"(<assign on="action:wait" to="least_busy:sales"/>)";
    EngineRoom room(parts);
    UserRecord chen{"chen", "agent", {"sales"}, "", "", "", "", {}};
    room.view.users["chen"] = chen;
    room.open();
    room.open();
    const std::string id = room.open({}, kLi);
    room.act(id, "wait", kLi);
    EXPECT_EQ(room.order(id).owner, "chen") << "wang has two";
    EXPECT_EQ(room.order(id).group, "sales");
    room.view.signed_in_ = {"wang"};
    const std::string other = room.open({}, kLi);
    room.act(other, "wait", kLi);
    EXPECT_EQ(room.order(other).owner, "wang") << "chen is not there";
}

TEST(Assignment, AGroupTakesAnOrderFromItsOwnerAndATeamLeadGetsIt) {
    EngineRoom room(R"(<assign on="action:wait" to="group:service"><when field="level" is="low"/></assign>
        <assign on="action:wait" to="team_lead"/>)");
    const std::string low = room.open({{"level", "low"}});
    room.act(low, "wait");
    EXPECT_EQ(room.order(low).owner, "");
    EXPECT_EQ(room.order(low).group, "service");
    const std::string high = room.open({{"level", "high"}});
    room.act(high, "wait");
    EXPECT_EQ(room.order(high).owner, "zhao");
}

TEST(Assignment, NoOrderIsOpenedForNobody) {
    EngineRoom room("");
    OpenOrder open;
    open.kind = "visit";
    EXPECT_EQ(room.refused(kSystem, open), "order.no_owner");
    open.group = "sales";
    EXPECT_TRUE(room.ask(kSystem, open));
}

TEST(Secrets, StandInNoEventMessageHistoryOrAnswer) {
    DeskSettings settings{"beijing", {{"crm", {"order.*"}}}, {}};
    EngineRoom room(
        R"(<erp connector="erp"><send on="open" message="open_order"/><send on="edit" message="change_order"/></erp>)",
        "", settings);
    const std::string id = room.open({{"pin", "S3CRET"}});
    const Decision decision = room.act(id, "edit", kWang, {{"pin", "S3CRET-2"}, {"level", "low"}});
    EXPECT_EQ(room.order(id).fields.at("pin"), "S3CRET-2");
    EXPECT_EQ(decision.reply.body.find("S3CRET"), std::string::npos);
    EXPECT_EQ(std::get<OrderChanged>(decision.events.at(0)).json.find("S3CRET"), std::string::npos);
    for (const auto& [key, row] : room.view.outbox) EXPECT_EQ(row.payload.find("S3CRET"), std::string::npos) << key;
    for (const auto& [key, row] : room.view.history) EXPECT_EQ(row.detail.dump().find("S3CRET"), std::string::npos);
    EXPECT_EQ(room.last(id).detail.at("level"), "low");
}

TEST(Secrets, OfAnOrderWhoseFlowIsGoneNothingIsShown) {
    EngineRoom room("");
    const std::string id = room.open({{"pin", "S3CRET"}});
    const Json shown = order_view(FlowBook{}, "beijing", nullptr, room.order(id), {}, LocalDay{});
    EXPECT_EQ(shown.dump().find("S3CRET"), std::string::npos);
}

TEST(Secrets, AreRevealedToTheirRolesOnly) {
    EngineRoom room("");
    const std::string id = room.open({{"pin", "S3CRET"}});
    const auto shown = [&](const Actor& reader, bool revealed) {
        return order_for(room.desk, room.order(id), {}, reader, room.now, revealed).dump();
    };
    EXPECT_NE(shown(kBoss, true).find("S3CRET"), std::string::npos);
    EXPECT_EQ(shown(kBoss, false).find("S3CRET"), std::string::npos) << "in a list";
    EXPECT_EQ(shown(kWang, true).find("S3CRET"), std::string::npos);
}

TEST(Scripts, OnlyApprovedWordsAreShownTheNewestFirst) {
    EngineRoom room(
        R"(<script on="state:new" version="1" approved_by="product_manager:a 2026-01-01, centre_manager:b 2026-01-02">Old words</script>
        <script on="state:new" version="2" approved_by="product_manager:a 2026-02-01, centre_manager:b 2026-02-02">Good day</script>
        <script on="state:new" version="3" approved_by="product_manager:a 2026-03-01">Not yet</script>
        <script on="action:finish" version="1" approved_by="product_manager:a 2026-01-01, centre_manager:b 2026-01-02">Goodbye</script>)");
    OpenOrder open;
    open.kind = "visit";
    const auto scripts = json::parse(room.done(kWang, open).reply.body).at("scripts");
    ASSERT_EQ(scripts.size(), 2U);
    EXPECT_EQ(scripts[0].at("text"), "Good day");
    EXPECT_EQ(scripts[1].at("text"), "Goodbye");
}

TEST(Texts, AreFilledInWhenTheyAreSent) {  // P10
    EngineRoom room(R"(<follow_up name="look" after="2h" question="?" set_by="open" settled_by="finish"/>
        <template name="t" subject="{order.title}">Level {level}, due {due:look}, ask {chain:c}</template>
        <template name="t" channel="sms">short {level}</template>
        <chain name="c" from="directory:repairs"/>
        <tell on="open" to="directory:repairs" channel="sms" template="t"/>)");
    const std::string id = room.open({{"level", "high"}});
    ASSERT_EQ(room.view.outbox.size(), 1U);
    const OutboxRecord& row = room.view.outbox.begin()->second;
    const auto text = [&](const OutboxRecord& message) {
        return render(room.desk.book(), "beijing", *room.desk.calendars(), message, room.order(id), nullptr,
                      room.view.open_deadlines(id), room.now);
    };
    const auto sms = json::parse(*text(row));
    EXPECT_EQ(sms.at("to"), "13900000001");
    EXPECT_EQ(sms.at("text"), "short high") << "the channel's own text";
    OutboxRecord mail = row;
    mail.payload =
        R"({"template":"t","flow":"visit","version":1,"channel":"email","to":{"entry":"repairs","person":"Wu"}})";
    const auto sent = json::parse(*text(mail));
    EXPECT_EQ(sent.at("to"), "wu@example.com");
    EXPECT_EQ(sent.at("subject"), "Visit");
    EXPECT_EQ(sent.at("text"), "Level high, due 2026-11-23 12:00, ask Zhou");
    mail.payload =
        R"({"template":"t","flow":"visit","version":1,"channel":"email","to":{"entry":"repairs","person":"Zhou"}})";
    EXPECT_EQ(text(mail).error().code, "tell.no_address");
    mail.payload = R"({"template":"gone","flow":"visit","version":1,"channel":"email","to":{}})";
    EXPECT_EQ(text(mail).error().code, "tell.no_template");
}

TEST(Versions, AnOrderStaysOnTheOneItBeganWith) {
    EngineRoom room("");
    const std::string id = room.open();
    FlowBook book = EngineRoom::book("", "");
    Flow newer = read_one(flow_text("", ""));
    newer.version = 2;
    newer.actions.clear();
    FlowSet flows({newer});
    flows.keep(std::make_shared<const Flow>(*book.flows.find("visit")));
    book.flows = flows;
    room.desk.set_book(std::move(book));
    room.act(id, "finish");
    EXPECT_EQ(room.order(id).flow_version, 1);
    EXPECT_EQ(room.order(room.open()).flow_version, 2);
}

TEST(Private, OrdersAreSeenByTheirPartiesOnly) {  // E6
    EngineRoom room(R"(<visible roles="supervisor"/>)");
    const std::string id = room.open();
    EXPECT_EQ(room.refused(kLead, ActOnOrder{id, "finish", {}, "", {}}), "order.unknown");
    const Flow& flow = *room.desk.flows().find("visit");
    EXPECT_TRUE(sees(flow, kWang, room.order(id)));
    EXPECT_TRUE(sees(flow, kBoss, room.order(id)));
    EXPECT_FALSE(sees(flow, kLead, room.order(id)));
}

// A sum follows from its parts, whoever changed them.
TEST(Sums, FollowTheirPartsAndAreNeverGiven) {
    EngineRoom room(R"(<field name="b" type="integer" min="0" max="10" title="B"/>
      <field name="total" type="integer" sum_of="amount b" title="T"/>
      <action name="rate" from="new" roles="agent" optional_fields="b" title="R"/>
      <action name="full" from="new" roles="agent" title="F"><set field="b" value="10"/></action>
      <action name="forget" from="new" roles="agent" title="G"><set field="b" value_of="empty"/></action>
      <action name="good" from="new" roles="agent" title="G"><when field="total" at_least="50"/></action>)");
    const std::string id = room.open({{"amount", 40}});
    const auto total = [&] { return room.order(id).fields.value("total", -1); };
    EXPECT_EQ(total(), -1) << "one part is missing";
    EXPECT_EQ(room.refused(kWang, ActOnOrder{id, "rate", {{"total", 50}}, "", {}}), "order.bad_fields");
    room.act(id, "rate", kWang, {{"b", 3}});
    EXPECT_EQ(total(), 43);
    EXPECT_EQ(room.refused(kWang, ActOnOrder{id, "good", {}, "", {}}), "order.action_not_possible");
    room.act(id, "full");
    EXPECT_EQ(total(), 50);
    room.act(id, "good");
    room.act(id, "edit", kWang, {{"amount", 1}});
    EXPECT_EQ(total(), 11);
    room.act(id, "forget");
    EXPECT_EQ(total(), -1);
    OpenOrder given;
    given.kind = "visit";
    given.fields = {{"total", 9}};
    EXPECT_EQ(room.refused(kWang, given), "order.bad_fields");
}

}  // namespace
}  // namespace citybridge::desk::testing
