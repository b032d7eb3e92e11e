#include "core/desk/due.h"

#include "tests/unit/desk/calendar_fixture.h"

namespace citybridge::desk::testing {
namespace {

using std::chrono::hours;

DueRule after(Millis duration, std::optional<int> next_day_at = {}) {
    DueRule rule;
    rule.after = duration;
    rule.next_day_at = next_day_at;
    return rule;
}

std::string due(const Calendar& calendar, const DueRule& rule, const std::string& from) {
    return in_shanghai(due_of(calendar, rule, shanghai(from)).due);
}

// C1: hours 8:00-20:00, call at 19:00, due +2 h -> next day 9:00.
TEST(Due, WhatDoesNotFitIsDueAfterTheRestInTheMorning) {
    EXPECT_EQ(due(shipped_calendar("nanjing"), after(hours{2}), "2026-11-23T19:00"), "2026-11-24T09:00");
}

// C1, the other way: 10:30 for sales leads, the morning for complaints.
TEST(Due, WhatDoesNotFitIsDueAtAFixedTimeOfTheNextDay) {
    const Calendar nanjing = shipped_calendar("nanjing");
    EXPECT_EQ(due(nanjing, after(hours{2}, 630), "2026-11-23T19:00"), "2026-11-24T10:30");
    EXPECT_EQ(due(nanjing, after(hours{2}, 0), "2026-11-23T19:00"), "2026-11-24T08:00");
    EXPECT_EQ(due(nanjing, after(hours{2}, 630), "2026-11-23T17:00"), "2026-11-23T19:00") << "it fits";
    EXPECT_EQ(due(nanjing, after(hours{1}, 630), "2026-11-23T19:00"), "2026-11-23T20:00") << "full at closing time";
    EXPECT_EQ(due(nanjing, after(hours{2}, 630), "2026-11-23T21:00"), "2026-11-24T10:30") << "called in the evening";
    EXPECT_EQ(due(nanjing, after(hours{2}, 630), "2026-11-24T06:00"), "2026-11-24T10:00")
        << "called before the opening";
    const Calendar hangzhou = shipped_calendar("hangzhou");
    EXPECT_EQ(due(hangzhou, after(hours{2}, 630), "2026-11-27T17:00"), "2026-11-30T10:30") << "over the weekend";
    EXPECT_EQ(due(hangzhou, after(hours{2}, 0), "2026-09-30T17:00"), "2026-10-08T09:00") << "over National Day";
    EXPECT_EQ(due(hangzhou, after(hours{2}, 750), "2026-11-27T17:00"), "2026-11-30T13:00") << "12:30 is lunch";
}

TEST(Due, OfTheNextWorkingDay) {
    DueRule rule;
    rule.at = 9 * 60 + 15;
    EXPECT_EQ(due(shipped_calendar("hangzhou"), rule, "2026-11-27T08:00"), "2026-11-30T09:15");
    EXPECT_EQ(due(shipped_calendar("nanjing"), rule, "2026-11-27T08:00"), "2026-11-28T09:15");
}

TEST(Due, TheEndOfTheDay) {
    DueRule rule;
    rule.same_day = true;
    const Calendar hangzhou = shipped_calendar("hangzhou");
    EXPECT_EQ(due(hangzhou, rule, "2026-11-27T08:00"), "2026-11-27T17:30");
    EXPECT_EQ(due(hangzhou, rule, "2026-11-27T13:30"), "2026-11-27T17:30");
    EXPECT_EQ(due(hangzhou, rule, "2026-11-27T17:30"), "2026-11-30T17:30") << "the day is over, the next is a Monday";
    EXPECT_EQ(
        in_shanghai(due_of(Calendar(every_day("Asia/Shanghai", {0, 1440})), rule, shanghai("2026-11-27T10:00")).due),
        "2026-11-28T00:00");
}

TEST(Due, ARowKeepsWhatItIsComputedFrom) {
    const Calendars calendars("nanjing",
                              {{"nanjing", shipped_calendar("nanjing")}, {"hangzhou", shipped_calendar("hangzhou")}});
    DeadlineRecord row;
    set_due(row, calendars, "hangzhou", after(hours{2}, 630), shanghai("2026-11-27T17:00"));
    EXPECT_EQ(in_shanghai(row.due_at), "2026-11-30T10:30");
    EXPECT_EQ(row.from_at, shanghai("2026-11-27T17:00"));
    EXPECT_EQ(row.rule, "after=7200000 next_day_at=630");
    EXPECT_EQ(row.calendar, "hangzhou");
    EXPECT_EQ(due_again(row, calendars)->due, row.due_at);
    set_due(row, calendars, "", after(hours{2}), shanghai("2026-11-27T17:00"));
    EXPECT_EQ(in_shanghai(row.due_at), "2026-11-27T19:00");
    set_due(row, calendars, "nowhere", after(hours{2}), shanghai("2026-11-27T17:00"));
    EXPECT_EQ(row.calendar, "") << "a calendar that is gone is the city's";
}

TEST(Due, AFixedMomentOrAGoneCalendarStays) {
    const Calendars calendars{shipped_calendar("nanjing")};
    DeadlineRecord row;
    EXPECT_FALSE(due_again(row, calendars));
    row.rule = "after=1000";
    EXPECT_TRUE(due_again(row, calendars));
    row.calendar = "gone";
    EXPECT_FALSE(due_again(row, calendars));
    for (const char* wrong : {"after", "after=", "after=x", "after=-1", "soon=1", "after=1  at=2"}) {
        row.calendar = "";
        row.rule = wrong;
        EXPECT_FALSE(due_again(row, calendars)) << wrong;
    }
}

// P8: the notice of 2027 comes in November 2026.
TEST(Due, WhatWasProvisionalIsKnownWhenTheCalendarGrows) {
    CalendarDoc doc = every_day("Asia/Shanghai", {8 * 60, 20 * 60});
    doc.until = day(2026, 12, 31);
    DeadlineRecord row;
    set_due(row, Calendars(Calendar(doc)), "", after(hours{2}), shanghai("2026-12-31T19:00"));
    EXPECT_TRUE(row.provisional);
    doc.until = day(2027, 12, 31);
    doc.days[day(2027, 1, 1)] = {};
    const auto again = due_again(row, Calendars(Calendar(doc)));
    EXPECT_EQ(in_shanghai(again->due), "2027-01-02T09:00");
    EXPECT_FALSE(again->provisional);
}

CalendarOverrideRecord turned(const std::string& id, const std::string& mode, const std::string& from,
                              const std::string& until) {
    CalendarOverrideRecord row;
    row.id = id;
    row.calendar = "nanjing";
    row.mode = mode;
    row.set_at = shanghai(from);
    if (!until.empty()) row.until_at = shanghai(until);
    row.set_by = "zhao";
    return row;
}

TEST(Switches, HoldUntilTheirEndOrTheNextOne) {
    const Calendars plain("nanjing",
                          {{"nanjing", shipped_calendar("nanjing")}, {"other", shipped_calendar("nanjing")}});
    const Calendars calendars = plain.switched({turned("b", "clock", "2026-11-23T16:00", ""),
                                                turned("a", "closed", "2026-11-23T14:00", "2026-11-23T18:00"),
                                                turned("c", "open", "2026-11-23T20:00", "2026-11-23T22:00")});
    const Calendar& city = calendars.city();
    EXPECT_TRUE(city.is_open(shanghai("2026-11-23T13:59")));
    EXPECT_FALSE(city.is_open(shanghai("2026-11-23T14:00")));
    EXPECT_TRUE(city.is_open(shanghai("2026-11-23T16:00"))) << "by the clock again";
    EXPECT_TRUE(city.is_open(shanghai("2026-11-23T21:59")));
    EXPECT_FALSE(city.is_open(shanghai("2026-11-23T22:00")));
    EXPECT_TRUE(calendars.find("other")->is_open(shanghai("2026-11-23T14:00")));
    EXPECT_EQ(calendars.switch_at("", shanghai("2026-11-23T15:00"))->id, "a");
    EXPECT_EQ(calendars.switch_at("nanjing", shanghai("2026-11-23T17:00")), nullptr);
    EXPECT_EQ(calendars.switch_at("other", shanghai("2026-11-23T15:00")), nullptr);
    DeadlineRecord row;
    set_due(row, plain, "", after(hours{2}), shanghai("2026-11-23T13:00"));
    EXPECT_EQ(in_shanghai(row.due_at), "2026-11-23T15:00");
    EXPECT_EQ(in_shanghai(due_again(row, calendars)->due), "2026-11-23T17:00") << "two hours were closed";
}

TEST(Switches, AChangeOfHoursChangesTheFingerprintAndNothingElseDoes) {
    const Calendars plain("nanjing", {{"nanjing", shipped_calendar("nanjing")}});
    const Calendars same("nanjing", {{"nanjing", shipped_calendar("nanjing")}});
    EXPECT_EQ(plain.fingerprint(), same.fingerprint());
    const Calendars turned_off = plain.switched({turned("a", "closed", "2026-11-23T14:00", "2026-11-23T18:00")});
    EXPECT_NE(plain.fingerprint(), turned_off.fingerprint());
    CalendarDoc doc = plain.city().doc();
    doc.closings.push_back({day(2026, 11, 23), {840, 1440}, ""});
    EXPECT_NE(Calendars("nanjing", {{"nanjing", Calendar(doc)}}).fingerprint(), plain.fingerprint());
    EXPECT_EQ(plain.switched({}).fingerprint(), plain.fingerprint());
}

}  // namespace
}  // namespace citybridge::desk::testing
