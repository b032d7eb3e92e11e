// What a customer may be told when another city is to call him (D1), whatever that city's hours and line are.
#include "core/desk/cities.h"

#include <gtest/gtest.h>

#include "tests/unit/desk/calendar_fixture.h"

namespace citybridge::desk::testing {
namespace {

class Promises : public ::testing::Test {
protected:
    Promises() {
        put("hangzhou", "Hangzhou");
        put("suzhou", "Suzhou");
        calendars("hangzhou", {9 * 60, 18 * 60});
    }
    City& put(const std::string& id, const std::string& name) {
        City city;
        city.id = city.calendar = id;
        city.name = name;
        city.destination = "cities." + id;
        return cities_.all[id] = city;
    }
    void calendars(const std::string& id, Interval open, Interval suzhou = {8 * 60, 22 * 60}) {
        calendars_ = Calendars("suzhou", {{id, Calendar(every_day("Asia/Shanghai", open))},
                                          {"suzhou", Calendar(every_day("Asia/Shanghai", suzhou))}});
    }
    CityPromise promised(const std::string& local) const {
        return promise_of(cities_, calendars_, *cities_.find("hangzhou"), shanghai(local), silent_);
    }
    std::string said(const std::string& local) const {
        return sentence(cities_, calendars_, promised(local), shanghai(local));
    }
    void turn(const std::string& mode, const std::string& from, const std::string& until) {
        CalendarOverrideRecord row;
        row.id = "o1";
        row.calendar = "hangzhou";
        row.mode = mode;
        row.set_at = shanghai(from);
        row.until_at = shanghai(until);
        calendars_ = calendars_.switched({row});
    }
    CitySet cities_;
    Calendars calendars_;
    std::map<std::string, Millis> silent_;
};

TEST_F(Promises, while_it_is_open_is_in_minutes) {
    EXPECT_EQ(said("2026-11-23T10:00"), "Hangzhou calls you back within 15 minutes.");
    EXPECT_EQ(in_shanghai(promised("2026-11-23T10:00").promised_at), "2026-11-23T10:15");
    cities_.all["hangzhou"].promise = std::chrono::minutes{30};
    EXPECT_EQ(said("2026-11-23T10:00"), "Hangzhou calls you back within 30 minutes.");
}

TEST_F(Promises, while_it_is_closed_is_from_its_opening) {
    EXPECT_EQ(said("2026-11-23T20:00"), "Hangzhou calls you back tomorrow from 09:00.");
    EXPECT_EQ(in_shanghai(promised("2026-11-23T20:00").promised_at), "2026-11-24T09:15");
    EXPECT_EQ(said("2026-11-23T06:00"), "Hangzhou calls you back today from 09:00.");
}

TEST_F(Promises, shortly_before_it_closes_is_the_rest_of_the_time_the_next_day) {
    EXPECT_EQ(said("2026-11-23T17:50"), "Hangzhou calls you back tomorrow by 09:05.");
}

TEST_F(Promises, over_lunch_is_from_the_afternoon) {
    CalendarDoc doc = every_day("Asia/Shanghai", {9 * 60, 12 * 60});
    doc.week.fill({{9 * 60, 12 * 60}, {13 * 60, 18 * 60}});
    calendars_ = Calendars("hangzhou", {{"hangzhou", Calendar(doc)}});
    EXPECT_EQ(said("2026-11-23T12:30"), "Hangzhou calls you back today from 13:00.");
    EXPECT_EQ(said("2026-11-23T11:50"), "Hangzhou calls you back today by 13:05.");
}

// National Day 2026 as the State Council has it: 1 to 7 October.
TEST_F(Promises, over_a_holiday_names_the_day) {
    calendars_ = Calendars("hangzhou", {{"hangzhou", shipped_calendar("hangzhou")}});
    EXPECT_EQ(said("2026-10-02T10:00"), "Hangzhou calls you back from 2026-10-08 09:00.");
    EXPECT_EQ(said("2026-10-07T10:00"), "Hangzhou calls you back tomorrow from 09:00.");
}

TEST_F(Promises, go_by_where_an_operator_has_switched_it) {
    turn("closed", "2026-11-23T10:00", "2026-11-23T15:00");
    EXPECT_EQ(said("2026-11-23T11:00"), "Hangzhou calls you back today from 15:00.");
    EXPECT_EQ(said("2026-11-23T15:30"), "Hangzhou calls you back within 15 minutes.");
    turn("open", "2026-11-23T19:00", "2026-11-23T23:00");
    EXPECT_EQ(said("2026-11-23T20:00"), "Hangzhou calls you back within 15 minutes.");
}

TEST_F(Promises, cannot_be_made_of_a_city_that_was_silent_for_longer_than_the_promise) {
    silent_["cities.hangzhou"] = std::chrono::minutes{14};
    EXPECT_EQ(said("2026-11-23T10:00"), "Hangzhou calls you back within 15 minutes.");
    silent_["cities.hangzhou"] = std::chrono::minutes{15};
    EXPECT_EQ(said("2026-11-23T10:00"), "Hangzhou cannot be reached at the moment; no callback can be promised.");
    EXPECT_EQ(promised("2026-11-23T10:00").reason, "unreachable");
    EXPECT_EQ(said("2026-11-23T20:00"), "Hangzhou cannot be reached at the moment; no callback can be promised.");
    silent_ = {{"cities.suzhou", std::chrono::minutes{60}}};
    EXPECT_EQ(said("2026-11-23T10:00"), "Hangzhou calls you back within 15 minutes.") << "another city is silent";
}

TEST_F(Promises, of_a_closed_city_are_its_deputys_if_that_one_is_open_and_there) {
    cities_.all["hangzhou"].deputy = "suzhou";
    EXPECT_EQ(said("2026-11-23T10:00"), "Hangzhou calls you back within 15 minutes.");
    EXPECT_EQ(said("2026-11-23T20:00"), "Suzhou calls you back within 15 minutes.");
    EXPECT_EQ(promised("2026-11-23T20:00").city, "suzhou");
    EXPECT_EQ(said("2026-11-23T23:00"), "Hangzhou calls you back tomorrow from 09:00.") << "both are closed";
    silent_["cities.suzhou"] = std::chrono::minutes{60};
    EXPECT_EQ(said("2026-11-23T20:00"), "Hangzhou calls you back tomorrow from 09:00.") << "the deputy is away";
}

TEST_F(Promises, of_a_city_that_cannot_be_reached_are_its_deputys) {
    cities_.all["hangzhou"].deputy = "suzhou";
    silent_["cities.hangzhou"] = std::chrono::minutes{60};
    EXPECT_EQ(said("2026-11-23T10:00"), "Suzhou calls you back within 15 minutes.");
    silent_["cities.suzhou"] = std::chrono::minutes{60};
    EXPECT_EQ(said("2026-11-23T10:00"), "Hangzhou cannot be reached at the moment; no callback can be promised.");
}

TEST_F(Promises, of_a_city_without_a_calendar_are_always_in_minutes) {
    cities_.all["hangzhou"].calendar.clear();
    EXPECT_EQ(said("2026-11-22T03:00"), "Hangzhou calls you back within 15 minutes.");
}

}  // namespace
}  // namespace citybridge::desk::testing
