// Parts of a flow that the shipped ones do not use, each with a flow of its own.
#include "tests/unit/desk/world.h"

namespace citybridge::desk::testing {
namespace {

FlowSet flow_with(const std::string& parts) {
    Problems problems;
    auto flow = parse_flow("f.xml",
                           R"(<flow kind="visit" version="1" title="V" open_roles="agent" note_roles="agent">
        <state name="new" title="N" initial="true"/><state name="done" title="D" closed="true"/>
        <field name="result" type="text" title="R"/>
        <action name="finish" title="F" from="new" to="done" roles="agent" required_fields="result"/>)" +
                               parts + "</flow>",
                           problems);
    for (const auto& problem : problems) ADD_FAILURE() << to_string(problem);
    return FlowSet({flow.value()});
}

struct Room {
    explicit Room(const std::string& parts)
        : desk({"beijing", {}, {}}, flow_with(parts), shipped_calendar("standard")) {}
    Result<Decision> ask(decltype(Request::what) what) {
        auto decision = desk.apply(view, {"r" + std::to_string(++count), kWang, std::move(what)}, {now, {}});
        if (decision) view.take(decision->changes);
        return decision;
    }
    std::string open() {
        OpenOrder what;
        what.kind = "visit";
        return ask(what)->changes.orders.at(0).id;
    }
    Desk desk;
    MapView view;
    WallTime now = at("2026-11-23T02:00:00.000Z");  // 10:00 in Shanghai
    int count = 0;
};

TEST(FlowParts, WhatDoesNotFitIntoTodayIsDueAtTheFixedTime) {  // C1, the alternative
    Room room(
        R"(<follow_up name="call" question="?" after="2h" next_day_at="10:30" set_by="open" settled_by="finish"/>)");
    std::string id = room.open();
    EXPECT_EQ(to_rfc3339(room.view.deadlines.at({id, "call", 1}).due_at), "2026-11-23T04:00:00.000Z");
    room.now = at("2026-11-23T11:00:00.000Z");  // 19:00
    id = room.open();
    EXPECT_EQ(to_rfc3339(room.view.deadlines.at({id, "call", 1}).due_at), "2026-11-24T02:30:00.000Z");
}

TEST(FlowParts, AnActionMustBringItsRequiredFields) {
    Room room("");
    const std::string id = room.open();
    const auto without = room.ask(ActOnOrder{id, "finish", {}, "", {}});
    ASSERT_FALSE(without);
    EXPECT_EQ(without.error().code, "order.bad_fields");
    EXPECT_FALSE(room.ask(ActOnOrder{id, "finish", {{"result", ""}}, "", {}}));
    EXPECT_TRUE(room.ask(ActOnOrder{id, "finish", {{"result", "fine"}}, "", {}}));
}

TEST(FlowParts, EveryErpGetsAtMostOneMessageOfAStepTheActionsFirst) {
    Room room(
        R"(<erp connector="a"><send on="finish" message="change_order"/><send on="close" message="close_order"/></erp>
                 <erp connector="b"><send on="note" message="append_note"/><send on="close" message="close_order"/></erp>
                 <erp connector="c"><send on="note" message="append_note"/></erp>)");
    const std::string id = room.open();
    EXPECT_TRUE(room.view.outbox.empty());
    ASSERT_TRUE(room.ask(ActOnOrder{id, "finish", {{"result", "fine"}}, "a note", {}}));
    ASSERT_EQ(room.view.outbox.size(), 3U);
    EXPECT_EQ(room.view.outbox.at(id + ".2.a").kind, "change_order");
    EXPECT_EQ(room.view.outbox.at(id + ".2.b").kind, "close_order");
    EXPECT_EQ(room.view.outbox.at(id + ".2.c").kind, "append_note");
}

TEST(FlowParts, WithoutRulesTheErpGetsTheRecordsAsTheyAre) {
    Room room(
        R"(<erp connector="a"><send on="open" message="open_order"/><send on="note" message="append_note"/></erp>)");
    const std::string id = room.open();
    const auto opened = nlohmann::json::parse(room.view.outbox.at(id + ".1.a").payload);
    EXPECT_EQ(opened.at("action"), "open_order");
    EXPECT_EQ(opened.at("order").at("id"), id);
    ASSERT_TRUE(room.ask(AddNote{id, "said so"}));
    EXPECT_EQ(nlohmann::json::parse(room.view.outbox.at(id + ".2.a").payload).at("text"), "said so");
}

TEST(FlowParts, AnOrderOfAnUnknownCallerHasNoCustomer) {
    Room room("");
    const std::string id = room.open();
    EXPECT_EQ(room.view.orders.at(id).customer, "");
    EXPECT_TRUE(room.view.customers.empty());
}

}  // namespace
}  // namespace citybridge::desk::testing
