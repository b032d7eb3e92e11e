#include "core/desk/calendar.h"

#include <gtest/gtest.h>

#include "tests/unit/desk/calendar_fixture.h"

namespace citybridge::desk::testing {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

TEST(Calendar, WhatDoesNotFitIntoTodayGoesOnTomorrow) {  // C1
    const Calendar calendar = shipped_calendar("standard");
    EXPECT_EQ(due_in_shanghai(calendar, "2026-11-23T19:00", hours{2}), "2026-11-24T09:00");
    EXPECT_EQ(due_in_shanghai(calendar, "2026-11-23T10:00", hours{2}), "2026-11-23T12:00");
    EXPECT_EQ(due_in_shanghai(calendar, "2026-11-23T18:00", hours{2}), "2026-11-23T20:00");
    EXPECT_EQ(due_in_shanghai(calendar, "2026-11-23T18:01", hours{2}), "2026-11-24T08:01");
    EXPECT_EQ(due_in_shanghai(calendar, "2026-11-23T22:00", hours{2}), "2026-11-24T10:00");
    EXPECT_EQ(due_in_shanghai(calendar, "2026-11-24T03:00", hours{2}), "2026-11-24T10:00");
    EXPECT_EQ(due_in_shanghai(calendar, "2026-11-23T10:00", hours{25}), "2026-11-25T11:00");
    EXPECT_EQ(due_in_shanghai(calendar, "2026-12-31T19:30", hours{1}), "2027-01-01T08:30");
}

TEST(Calendar, LunchAndWeekendDoNotCount) {
    const Calendar calendar = shipped_calendar("hangzhou");  // Mon-Fri 9-12, 13-17:30
    EXPECT_EQ(due_in_shanghai(calendar, "2026-11-23T11:30", hours{1}), "2026-11-23T13:30");
    EXPECT_EQ(due_in_shanghai(calendar, "2026-11-23T12:30", minutes{15}), "2026-11-23T13:15");
    EXPECT_EQ(due_in_shanghai(calendar, "2026-11-23T11:00", hours{1}), "2026-11-23T12:00");
    EXPECT_EQ(due_in_shanghai(calendar, "2026-11-27T17:00", hours{1}), "2026-11-30T09:30");  // a Friday
    EXPECT_EQ(due_in_shanghai(calendar, "2026-11-28T10:00", hours{1}), "2026-11-30T10:00");
    EXPECT_FALSE(calendar.is_open(shanghai("2026-11-23T12:00")));
    EXPECT_TRUE(calendar.is_open(shanghai("2026-11-23T11:59")));
    EXPECT_TRUE(calendar.is_open(shanghai("2026-11-23T13:00")));
    EXPECT_FALSE(calendar.is_open(shanghai("2026-11-28T10:00")));
    EXPECT_EQ(calendar.next_opening(shanghai("2026-11-27T17:30")), shanghai("2026-11-30T09:00"));
}

TEST(Calendar, TheCitiesOpenAsTheirDocumentsSay) {  // A4
    struct Row {
        const char* city;
        bool weekend;
        Hours hours;
    };
    const Row rows[] = {{"tianjin", true, {{540, 1080}}},
                        {"shanghai", true, {{540, 1080}}},
                        {"taiyuan", true, {{540, 1080}}},
                        {"hangzhou", false, {{540, 720}, {780, 1050}}},
                        {"suzhou", false, {{540, 720}, {780, 1050}}},
                        {"beijing", true, {{510, 1140}}},
                        {"nanjing", true, {{480, 1200}}}};
    for (const Row& row : rows) {
        const Calendar calendar = shipped_calendar(row.city);
        // A Monday, a Wednesday, a Friday; a Saturday, a Sunday.
        for (const unsigned d : {9U, 11U, 13U}) EXPECT_EQ(calendar.hours_on(day(2026, 11, d)), row.hours) << row.city;
        for (const unsigned d : {14U, 15U})
            EXPECT_EQ(calendar.hours_on(day(2026, 11, d)), row.weekend ? row.hours : Hours{}) << row.city;
    }
    const Calendar beijing = shipped_calendar("beijing");
    EXPECT_FALSE(beijing.is_open(shanghai("2026-11-29T08:29")));
    EXPECT_TRUE(beijing.is_open(shanghai("2026-11-29T08:30")));
    EXPECT_TRUE(beijing.is_open(shanghai("2026-11-29T18:59")));
    EXPECT_FALSE(beijing.is_open(shanghai("2026-11-29T19:00")));
    const Calendar city = shipped_calendar("shanghai");
    EXPECT_FALSE(city.is_open(shanghai("2026-11-29T08:59")));
    EXPECT_TRUE(city.is_open(shanghai("2026-11-29T09:00")));
    EXPECT_FALSE(city.is_open(shanghai("2026-11-29T18:00")));
}

TEST(Calendar, HolidaysCloseAndWorkingWeekendsOpen) {
    CalendarDoc doc = every_day("Asia/Shanghai", {9 * 60, 18 * 60});
    doc.week[0].clear();
    doc.week[6].clear();
    // As in the State Council's notice for 2025: the holiday is 1 to 8 October, the 11th, a Saturday, is worked.
    for (unsigned d = 1; d <= 8; ++d) doc.days[day(2025, 10, d)] = {};
    doc.days[day(2025, 10, 11)] = {{9 * 60, 18 * 60}};
    const Calendar calendar(doc);
    EXPECT_EQ(due_in_shanghai(calendar, "2025-09-30T17:00", hours{2}), "2025-10-09T10:00");
    EXPECT_EQ(due_in_shanghai(calendar, "2025-10-10T17:00", hours{2}), "2025-10-11T10:00");
    EXPECT_EQ(due_in_shanghai(calendar, "2025-10-11T17:00", hours{2}), "2025-10-13T10:00");
}

TEST(Calendar, APeriodHasItsOwnHoursAndAHolidayBeatsIt) {  // C2
    CalendarDoc doc = every_day("Asia/Shanghai", {9 * 60, 18 * 60});
    doc.week[0].clear();
    Period filing;
    filing.from = day(2026, 11, 1);
    filing.to = day(2026, 11, 15);
    filing.week.fill({{8 * 60, 21 * 60}});
    doc.periods.push_back(filing);
    doc.days[day(2026, 11, 9)] = {};
    const Calendar calendar(doc);
    EXPECT_TRUE(calendar.is_open(shanghai("2026-11-08T20:59")));   // a Sunday of the period
    EXPECT_FALSE(calendar.is_open(shanghai("2026-11-22T10:00")));  // a Sunday after it
    EXPECT_FALSE(calendar.is_open(shanghai("2026-11-09T10:00")));
    EXPECT_FALSE(calendar.is_open(shanghai("2026-11-16T20:00")));
}

TEST(Calendar, BeyondItsEndResultsAreProvisional) {
    CalendarDoc doc = every_day("Asia/Shanghai", {8 * 60, 20 * 60});
    doc.until = day(2026, 12, 31);
    const Calendar calendar(doc);
    EXPECT_FALSE(calendar.add_business_time(shanghai("2026-12-31T17:00"), hours{3}).provisional);
    const auto beyond = calendar.add_business_time(shanghai("2026-12-31T19:00"), hours{2});
    EXPECT_TRUE(beyond.provisional);
    EXPECT_EQ(beyond.due, shanghai("2027-01-01T09:00"));
}

// Berlin: on 2026-03-29 the clock goes from 02:00 to 03:00, on 2026-10-25 from 03:00 back to 02:00.
TEST(Calendar, HoursFollowTheZonesClockOverTheChange) {
    const Calendar office(every_day("Europe/Berlin", {8 * 60, 20 * 60}));
    EXPECT_EQ(office.add_business_time(at("2026-03-28T18:00:00.000Z"), hours{2}).due, at("2026-03-29T07:00:00.000Z"));
    EXPECT_EQ(office.add_business_time(at("2026-10-24T17:00:00.000Z"), hours{2}).due, at("2026-10-25T08:00:00.000Z"));
}

TEST(Calendar, AMissingHourIsNoBusinessTimeAndARepeatedOneIsTwice) {
    const Calendar night(every_day("Europe/Berlin", {0, 6 * 60}));
    // 0:00 to 6:00 is five hours in March, seven in October.
    EXPECT_EQ(night.add_business_time(at("2026-03-28T23:00:00.000Z"), hours{5}).due, at("2026-03-29T04:00:00.000Z"));
    EXPECT_EQ(night.add_business_time(at("2026-10-24T22:00:00.000Z"), hours{7}).due, at("2026-10-25T05:00:00.000Z"));
    EXPECT_EQ(night.add_business_time(at("2026-10-24T22:00:00.000Z"), hours{7} + minutes{1}).due,
              at("2026-10-25T23:01:00.000Z"));
}

TEST(Calendar, IntervalsThatMeetInARepeatedHourCountEachMomentOnce) {
    CalendarDoc doc = every_day("Europe/Berlin", {0, 150});
    doc.week.fill({{0, 150}, {150, 300}});  // 0:00-2:30, 2:30-5:00
    const Calendar calendar(doc);
    EXPECT_EQ(calendar.add_business_time(at("2026-10-24T22:00:00.000Z"), hours{6}).due, at("2026-10-25T04:00:00.000Z"));
}

TEST(Calendar, OpenToMidnightGoesOnWithoutAGap) {
    const Calendar always;
    EXPECT_EQ(always.add_business_time(at("2026-11-23T23:30:00.000Z"), hours{1}).due, at("2026-11-24T00:30:00.000Z"));
    EXPECT_TRUE(always.is_open(at("2026-11-23T00:00:00.000Z")));
}

TEST(Calendar, AFixedTimeIsOnTheLocalDayAndInsideTheHours) {
    const Calendar calendar = shipped_calendar("hangzhou");
    EXPECT_EQ(calendar.at_local_time(shanghai("2026-11-24T09:05"), 10 * 60 + 30), shanghai("2026-11-24T10:30"));
    EXPECT_EQ(calendar.at_local_time(shanghai("2026-11-24T09:05"), 12 * 60), shanghai("2026-11-24T13:00"));
    EXPECT_TRUE(calendar.same_local_day(shanghai("2026-11-24T00:00"), shanghai("2026-11-24T23:59")));
    EXPECT_FALSE(calendar.same_local_day(shanghai("2026-11-24T23:59"), shanghai("2026-11-25T00:00")));
}

TEST(Calendar, AShiftOverMidnightBelongsToTheDayItBeginsOn) {
    CalendarDoc doc;
    doc.zone = "Asia/Shanghai";
    doc.week[5] = {{20 * 60, 28 * 60}};  // Friday 20:00 to Saturday 4:00
    doc.days[day(2026, 11, 28)] = {};    // the Saturday after the second is a holiday
    const Calendar calendar(doc);
    EXPECT_TRUE(calendar.is_open(shanghai("2026-11-21T03:59")));
    EXPECT_FALSE(calendar.is_open(shanghai("2026-11-21T04:00")));
    EXPECT_FALSE(calendar.is_open(shanghai("2026-11-20T03:00")));
    EXPECT_TRUE(calendar.is_open(shanghai("2026-11-28T03:00"))) << "the shift before a holiday is worked to its end";
    EXPECT_EQ(due_in_shanghai(calendar, "2026-11-20T23:00", hours{6}), "2026-11-27T21:00");
    EXPECT_EQ(due_in_shanghai(calendar, "2026-11-21T01:00", hours{3}), "2026-11-21T04:00");
    EXPECT_EQ(calendar.business_time(shanghai("2026-11-20T00:00"), shanghai("2026-11-21T02:00")), hours{6});
}

TEST(Calendar, AClosingTakesItsTimeFromTheDay) {  // closed today from 14:00, storm
    CalendarDoc doc = every_day("Asia/Shanghai", {9 * 60, 18 * 60});
    doc.closings = {{day(2026, 11, 23), {14 * 60, 24 * 60}, "storm"}, {day(2026, 11, 24), {10 * 60, 11 * 60}, ""}};
    const Calendar calendar(doc);
    EXPECT_EQ(due_in_shanghai(calendar, "2026-11-23T13:00", hours{2}), "2026-11-24T10:00");
    EXPECT_EQ(due_in_shanghai(calendar, "2026-11-24T09:30", hours{1}), "2026-11-24T11:30");
    EXPECT_FALSE(calendar.is_open(shanghai("2026-11-23T14:00")));
    EXPECT_EQ(in_shanghai(calendar.open_until(shanghai("2026-11-23T10:00"))), "2026-11-23T14:00");
    EXPECT_EQ(in_shanghai(calendar.open_until(shanghai("2026-11-25T10:00"))), "2026-11-25T18:00");
}

TEST(Calendar, AWorkingWeekendIsWorkedLikeItsWeekdayInThePeriodToo) {
    CalendarDoc doc;
    doc.zone = "Asia/Shanghai";
    for (std::size_t d = 1; d <= 5; ++d) doc.week[d] = {{9 * 60, 18 * 60}};
    doc.worked_as[day(2026, 10, 10)] = 1;
    Period filing;
    filing.from = day(2026, 10, 8);
    filing.to = day(2026, 10, 15);
    filing.week[1] = {{8 * 60, 20 * 60}};
    Calendar plain(doc);
    EXPECT_EQ(plain.hours_on(day(2026, 10, 10)), (Hours{{540, 1080}}));
    doc.periods.push_back(filing);
    EXPECT_EQ(Calendar(doc).hours_on(day(2026, 10, 10)), (Hours{{480, 1200}}));
    doc.periods[0].own_hours = false;
    EXPECT_EQ(Calendar(doc).hours_on(day(2026, 10, 10)), (Hours{{540, 1080}}));
}

TEST(Calendar, WithoutAnyHoursItIsRefused) {
    EXPECT_THROW(Calendar(CalendarDoc{}), std::invalid_argument);
    EXPECT_THROW(Calendar(every_day("Asia/Atlantis", {0, 60})), std::runtime_error);
}

}  // namespace
}  // namespace citybridge::desk::testing
