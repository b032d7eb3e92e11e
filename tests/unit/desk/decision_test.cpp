// Decision tables: what becomes of a request by the state of another order of the same customer (B5).
#include "tests/unit/desk/engine_room.h"

namespace citybridge::desk::testing {
namespace {

// The repeated complaint, row by row as the rules tell it.
const std::string kRepeated = R"(<field name="new_matter" type="boolean" title="New"/>
    <follow_up name="first_contact" after="30min" question="?" set_by="open" settled_by="start"/>
    <action name="start" from="new" to="waiting" roles="agent" title="S"/>
    <action name="append" from="new waiting" roles="agent" note_required="true" title="A"/>
    <action name="raise" from="new waiting" roles="agent" title="R"><set field="level" value="high"/></action>
    <action name="reopen" from="done" to="waiting" reopen="true" roles="agent" title="O"/>
    <decision on="open" look="visit" by="customer" among="all" pick="newest">
      <row><when related="none"/><do open="true"/></row>
      <row><when related_state="new"/><when related_overdue="first_contact"/><do act="raise"/></row>
      <row><when related_state="new"/><do act="append"/></row>
      <row><when related_state="waiting"/><when field="new_matter" is="true"/><do open="true"/></row>
      <row><when related_state="waiting"/><do act="append"/></row>
      <row><when related_state="done"/><do act="reopen"/></row>
      <row><do open="true"/></row>
    </decision>)";

struct Complaints {
    EngineRoom room{kRepeated};
    std::string first = complain();

    std::string complain(Fields fields = Fields::object(), const std::string& phone = "+8613800000001") {
        OpenOrder what;
        what.kind = "visit";
        what.number = phone;
        what.fields = std::move(fields);
        what.note = "not done yet";
        return nlohmann::json::parse(room.done(kWang, what).reply.body).at("id").get<std::string>();
    }
};

TEST(RepeatedComplaint, NotHandledAndInTimeIsAppended) {
    Complaints c;
    EXPECT_EQ(c.complain(), c.first);
    EXPECT_EQ(c.room.view.orders.size(), 1U);
    EXPECT_EQ(c.room.last(c.first).action, "append");
    EXPECT_EQ(c.room.last(c.first).text, "not done yet");
    EXPECT_EQ(c.room.last(c.first).detail.at("instead_of"), "visit");
}

TEST(RepeatedComplaint, NotHandledAndOverdueIsEscalated) {
    Complaints c;
    c.room.pass(std::chrono::minutes{31});
    EXPECT_EQ(c.complain(), c.first);
    EXPECT_EQ(c.room.last(c.first).action, "raise");
    EXPECT_EQ(c.room.order(c.first).fields.at("level"), "high");
}

TEST(RepeatedComplaint, InProgressWithNothingNewIsAppended) {
    Complaints c;
    c.room.act(c.first, "start");
    EXPECT_EQ(c.complain(), c.first);
    EXPECT_EQ(c.room.last(c.first).action, "append");
}

TEST(RepeatedComplaint, InProgressWithANewMatterIsAnotherOrder) {
    Complaints c;
    c.room.act(c.first, "start");
    EXPECT_NE(c.complain({{"new_matter", true}}), c.first);
    EXPECT_EQ(c.room.view.orders.size(), 2U);
}

TEST(RepeatedComplaint, DoneIsOpenedAgain) {
    Complaints c;
    c.room.act(c.first, "finish");
    EXPECT_TRUE(c.room.order(c.first).closed_at);
    EXPECT_EQ(c.complain(), c.first);
    EXPECT_EQ(c.room.order(c.first).state, "waiting");
    EXPECT_FALSE(c.room.order(c.first).closed_at);
}

TEST(RepeatedComplaint, OfAnotherCustomerIsHisOwn) {
    Complaints c;
    EXPECT_NE(c.complain({}, "+8613800000002"), c.first);
}

TEST(Decision, ARowMayTakeAnActionOfTheNewOrder) {
    EngineRoom room(R"(<decision on="open"><row><when field="level" is="high"/><do action="hurry"/></row>
        <row><do open="true"/></row></decision>
        <action name="hurry" from="new" to="waiting" roles="system" title="H"/>)");
    EXPECT_EQ(room.order(room.open({{"level", "high"}})).state, "waiting");
    EXPECT_EQ(room.order(room.open({{"level", "low"}})).state, "new");
}

TEST(Decision, AsksForTheCustomersOrdersAndNoOthers) {
    EngineRoom room(kRepeated);
    OpenOrder what;
    what.kind = "visit";
    what.customer = "cus_1";
    const Wanted wanted = room.desk.needs({"r", kWang, what});
    ASSERT_EQ(wanted.of_customer.size(), 1U);
    EXPECT_EQ(wanted.of_customer[0], (OrdersOf{"cus_1", "visit", false}));
    what.customer.clear();
    what.number = "+8613800000001";
    EXPECT_TRUE(room.desk.needs({"r", kWang, what}).of_customer.empty());
    room.view.customers["cus_2"].id = "cus_2";
    room.view.customers["cus_2"].numbers = {what.number};
    const Wanted next = room.desk.needs_next(room.view, {"r", kWang, what});
    ASSERT_EQ(next.of_customer.size(), 1U);
    EXPECT_EQ(next.of_customer[0].customer, "cus_2");
}

}  // namespace
}  // namespace citybridge::desk::testing
