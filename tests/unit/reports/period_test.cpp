#include "core/reports/period.h"

#include <gtest/gtest.h>

namespace citybridge::reports {
namespace {

const CityTime kShanghai = CityTime::in("Asia/Shanghai").value();
const CityTime kBerlin = CityTime::in("Europe/Berlin").value();

WallTime in_shanghai(const char* text) { return kShanghai.parse(text).value(); }

// Monday to Friday, 9 to 18.
desk::Calendar office_hours() {
    desk::CalendarDoc doc;
    doc.zone = "Asia/Shanghai";
    for (std::size_t day = 1; day <= 5; ++day) doc.week[day] = {{9 * 60, 18 * 60}};
    return desk::Calendar(doc);
}

Period only(const std::vector<Period>& periods) {
    EXPECT_EQ(periods.size(), 1U);
    return periods.empty() ? Period{} : periods.front();
}

TEST(Periods, of_a_day_are_due_at_their_time_on_the_next) {
    Schedule daily;
    daily.at = 8 * 60 + 30;
    const Period period = only(periods_due(daily, kShanghai, desk::Calendar(), in_shanghai("2026-11-21 08:00"),
                                           in_shanghai("2026-11-21 09:00"), 10));
    EXPECT_EQ(period.from, in_shanghai("2026-11-20"));
    EXPECT_EQ(period.to, in_shanghai("2026-11-21"));
    EXPECT_EQ(period.due, in_shanghai("2026-11-21 08:30"));
}

TEST(Periods, of_a_shift_end_with_it_even_over_midnight) {
    Schedule day, night;
    day.from = 8 * 60;
    day.to = 20 * 60;
    day.after = std::chrono::minutes{5};
    const Period shift = only(periods_due(day, kShanghai, desk::Calendar(), in_shanghai("2026-11-21 20:04"),
                                          in_shanghai("2026-11-21 20:05"), 10));
    EXPECT_EQ(shift.from, in_shanghai("2026-11-21 08:00"));
    EXPECT_EQ(shift.to, in_shanghai("2026-11-21 20:00"));
    night.from = 20 * 60;
    night.to = 8 * 60;
    const Period late = only(periods_due(night, kShanghai, desk::Calendar(), in_shanghai("2026-11-21 07:00"),
                                         in_shanghai("2026-11-21 09:00"), 10));
    EXPECT_EQ(late.from, in_shanghai("2026-11-20 20:00"));
    EXPECT_EQ(late.to, in_shanghai("2026-11-21 08:00"));
}

TEST(Periods, wait_for_the_opening_where_business_time_is_asked_for) {
    Schedule daily;
    daily.at = 8 * 60;
    daily.business = true;
    // The reports of Friday, Saturday and Sunday come on Monday at nine. 2026-11-23 is a Monday.
    const auto periods = periods_due(daily, kShanghai, office_hours(), in_shanghai("2026-11-20 18:00"),
                                     in_shanghai("2026-11-23 09:00"), 10);
    ASSERT_EQ(periods.size(), 3U);
    for (const Period& period : periods) EXPECT_EQ(period.due, in_shanghai("2026-11-23 09:00"));
    EXPECT_EQ(periods.front().from, in_shanghai("2026-11-20"));
    EXPECT_EQ(periods.back().from, in_shanghai("2026-11-22"));
}

TEST(Periods, follow_each_other_without_gap_over_the_changes_of_the_clock) {
    for (const char* change : {"2026-03-29", "2026-10-25"}) {
        Schedule hourly;
        hourly.every = Schedule::Every::hour;
        const WallTime day = kBerlin.parse(change).value();
        const auto periods =
            periods_due(hourly, kBerlin, desk::Calendar(), day, kBerlin.next_day(day) + std::chrono::minutes{2}, 100);
        ASSERT_EQ(periods.size(), change == std::string("2026-03-29") ? 24U : 26U);  // one before midnight
        for (std::size_t i = 1; i < periods.size(); ++i) EXPECT_EQ(periods[i].from, periods[i - 1].to);
    }
}

TEST(Periods, that_were_missed_are_all_told_and_of_too_many_the_last) {
    Schedule daily;
    const auto since = in_shanghai("2026-11-10 12:00"), now = in_shanghai("2026-11-21 12:00");
    EXPECT_EQ(periods_due(daily, kShanghai, desk::Calendar(), since, now, 100).size(), 11U);
    const auto few = periods_due(daily, kShanghai, desk::Calendar(), since, now, 3);
    ASSERT_EQ(few.size(), 3U);
    EXPECT_EQ(few.back().from, in_shanghai("2026-11-20"));
}

TEST(Periods, of_weeks_begin_on_monday_and_of_months_on_the_first) {
    Schedule weekly, monthly;
    weekly.every = Schedule::Every::week;
    monthly.every = Schedule::Every::month;
    const Period week = only(periods_due(weekly, kShanghai, desk::Calendar(), in_shanghai("2026-11-22 12:00"),
                                         in_shanghai("2026-11-23 12:00"), 10));
    EXPECT_EQ(week.from, in_shanghai("2026-11-16"));
    EXPECT_EQ(week.to, in_shanghai("2026-11-23"));
    const Period month = only(periods_due(monthly, kShanghai, desk::Calendar(), in_shanghai("2026-11-30 12:00"),
                                          in_shanghai("2026-12-01 12:00"), 10));
    EXPECT_EQ(month.from, in_shanghai("2026-11-01"));
    EXPECT_EQ(month.to, in_shanghai("2026-12-01"));
    EXPECT_EQ(next_period(monthly, kShanghai, desk::Calendar(), in_shanghai("2026-11-21")).from, month.from);
}

}  // namespace
}  // namespace citybridge::reports
