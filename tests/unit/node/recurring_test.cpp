// The clock of recurring orders, and the desk's answer to it.
#include "core/node/recurring.h"

#include <gtest/gtest.h>

#include "core/desk/flow_file.h"
#include "core/desk/story_view.h"

namespace citybridge {
namespace {

const std::string kRound =
    R"xml(<flow kind="round" version="1" title="巡查" open_roles="team_lead" note_roles="team_lead">
  <field name="where" type="text" required="true" title="地点"/>
  <field name="day" type="date" title="日期"/>
  <state name="due" initial="true" title="待查"/><state name="done" closed="true" title="完成"/>
  <action name="finish" from="due" to="done" roles="team_lead" title="完成"/>
  <recurrence name="hall" every="day" at="10:00 16:00" group="sales">
    <set field="where" value="大厅"/><set field="day" value_of="today"/>
  </recurrence>
</flow>)xml";

WallTime at(const std::string& rfc3339) { return from_rfc3339(rfc3339).value(); }

desk::Desk desk_of(const std::string& flow) {
    Problems problems;
    std::vector<desk::Flow> flows;
    flows.push_back(desk::parse_flow("round.xml", flow, problems).value());
    desk::CalendarDoc doc;
    doc.zone = "Asia/Shanghai";
    for (auto& day : doc.week) day = {{8 * 60, 20 * 60}};
    return desk::Desk({"beijing", {}, {}}, desk::FlowSet(std::move(flows)), desk::Calendar(doc));
}

desk::Request request_of(const DurableInput& input) { return std::get<desk::Request>(std::get<OwnStep>(input).what); }

struct RecurringTest : ::testing::Test {
    desk::Desk desk_ = desk_of(kRound);
    MonoTime mono_{};
    std::vector<DurableInput> look(Recurring& clock, const std::string& when) {
        mono_ += Recurring::kLook;
        return clock.take({at(when), mono_});
    }
};

TEST_F(RecurringTest, NothingOfBeforeTheFirstStartIsCaughtUp) {
    Recurring clock(desk_, std::nullopt);
    EXPECT_TRUE(look(clock, "2026-11-23T03:00:00.000Z").empty()) << "11:00 in Shanghai, an hour late";
    const auto due = look(clock, "2026-11-23T08:00:00.000Z");
    ASSERT_EQ(due.size(), 1U);
    const auto what = std::get<desk::OpenRecurring>(request_of(due[0]).what);
    EXPECT_EQ(what.occurrence, "2026-11-23.1600");
    EXPECT_TRUE(look(clock, "2026-11-23T08:00:05.000Z").empty()) << "once";
}

TEST_F(RecurringTest, WhatWasMissedWhileTheNodeWasDownComesOnceEach) {
    Recurring clock(desk_, at("2026-11-22T04:00:00.000Z"));
    const auto due = look(clock, "2026-11-23T03:00:00.000Z");
    ASSERT_EQ(due.size(), 2U);
    EXPECT_EQ(std::get<desk::OpenRecurring>(request_of(due[0]).what).occurrence, "2026-11-22.1600");
    EXPECT_EQ(std::get<desk::OpenRecurring>(request_of(due[1]).what).occurrence, "2026-11-23.1000");
}

TEST_F(RecurringTest, AClockThatIsSetBackBringsNothingAgain) {
    Recurring clock(desk_, at("2026-11-23T01:00:00.000Z"));
    EXPECT_EQ(look(clock, "2026-11-23T02:00:00.000Z").size(), 1U);
    EXPECT_TRUE(look(clock, "2026-11-23T01:30:00.000Z").empty());
    EXPECT_TRUE(look(clock, "2026-11-23T02:00:00.000Z").empty());
}

TEST_F(RecurringTest, TheDeskOpensEachOccurrenceOnce) {
    desk::StoryView view;
    const desk::Request request{
        "recurring",
        {"system", "system", {}},
        desk::OpenRecurring{"round", "hall", "2026-11-22.1600", at("2026-11-22T08:00:00.000Z")}};
    const Now now{at("2026-11-23T03:00:00.000Z"), {}};
    EXPECT_EQ(desk_.needs(request).orders, std::vector<std::string>{"ord_round.hall.2026-11-22.1600"});
    const auto first = desk_.apply(view, request, now);
    ASSERT_TRUE(first) << first.error().detail;
    ASSERT_EQ(first->changes.orders.size(), 1U);
    const OrderRecord& order = first->changes.orders[0];
    EXPECT_EQ(order.id, "ord_round.hall.2026-11-22.1600");
    EXPECT_EQ(order.group, "sales");
    EXPECT_EQ(order.fields.at("where"), "大厅");
    EXPECT_EQ(order.fields.at("day"), "2026-11-22") << "the day on which it was due";
    view.take(first->changes);
    const auto again = desk_.apply(view, request, now);
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->changes.empty());
}

TEST_F(RecurringTest, OneThatWasTakenOutOfTheFlowMeanwhileIsSaid) {
    desk::StoryView view;
    const auto gone =
        desk_.apply(view, {"recurring", {"system", "system", {}}, desk::OpenRecurring{"round", "yard", "x", {}}},
                    {at("2026-11-23T03:00:00.000Z"), {}});
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().code, "flow.unknown");
}

}  // namespace
}  // namespace citybridge
