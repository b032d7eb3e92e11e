// When recurring orders are due, by the calendar of 2026 (State Council, 2025-11-04: Spring Festival 15 to 23
// February, with the Saturdays 14 and 28 February worked).
#include "core/desk/recurrence.h"

#include <gtest/gtest.h>

namespace citybridge::desk {
namespace {

using Every = RecurrenceDef::Every;
using Else = RecurrenceDef::Else;

WallTime at(const std::string& rfc3339) { return from_rfc3339(rfc3339).value(); }

Calendar hangzhou() {
    Problems problems;
    return load_calendar(CITYBRIDGE_SOURCE_DIR "/config/calendars/hangzhou.xml", problems);
}

RecurrenceDef rule(Every every, std::vector<int> minutes, std::optional<Else> otherwise = std::nullopt) {
    RecurrenceDef out;
    out.name = "r";
    out.every = every;
    out.at = std::move(minutes);
    out.otherwise = otherwise;
    return out;
}

// In China's time, which is UTC+8 all year.
std::vector<std::string> days(const RecurrenceDef& def, const std::string& from, const std::string& until) {
    std::vector<std::string> out;
    for (const Occurrence& each : occurrences(def, hangzhou(), at(from), at(until)))
        out.push_back(to_rfc3339(each.at + std::chrono::hours{8}).substr(5, 11));
    return out;
}
using Days = std::vector<std::string>;

TEST(Recurrence, WorkingDaysSkipTheHolidayAndTakeTheWorkingSaturday) {
    EXPECT_EQ(days(rule(Every::working_day, {600}), "2026-02-12T16:00:00.000Z", "2026-02-25T16:00:00.000Z"),
              (Days{"02-13T10:00", "02-14T10:00", "02-24T10:00", "02-25T10:00"}));
}

TEST(Recurrence, SeveralTimesADayComeInTheirOrder) {
    EXPECT_EQ(days(rule(Every::working_day, {960, 600}), "2026-11-22T16:00:00.000Z", "2026-11-23T16:00:00.000Z"),
              (Days{"11-23T10:00", "11-23T16:00"}));
}

TEST(Recurrence, EveryDayMeansHolidaysTooUnlessItSaysElse) {
    EXPECT_EQ(days(rule(Every::day, {600}), "2026-02-13T16:00:00.000Z", "2026-02-16T16:00:00.000Z"),
              (Days{"02-14T10:00", "02-15T10:00", "02-16T10:00"}));
    EXPECT_EQ(days(rule(Every::day, {600}, Else::skip), "2026-02-13T16:00:00.000Z", "2026-02-24T16:00:00.000Z"),
              (Days{"02-14T10:00", "02-24T10:00"}));
}

TEST(Recurrence, DaysOfAHolidayMovedToOneMomentAreOne) {
    EXPECT_EQ(days(rule(Every::day, {600}, Else::next_working), "2026-02-14T16:00:00.000Z", "2026-02-24T16:00:00.000Z"),
              (Days{"02-24T10:00"}));
}

TEST(Recurrence, AWeekdayInAHolidayMovesAsItSays) {
    RecurrenceDef friday = rule(Every::week, {900}, Else::previous_working);
    friday.weekday = 5;
    const auto february = [&] { return days(friday, "2026-02-10T16:00:00.000Z", "2026-02-28T16:00:00.000Z"); };
    EXPECT_EQ(february(), (Days{"02-13T15:00", "02-14T15:00", "02-27T15:00"}));
    friday.otherwise = Else::next_working;
    EXPECT_EQ(february(), (Days{"02-13T15:00", "02-24T15:00", "02-27T15:00"}));
    friday.otherwise = Else::skip;
    EXPECT_EQ(february(), (Days{"02-13T15:00", "02-27T15:00"}));
}

TEST(Recurrence, ADayOfTheMonthAndTheLastOne) {
    RecurrenceDef monthly = rule(Every::month, {540}, Else::previous_working);
    monthly.day = 25;
    // 25 September is the Mid-Autumn Festival.
    EXPECT_EQ(days(monthly, "2026-09-01T00:00:00.000Z", "2026-09-30T16:00:00.000Z"), (Days{"09-24T09:00"}));
    monthly.day = 0;
    EXPECT_EQ(days(monthly, "2026-11-01T00:00:00.000Z", "2026-11-30T16:00:00.000Z"), (Days{"11-30T09:00"}));
    monthly.day = 31;
    EXPECT_EQ(days(monthly, "2026-11-01T00:00:00.000Z", "2026-11-30T16:00:00.000Z"), (Days{"11-30T09:00"}))
        << "the 31st of a shorter month is its last day";
}

TEST(Recurrence, TheFirstWorkingDayAfterANamedPeriod) {
    CalendarDoc doc = hangzhou().doc();
    Period filing;
    filing.name = "filing";
    filing.from = std::chrono::local_days{std::chrono::year{2026} / 2 / 1};
    filing.to = std::chrono::local_days{std::chrono::year{2026} / 2 / 15};
    filing.own_hours = false;
    doc.periods.push_back(filing);
    RecurrenceDef after = rule(Every::month, {540});
    after.first_working_after = "filing";
    const auto found =
        occurrences(after, Calendar(doc), at("2026-02-01T00:00:00.000Z"), at("2026-02-28T00:00:00.000Z"));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(to_rfc3339(found[0].at), "2026-02-24T01:00:00.000Z");
}

TEST(Recurrence, TheIdIsThatOfTheNamedDayWhateverTheCalendarMakesOfIt) {
    RecurrenceDef monthly = rule(Every::month, {540}, Else::previous_working);
    monthly.day = 25;
    const auto found = occurrences(monthly, hangzhou(), at("2026-09-01T00:00:00.000Z"), at("2026-09-30T00:00:00.000Z"));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].id, "2026-09-25.0900");
}

TEST(Recurrence, TheBoundsAreAfterAndUpTo) {
    const RecurrenceDef daily = rule(Every::day, {600});
    EXPECT_EQ(days(daily, "2026-11-23T02:00:00.000Z", "2026-11-24T02:00:00.000Z"), (Days{"11-24T10:00"}));
    EXPECT_EQ(days(daily, "2026-11-24T02:00:00.000Z", "2026-11-24T02:00:00.000Z"), Days{});
}

}  // namespace
}  // namespace citybridge::desk
