#include "core/reports/city_time.h"

#include <gtest/gtest.h>

namespace citybridge::reports {
namespace {

WallTime utc(const char* text) { return from_rfc3339(text).value(); }

TEST(CityTime, reads_what_people_write_in_the_citys_time) {
    const auto shanghai = CityTime::in("Asia/Shanghai").value();
    EXPECT_EQ(shanghai.parse("2026-11-21"), utc("2026-11-20T16:00:00Z"));
    EXPECT_EQ(shanghai.parse("2026-11-21 19:00"), utc("2026-11-21T11:00:00Z"));
    EXPECT_EQ(shanghai.parse("2026-11-21T19:00:30"), utc("2026-11-21T11:00:30Z"));
    EXPECT_EQ(shanghai.parse("2026-11-21T19:00:00Z"), utc("2026-11-21T19:00:00Z"));
    EXPECT_EQ(shanghai.parse("2026-11-21T19:00:00+02:00"), utc("2026-11-21T17:00:00Z"));
    for (const char* wrong : {"", "2026-13-01", "2026-11-21 25:00", "yesterday", "2026-11-21 19:00 x", "2026-02-30"})
        EXPECT_FALSE(shanghai.parse(wrong)) << wrong;
    EXPECT_FALSE(CityTime::in("Asia/Nowhere"));
}

// Germany's clocks go forward at 2:00 on 2026-03-29 and back at 3:00 on 2026-10-25.
TEST(CityTime, knows_days_of_23_and_25_hours) {
    const auto berlin = CityTime::in("Europe/Berlin").value();
    const WallTime spring = berlin.parse("2026-03-29").value(), autumn = berlin.parse("2026-10-25").value();
    EXPECT_EQ(berlin.next_day(spring) - spring, std::chrono::hours{23});
    EXPECT_EQ(berlin.next_day(autumn) - autumn, std::chrono::hours{25});
    // A time that is skipped is the moment of the skip.
    EXPECT_EQ(berlin.parse("2026-03-29 02:30"), utc("2026-03-29T01:00:00Z"));
    // A time that comes twice is the first.
    EXPECT_EQ(berlin.parse("2026-10-25 02:30"), utc("2026-10-25T00:30:00Z"));
}

TEST(CityTime, has_the_hour_that_comes_twice_twice) {
    const auto berlin = CityTime::in("Europe/Berlin").value();
    std::vector<std::string> hours;
    const WallTime begin = berlin.parse("2026-10-25").value();
    for (WallTime at = begin; at < berlin.next_day(begin); at = berlin.next_hour(at)) {
        EXPECT_EQ(berlin.start_of_hour(at), at);
        EXPECT_EQ(berlin.start_of_hour(at + std::chrono::minutes{59}), at);
        hours.push_back(berlin.hour_text(at));
    }
    ASSERT_EQ(hours.size(), 25U);
    EXPECT_EQ(hours[2], "2026-10-25 02:00 +02:00");
    EXPECT_EQ(hours[3], "2026-10-25 02:00 +01:00");
    EXPECT_EQ(hours[4], "2026-10-25 03:00");
}

TEST(CityTime, knows_zones_whose_hours_are_not_the_worlds) {
    const auto kolkata = CityTime::in("Asia/Kolkata").value();  // UTC+5:30
    EXPECT_EQ(kolkata.hour_text(kolkata.start_of_hour(utc("2026-11-21T10:45:00Z"))), "2026-11-21 16:00");
    EXPECT_EQ(kolkata.next_hour(utc("2026-11-21T10:45:00Z")), utc("2026-11-21T11:30:00Z"));
}

TEST(CityTime, finds_weeks_and_months) {
    const auto shanghai = CityTime::in("Asia/Shanghai").value();
    const WallTime saturday = shanghai.parse("2026-11-21 15:00").value();
    EXPECT_EQ(shanghai.day_text(shanghai.start_of_week(saturday)), "2026-11-16");  // a Monday
    EXPECT_EQ(shanghai.day_text(shanghai.start_of_month(saturday)), "2026-11-01");
    EXPECT_EQ(shanghai.text(saturday), "2026-11-21 15:00:00");
}

}  // namespace
}  // namespace citybridge::reports
