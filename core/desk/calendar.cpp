#include "core/desk/calendar.h"

#include <date/tz.h>

#include <algorithm>
#include <stdexcept>

namespace citybridge::desk {
namespace {

using std::chrono::days;
using std::chrono::minutes;

CalendarDoc always_open() {
    CalendarDoc doc;
    doc.week.fill({{0, 24 * 60}});
    return doc;
}

}  // namespace

Calendar::Calendar() : Calendar(always_open()) {}

Calendar::Calendar(CalendarDoc doc) : doc_(std::move(doc)), zone_(date::locate_zone(doc_.zone)) {
    // Without it the search for the next opening would never end.
    if (std::all_of(doc_.week.begin(), doc_.week.end(), [](const Hours& hours) { return hours.empty(); }))
        throw std::invalid_argument("a calendar needs hours on at least one weekday");
}

const Hours& Calendar::hours(LocalDay day) const {
    if (const auto it = doc_.days.find(day); it != doc_.days.end()) return it->second;
    const std::size_t weekday = std::chrono::weekday(day).c_encoding();
    for (const Period& period : doc_.periods)
        if (period.from <= day && day <= period.to) return period.week[weekday];
    return doc_.week[weekday];
}

// An hour that does not exist (clocks go forward) becomes the moment of the change; of one that comes twice (clocks go
// back) an opening takes the first and a closing the second, so that a shift over the change is whole.
WallTime Calendar::to_wall(LocalDay day, int minutes_of_day, bool latest) const {
    const date::local_time<Millis> local{Millis{day.time_since_epoch()} + minutes{minutes_of_day}};
    const auto sys = zone_->to_sys(local, latest ? date::choose::latest : date::choose::earliest);
    return WallTime{sys.time_since_epoch()};
}

LocalDay Calendar::local_day(WallTime time) const {
    const date::sys_time<Millis> sys{time.time_since_epoch()};
    return LocalDay{date::floor<date::days>(zone_->to_local(sys)).time_since_epoch()};
}

std::vector<Calendar::Span> Calendar::spans(LocalDay day) const {
    std::vector<Span> out;
    for (const Interval& interval : hours(day)) {
        Span span{to_wall(day, interval.from, false), to_wall(day, interval.to, true)};
        // Two intervals that meet inside a repeated hour overlap: each moment counts once.
        if (!out.empty()) span.from = std::max(span.from, out.back().to);
        if (span.from < span.to) out.push_back(span);
    }
    return out;
}

bool Calendar::beyond(WallTime time) const { return doc_.until && local_day(time) > *doc_.until; }

Calendar::Due Calendar::add_business_time(WallTime from, Millis duration) const {
    Millis left = duration;
    for (LocalDay day = local_day(from);; day += days{1}) {
        for (const Span& span : spans(day)) {
            const WallTime start = std::max(span.from, from);
            if (start >= span.to) continue;
            if (start + left <= span.to) return {start + left, beyond(start + left)};
            left -= span.to - start;
        }
    }
}

bool Calendar::is_open(WallTime time) const { return next_opening(time) == time; }

WallTime Calendar::next_opening(WallTime time) const { return add_business_time(time, Millis{0}).due; }

WallTime Calendar::at_local_time(WallTime time, int minutes_of_day) const {
    return next_opening(to_wall(local_day(time), minutes_of_day, false));
}

bool Calendar::same_local_day(WallTime a, WallTime b) const { return local_day(a) == local_day(b); }

}  // namespace citybridge::desk
