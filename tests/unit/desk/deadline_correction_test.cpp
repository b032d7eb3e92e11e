// The calendar changes under what was promised in it (P8), step by step on a virtual clock.
#include "tests/unit/desk/world.h"

namespace citybridge::desk::testing {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

class DeadlineCorrection : public ::testing::Test {
protected:
    // Closed on 2026-11-23 from 11:00 to 13:00 by a storm; hours 8:00-20:00 else.
    Calendars storm() const {
        CalendarDoc doc = shipped_calendar("standard").doc();
        doc.closings = {{day(2026, 11, 23), {11 * 60, 13 * 60}, "storm"}};
        return Calendars(Calendar(doc));
    }
    // The follow-up; the flow may have set others.
    DeadlineRecord open_deadline(const std::string& id) const {
        for (const DeadlineRecord& row : world.view.open_deadlines(id))
            if (row.name == "broker_called") return row;
        ADD_FAILURE() << "no open follow-up";
        return {};
    }

    World world;  // a Monday, 10:00 in Shanghai
};

TEST_F(DeadlineCorrection, MovesADeadlineAndSaysSoInTheHistoryAndAsAnEvent) {
    const std::string id = world.open_lead();
    ASSERT_EQ(in_shanghai(open_deadline(id).due_at), "2026-11-23T12:00");
    const std::int64_t revision = world.order(id).revision;
    world.desk.set_calendars(storm());
    world.now += minutes(30);
    const Decision decision = world.done(kSystem, CorrectDeadlines{id});
    EXPECT_EQ(in_shanghai(open_deadline(id).due_at), "2026-11-23T14:00") << "an hour was used before the storm";
    EXPECT_EQ(open_deadline(id).from_at, shanghai("2026-11-23T10:00"));
    EXPECT_EQ(world.order(id).due_at, open_deadline(id).due_at) << "lists sort by it";
    const HistoryRecord& line = world.last_history(id);
    EXPECT_EQ(line.action, "deadlines_corrected");
    EXPECT_EQ(line.actor, "system");
    EXPECT_EQ(line.detail["broker_called.due_before"], "2026-11-23T04:00:00.000Z");
    EXPECT_EQ(line.detail["broker_called.due_at"], "2026-11-23T06:00:00.000Z");
    EXPECT_EQ(world.order(id).revision, revision + 1);
    ASSERT_EQ(decision.events.size(), 1U);
    const auto& event = std::get<OrderChanged>(decision.events[0]);
    EXPECT_EQ(event.what, OrderChanged::What::changed);
    EXPECT_NE(event.json.find("2026-11-23T06:00:00.000Z"), std::string::npos) << event.json;
}

TEST_F(DeadlineCorrection, LeavesWhatIsDueAtTheSameTime) {
    const std::string id = world.open_lead();
    const Decision decision = world.done(kSystem, CorrectDeadlines{id});
    EXPECT_TRUE(decision.changes.empty());
    EXPECT_TRUE(decision.events.empty());
    EXPECT_TRUE(world.done(kSystem, CorrectDeadlines{"ord_of_nobody"}).changes.empty());
}

TEST_F(DeadlineCorrection, LeavesWhatIsSettledOrOverdue) {
    const std::string id = world.open_lead();
    const DeadlineRecord deadline = open_deadline(id);
    world.now = deadline.due_at;
    world.done(kSystem, DeadlineReached{id, deadline.name, deadline.n});
    world.desk.set_calendars(storm());
    for (const DeadlineRecord& row : world.done(kSystem, CorrectDeadlines{id}).changes.deadlines)
        EXPECT_NE(row.name, deadline.name);
    const DeadlineRecord after = world.view.deadlines.at({id, deadline.name, deadline.n});
    EXPECT_EQ(after.state, DeadlineState::overdue);
    EXPECT_EQ(after.due_at, deadline.due_at);
}

TEST_F(DeadlineCorrection, ComesBeforeATimerThatIsFaster) {
    const std::string id = world.open_lead();
    const DeadlineRecord deadline = open_deadline(id);
    world.desk.set_calendars(storm());
    world.now = deadline.due_at;
    world.done(kSystem, DeadlineReached{id, deadline.name, deadline.n});
    EXPECT_EQ(world.last_history(id).action, "deadlines_corrected");
    EXPECT_EQ(open_deadline(id).state, DeadlineState::open);
    EXPECT_EQ(in_shanghai(open_deadline(id).due_at), "2026-11-23T14:00");
    world.now = open_deadline(id).due_at;
    world.done(kSystem, DeadlineReached{id, deadline.name, deadline.n});
    EXPECT_EQ(world.last_history(id).action, "overdue");
}

TEST_F(DeadlineCorrection, MovesItBackWhenTheStormIsCalledOff) {
    const std::string id = world.open_lead();
    const Calendars plain = *world.desk.calendars();
    world.desk.set_calendars(storm());
    world.done(kSystem, CorrectDeadlines{id});
    world.desk.set_calendars(plain);
    world.done(kSystem, CorrectDeadlines{id});
    EXPECT_EQ(in_shanghai(open_deadline(id).due_at), "2026-11-23T12:00");
}

TEST_F(DeadlineCorrection, OfASwitchThatAnOperatorSets) {
    const std::string id = world.open_lead();
    OverrideCalendar what{"", "closed", shanghai("2026-11-23T18:00"), "typhoon"};
    world.now += hours(1);
    const Decision decision = world.done(kLead, what);
    ASSERT_EQ(decision.changes.calendar_overrides.size(), 1U);
    const CalendarOverrideRecord& row = decision.changes.calendar_overrides[0];
    EXPECT_EQ(row.calendar, "city");
    EXPECT_EQ(row.set_by, "zhao");
    EXPECT_EQ(row.set_at, world.now);
    world.desk.set_calendars(world.desk.calendars()->switched({row}));
    world.done(kSystem, CorrectDeadlines{id});
    EXPECT_EQ(in_shanghai(open_deadline(id).due_at), "2026-11-23T19:00");
}

TEST_F(DeadlineCorrection, AWrongSwitchIsRefused) {
    const WallTime later = world.now + hours(1);
    EXPECT_EQ(world.refused(kAdmin, OverrideCalendar{"atlantis", "closed", later, ""}), "calendar.unknown");
    EXPECT_EQ(world.refused(kAdmin, OverrideCalendar{"", "closed", {}, ""}), "calendar.bad_override");
    EXPECT_EQ(world.refused(kAdmin, OverrideCalendar{"", "closed", world.now, ""}), "calendar.bad_override");
    EXPECT_EQ(world.refused(kAdmin, OverrideCalendar{"", "ajar", later, ""}), "calendar.bad_override");
    EXPECT_EQ(world.refused(kAdmin, OverrideCalendar{"", "clock", later, ""}), "calendar.bad_override");
    EXPECT_EQ(world.refused(kAdmin, OverrideCalendar{"", "open", later, std::string(201, 'x')}),
              "calendar.bad_override");
    EXPECT_EQ(world.refused(kAdmin, OverrideCalendar{"", "open", world.now + hours(24 * 32), ""}),
              "calendar.bad_override");
}

}  // namespace
}  // namespace citybridge::desk::testing
