// The shipped official calendars against hand-made tables of the State Council's notices, and deadlines across Spring
// Festival and National Day in a city that is closed at noon, at weekends and on public holidays.
#include "core/desk/due.h"
#include "tests/unit/desk/calendar_fixture.h"

namespace citybridge::desk::testing {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

struct Stretch {
    LocalDay from;
    LocalDay to;
};

// 国办发明电〔2023〕7号, 〔2024〕12号, 〔2025〕7号: days off, the weekends they are joined with included.
const Stretch kOff[] = {
    {day(2024, 1, 1), day(2024, 1, 1)},   {day(2024, 2, 10), day(2024, 2, 17)}, {day(2024, 4, 4), day(2024, 4, 6)},
    {day(2024, 5, 1), day(2024, 5, 5)},   {day(2024, 6, 8), day(2024, 6, 10)},  {day(2024, 9, 15), day(2024, 9, 17)},
    {day(2024, 10, 1), day(2024, 10, 7)}, {day(2025, 1, 1), day(2025, 1, 1)},   {day(2025, 1, 28), day(2025, 2, 4)},
    {day(2025, 4, 4), day(2025, 4, 6)},   {day(2025, 5, 1), day(2025, 5, 5)},   {day(2025, 5, 31), day(2025, 6, 2)},
    {day(2025, 10, 1), day(2025, 10, 8)}, {day(2026, 1, 1), day(2026, 1, 3)},   {day(2026, 2, 15), day(2026, 2, 23)},
    {day(2026, 4, 4), day(2026, 4, 6)},   {day(2026, 5, 1), day(2026, 5, 5)},   {day(2026, 6, 19), day(2026, 6, 21)},
    {day(2026, 9, 25), day(2026, 9, 27)}, {day(2026, 10, 1), day(2026, 10, 7)},
};
const LocalDay kWorked[] = {
    day(2024, 2, 4),  day(2024, 2, 18), day(2024, 4, 7),   day(2024, 4, 28),  day(2024, 5, 11),
    day(2024, 9, 14), day(2024, 9, 29), day(2024, 10, 12), day(2025, 1, 26),  day(2025, 2, 8),
    day(2025, 4, 27), day(2025, 9, 28), day(2025, 10, 11), day(2026, 1, 4),   day(2026, 2, 14),
    day(2026, 2, 28), day(2026, 5, 9),  day(2026, 9, 20),  day(2026, 10, 10),
};

bool worked(LocalDay at) {
    for (const Stretch& off : kOff)
        if (off.from <= at && at <= off.to) return false;
    for (const LocalDay extra : kWorked)
        if (extra == at) return true;
    const unsigned weekday = std::chrono::weekday(at).c_encoding();
    return weekday != 0 && weekday != 6;
}

TEST(ChinasCalendar, EveryDayOfThreeYearsIsAsTheNoticesSay) {
    const Calendar calendar = shipped_calendar("hangzhou");
    for (LocalDay at = day(2024, 1, 1); at <= day(2026, 12, 31); at += days{1})
        EXPECT_EQ(calendar.works_on(at), worked(at)) << std::chrono::year_month_day(at).month().operator unsigned()
                                                     << "-" << unsigned(std::chrono::year_month_day(at).day());
    EXPECT_EQ(calendar.doc().until, day(2026, 12, 31));
}

// As every employer's almanac has them.
TEST(ChinasCalendar, TheYearsHave251And248And248WorkingDays) {
    const Calendar calendar = shipped_calendar("suzhou");
    const std::pair<int, int> years[] = {{2024, 251}, {2025, 248}, {2026, 248}};
    for (const auto& [year, expected] : years) {
        int count = 0;
        for (LocalDay at = day(year, 1, 1); at <= day(year, 12, 31); at += days{1}) count += calendar.works_on(at);
        EXPECT_EQ(count, expected) << year;
    }
}

// Seven and a half hours a day: 9:00-12:00, 13:00-17:30.
TEST(ChinasCalendar, DeadlinesCrossTheLongHolidays) {
    const Calendar calendar = shipped_calendar("hangzhou");
    struct Row {
        const char* from;
        Millis after;
        const char* due;
        const char* why;
    };
    const Row rows[] = {
        {"2024-02-09T17:00", hours{2}, "2024-02-18T10:30",
         "Friday before Spring Festival to the Sunday worked after it"},
        {"2024-02-02T17:00", hours{1}, "2024-02-04T09:30", "the Sunday worked before it"},
        {"2024-09-13T17:00", hours{1}, "2024-09-14T09:30", "the Saturday worked before Mid-Autumn"},
        {"2024-09-14T17:00", hours{1}, "2024-09-18T09:30", "over Mid-Autumn"},
        {"2024-09-30T17:00", hours{1}, "2024-10-08T09:30", "over National Day"},
        {"2024-10-11T17:00", hours{1}, "2024-10-12T09:30", "the Saturday worked after it"},
        {"2025-01-24T17:00", hours{1}, "2025-01-26T09:30", "the Sunday worked before Spring Festival"},
        {"2025-01-27T17:00", hours{1}, "2025-02-05T09:30", "over Spring Festival"},
        {"2025-02-07T17:00", hours{9}, "2025-02-10T10:00", "the Saturday worked after it takes a whole day"},
        {"2025-09-26T17:00", hours{1}, "2025-09-28T09:30", "the Sunday worked before National Day"},
        {"2025-09-30T17:00", hours{2}, "2025-10-09T10:30", "over National Day and Mid-Autumn"},
        {"2025-10-10T17:00", hours{1}, "2025-10-11T09:30", "the Saturday worked after it"},
        {"2025-10-11T17:00", hours{1}, "2025-10-13T09:30", "and no Sunday"},
        {"2026-02-13T17:00", hours{1}, "2026-02-14T09:30", "the Saturday worked before Spring Festival"},
        {"2026-02-14T17:00", hours{1}, "2026-02-24T09:30", "over the nine days of Spring Festival"},
        {"2026-02-27T17:00", hours{1}, "2026-02-28T09:30", "the Saturday worked after it"},
        {"2026-09-18T17:00", hours{1}, "2026-09-20T09:30", "the Sunday worked before National Day"},
        {"2026-09-24T17:00", hours{1}, "2026-09-28T09:30", "over Mid-Autumn"},
        {"2026-09-30T17:00", hours{8}, "2026-10-08T17:30", "full at closing time is due then"},
        {"2026-09-30T17:00", hours{8} + minutes{1}, "2026-10-09T09:01", "and a minute more the next morning"},
        {"2026-10-09T17:00", hours{1}, "2026-10-10T09:30", "the Saturday worked after it"},
        {"2026-10-03T11:00", hours{1}, "2026-10-08T10:00", "asked for on the holiday"},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(due_in_shanghai(calendar, row.from, row.after), row.due) << row.why;
        EXPECT_EQ(calendar.business_time(shanghai(row.from), shanghai(row.due)), row.after) << row.why;
        EXPECT_FALSE(calendar.add_business_time(shanghai(row.from), row.after).provisional) << row.why;
    }
}

TEST(ChinasCalendar, WhatFallsIntoAYearWithoutANoticeIsProvisional) {
    const Calendar calendar = shipped_calendar("hangzhou");
    const auto due = calendar.add_business_time(shanghai("2026-12-31T17:00"), hours{1});
    EXPECT_EQ(in_shanghai(due.due), "2027-01-01T09:30");
    EXPECT_TRUE(due.provisional);
    EXPECT_FALSE(calendar.add_business_time(shanghai("2026-12-31T17:00"), minutes{30}).provisional);
}

TEST(ChinasCalendar, WorkingDaysAreCountedOverTheHoliday) {
    const Calendar calendar = shipped_calendar("hangzhou");
    DueRule rule;
    rule.working_days = 3;
    EXPECT_EQ(in_shanghai(due_of(calendar, rule, shanghai("2026-09-30T16:00")).due), "2026-10-10T16:00");
    rule.working_days = 1;
    EXPECT_EQ(in_shanghai(due_of(calendar, rule, shanghai("2026-02-14T12:30")).due), "2026-02-24T13:00");
    EXPECT_EQ(in_shanghai(due_of(calendar, rule, shanghai("2026-02-18T20:00")).due), "2026-02-25T09:00");
}

}  // namespace
}  // namespace citybridge::desk::testing
