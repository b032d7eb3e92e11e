#include "core/reports/period.h"

#include <algorithm>

namespace citybridge::reports {
namespace {

using std::chrono::days;

// The period that begins at or last before `time`; its end is where the next begins, but for a part of a day.
Period period_at(const Schedule& schedule, const CityTime& time, WallTime at) {
    switch (schedule.every) {
        case Schedule::Every::hour: return {time.start_of_hour(at), time.next_hour(at), {}};
        case Schedule::Every::day: {
            const WallTime next = time.next_day(at);
            const WallTime to = schedule.to >= 24 * 60        ? next
                                : schedule.to > schedule.from ? time.at(at, schedule.to)
                                                              : time.at(next, schedule.to);
            return {time.at(at, schedule.from), to, {}};
        }
        case Schedule::Every::week: {
            const WallTime from = time.start_of_week(at);
            return {from, time.start_of_week(from + days{8}), {}};
        }
        case Schedule::Every::month: {
            const WallTime from = time.start_of_month(at);
            return {from, time.start_of_month(from + days{32}), {}};
        }
    }
    return {};
}

WallTime following(const Schedule& schedule, const CityTime& time, WallTime at) {
    return schedule.every == Schedule::Every::day ? time.next_day(at) : period_at(schedule, time, at).to;
}

WallTime due_of(const Schedule& schedule, const CityTime& time, const desk::Calendar& calendar, WallTime end) {
    WallTime due = end + schedule.after;
    if (schedule.at) {
        due = time.at(end, *schedule.at);
        if (due < end) due = time.at(time.next_day(end), *schedule.at);
    }
    return schedule.business ? calendar.next_opening(due) : due;
}

// A period is due at most so long after its beginning: its length, a day for `at`, and the longest closing.
Millis reach(const Schedule& schedule) {
    const Millis closed = schedule.business ? Millis{days{16}} : Millis{0};
    switch (schedule.every) {
        case Schedule::Every::hour: return Millis{days{2}} + closed;
        case Schedule::Every::day: return Millis{days{4}} + closed;
        case Schedule::Every::week: return Millis{days{10}} + closed;
        case Schedule::Every::month: return Millis{days{34}} + closed;
    }
    return closed;
}

}  // namespace

std::vector<Period> periods_due(const Schedule& schedule, const CityTime& time, const desk::Calendar& calendar,
                                WallTime since, WallTime now, std::size_t limit) {
    std::vector<Period> out;
    for (WallTime at = since - reach(schedule); at <= now; at = following(schedule, time, at)) {
        Period period = period_at(schedule, time, at);
        period.due = due_of(schedule, time, calendar, period.to);
        if (period.due > since && period.due <= now) out.push_back(period);
    }
    if (out.size() > limit) out.erase(out.begin(), out.end() - static_cast<std::ptrdiff_t>(limit));
    return out;
}

Period next_period(const Schedule& schedule, const CityTime& time, const desk::Calendar& calendar, WallTime now) {
    for (WallTime at = now - reach(schedule);; at = following(schedule, time, at)) {
        Period period = period_at(schedule, time, at);
        period.due = due_of(schedule, time, calendar, period.to);
        if (period.due > now) return period;
    }
}

}  // namespace citybridge::reports
