// Business-time arithmetic on calendars made at random: several intervals a day, shifts over midnight, holidays,
// closings, switches, zones with days of 23 and 25 hours.
#include <date/tz.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/desk/due.h"
#include "tests/unit/desk/calendar_fixture.h"

namespace citybridge::desk::testing {
namespace {

using std::chrono::days;
using std::chrono::minutes;

constexpr int kMidnight = 1440;

// Boundaries at quarters of an hour. None between 0:45 and 3:15, where clocks are changed: what an interval means that
// begins or ends in an hour that comes twice or never has tests of its own.
int random_minutes(int from, int to) {
    const int at = 15 * *rc::gen::inRange(from / 15, to / 15 + 1);
    const int of_day = at % kMidnight;
    return of_day > 30 && of_day < 210 ? at - of_day + 210 : at;
}

Hours random_hours(bool night) {
    switch (*rc::gen::inRange(0, 4)) {
        case 0: return {};
        case 1: return {{random_minutes(240, 540), random_minutes(600, 720)}, {780, random_minutes(840, 1440)}};
        case 2:
            if (night) return {{random_minutes(1200, 1380), kMidnight + random_minutes(0, 240)}};
            return {{0, random_minutes(300, 1440)}};
        default: return {{random_minutes(240, 600), random_minutes(720, 1440)}};
    }
}

Week random_week(bool night) {
    Week week;
    for (Hours& day : week) day = random_hours(night);
    week[2] = {{540, 1080}};
    return week;
}

// `year`: inside the table of days or beyond it.
CalendarDoc random_doc(int year) {
    CalendarDoc doc;
    doc.zone = *rc::gen::element(std::string("Asia/Shanghai"), std::string("Europe/Berlin"),
                                 std::string("America/New_York"), std::string("Australia/Lord_Howe"));
    // Early intervals and shifts over midnight exclude each other, so that no two are open at once.
    const bool night = *rc::gen::arbitrary<bool>();
    doc.week = random_week(night);
    const LocalDay first = day(year, 3, 20);
    const auto some_day = [&] { return first + days{*rc::gen::inRange(0, 260)}; };
    for (int i = *rc::gen::inRange(0, 12); i > 0; --i) doc.days[some_day()] = random_hours(night);
    for (int i = *rc::gen::inRange(0, 4); i > 0; --i) doc.worked_as[some_day()] = 2;
    if (*rc::gen::arbitrary<bool>()) {
        Period period;
        period.from = some_day();
        period.to = period.from + days{14};
        period.week = random_week(night);
        doc.periods.push_back(period);
    }
    for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
        doc.closings.push_back({some_day(), {random_minutes(480, 720), random_minutes(780, 1440)}, "storm"});
    return doc;
}

WallTime random_time(int year) {
    return WallTime{std::chrono::sys_days{std::chrono::year{year} / 3 / 22}.time_since_epoch()} +
           minutes{*rc::gen::inRange(0, 240 * kMidnight)};
}

int random_year() { return *rc::gen::element(2026, 2045); }

// Open or closed as a person reads the rules off a clock on the wall; knows nothing of spans, tables or sums.
bool open_on_the_wall(const CalendarDoc& doc, WallTime time) {
    static std::map<std::string, const date::time_zone*> zones;
    const date::time_zone*& zone = zones[doc.zone];
    if (zone == nullptr) zone = date::locate_zone(doc.zone);
    const auto local = zone->to_local(date::sys_time<Millis>{time.time_since_epoch()});
    const auto midnight = date::floor<date::days>(local);
    const LocalDay today{midnight.time_since_epoch()};
    const auto minute = static_cast<int>(std::chrono::duration_cast<minutes>(local - midnight).count());
    for (const Closing& closing : doc.closings)
        if (closing.day == today && closing.hours.from <= minute && minute < closing.hours.to) return false;
    const auto hours_of = [&](LocalDay day) -> const Hours& {
        if (const auto it = doc.days.find(day); it != doc.days.end()) return it->second;
        const auto as = doc.worked_as.find(day);
        const unsigned weekday = as != doc.worked_as.end() ? as->second : std::chrono::weekday(day).c_encoding();
        for (const Period& period : doc.periods)
            if (period.from <= day && day <= period.to) return period.week[weekday];
        return doc.week[weekday];
    };
    for (const Interval& each : hours_of(today))
        if (each.from <= minute && minute < each.to) return true;
    for (const Interval& each : hours_of(today - days{1}))
        if (each.from <= minute + kMidnight && minute + kMidnight < each.to) return true;
    return false;
}

RC_GTEST_PROP(BusinessTime, IsOpenWhenAClockOnTheWallSaysSo, ()) {
    const int year = random_year();
    const CalendarDoc doc = random_doc(year);
    const Calendar calendar(doc);
    WallTime time = random_time(year);
    for (int i = 0; i < 300; ++i, time += minutes{15}) RC_ASSERT(calendar.is_open(time) == open_on_the_wall(doc, time));
}

RC_GTEST_PROP(BusinessTime, IsDueAfterAsManyOpenMinutesOfTheWallClock, ()) {
    const int year = random_year();
    const CalendarDoc doc = random_doc(year);
    const Calendar calendar(doc);
    const WallTime from = random_time(year);
    const int length = *rc::gen::inRange(1, 1'500);
    const WallTime due = calendar.add_business_time(from, minutes{length}).due;
    int open = 0;
    for (WallTime time = from; time < due; time += minutes{1}) open += open_on_the_wall(doc, time) ? 1 : 0;
    RC_ASSERT(open == length);
    RC_ASSERT(open_on_the_wall(doc, due - minutes{1}));
}

RC_GTEST_PROP(BusinessTime, WhatIsAddedIsMeasured, ()) {
    const int year = random_year();
    const Calendar calendar(random_doc(year));
    const WallTime from = random_time(year);
    const Millis length{*rc::gen::inRange<std::int64_t>(0, 30LL * 86'400'000)};
    RC_ASSERT(calendar.business_time(from, calendar.add_business_time(from, length).due) == length);
}

RC_GTEST_PROP(BusinessTime, MoreIsNeverEarlierAndLaterIsNeverEarlier, ()) {
    const int year = random_year();
    const Calendar calendar(random_doc(year));
    const WallTime from = random_time(year);
    const Millis length{*rc::gen::inRange<std::int64_t>(1, 10LL * 86'400'000)};
    const Millis more{*rc::gen::inRange<std::int64_t>(1, 86'400'000)};
    const WallTime due = calendar.add_business_time(from, length).due;
    RC_ASSERT(calendar.add_business_time(from, length + more).due > due);
    RC_ASSERT(calendar.add_business_time(from + more, length).due >= due);
    RC_ASSERT(calendar.next_opening(from + more) >= calendar.next_opening(from));
}

RC_GTEST_PROP(BusinessTime, TwoStepsAreOne, ()) {
    const int year = random_year();
    const Calendar calendar(random_doc(year));
    const WallTime from = random_time(year);
    const Millis first{*rc::gen::inRange<std::int64_t>(1, 5LL * 86'400'000)};
    const Millis second{*rc::gen::inRange<std::int64_t>(1, 5LL * 86'400'000)};
    const WallTime half = calendar.add_business_time(from, first).due;
    RC_ASSERT(calendar.add_business_time(half, second).due == calendar.add_business_time(from, first + second).due);
    RC_ASSERT(calendar.business_time(from, half) + calendar.business_time(half, half + second) ==
              calendar.business_time(from, half + second));
}

RC_GTEST_PROP(BusinessTime, IsOpenUntilItCloses, ()) {
    const int year = random_year();
    const Calendar calendar(random_doc(year));
    const WallTime opening = calendar.next_opening(random_time(year));
    const WallTime end = calendar.open_until(opening);
    RC_ASSERT(end > opening);
    RC_ASSERT(calendar.business_time(opening, end) == end - opening);
    RC_ASSERT(!calendar.is_open(end));
}

RC_GTEST_PROP(BusinessTime, ASwitchIsStrongerThanTheRules, ()) {
    const int year = random_year();
    CalendarDoc doc = random_doc(year);
    const WallTime from = random_time(year);
    const WallTime to = from + minutes{*rc::gen::inRange(1, 5'000)};
    const Calendar before(doc);
    doc.forced = {{from, to, *rc::gen::arbitrary<bool>()}};
    const Calendar calendar(doc);
    const Millis open = doc.forced[0].open ? to - from : Millis{0};
    RC_ASSERT(calendar.business_time(from, to) == open);
    RC_ASSERT(calendar.business_time(from - days{9}, from) == before.business_time(from - days{9}, from));
    RC_ASSERT(calendar.business_time(to, to + days{9}) == before.business_time(to, to + days{9}));
}

DueRule random_rule() {
    DueRule rule;
    switch (*rc::gen::inRange(0, 5)) {
        case 4: rule.same_day = true; break;
        case 0: rule.working_days = *rc::gen::inRange(1, 8); break;
        case 1: rule.at = *rc::gen::inRange(0, 1440); break;
        case 2: rule.next_day_at = *rc::gen::inRange(0, 1440); [[fallthrough]];
        default: rule.after = Millis{*rc::gen::inRange<std::int64_t>(1, 4LL * 86'400'000)};
    }
    return rule;
}

RC_GTEST_PROP(Due, IsNeverInsideClosedTime, ()) {
    const int year = random_year();
    const Calendar calendar(random_doc(year));
    const WallTime due = due_of(calendar, random_rule(), random_time(year)).due;
    // Open, or the moment of closing at which the time was full.
    RC_ASSERT(calendar.is_open(due) || calendar.is_open(due - Millis{1}));
}

RC_GTEST_PROP(Due, ARuleIsReadAsItWasWritten, ()) {
    const DueRule rule = random_rule();
    RC_ASSERT(rule_from(to_text(rule)) == rule);
}

// P8: what was set under one calendar and corrected under another equals what the other says from scratch.
RC_GTEST_PROP(Due, AfterAnAmendmentItIsAsComputedFromScratch, ()) {
    const int year = random_year();
    const CalendarDoc before = random_doc(year);
    CalendarDoc after = *rc::gen::arbitrary<bool>() ? random_doc(year) : before;
    after.closings.push_back({day(year, 6, 3), {600, 1440}, "storm"});
    if (*rc::gen::arbitrary<bool>()) after.until = day(year, 8, 1);
    const DueRule rule = random_rule();
    const WallTime from = random_time(year);
    DeadlineRecord row, fresh;
    set_due(row, Calendars(Calendar(before)), "", rule, from);
    const Calendars amended{Calendar(after)};
    set_due(fresh, amended, "", rule, from);
    const auto again = due_again(row, amended);
    RC_ASSERT(again.has_value());
    RC_ASSERT(again->due == fresh.due_at);
    RC_ASSERT(again->provisional == fresh.provisional);
}

}  // namespace
}  // namespace citybridge::desk::testing
