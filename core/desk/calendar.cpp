#include "core/desk/calendar.h"

#include <date/tz.h>

#include <algorithm>
#include <cstdio>
#include <stdexcept>

namespace citybridge::desk {
namespace {

using std::chrono::days;

CalendarDoc always_open() {
    CalendarDoc doc;
    doc.week.fill({{0, 24 * 60}});
    return doc;
}

// Nearly all deadlines end within a few spans; only the others are searched for.
constexpr std::size_t kNear = 4;

}  // namespace

std::string to_text(LocalDay day) {
    const std::chrono::year_month_day date{day};
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return text;
}

Calendar::Calendar() : Calendar(always_open()) {}

Calendar::Calendar(CalendarDoc doc) : doc_(std::move(doc)), zone_(date::locate_zone(doc_.zone)) {
    // Without it the search for the next opening would never end.
    if (std::all_of(doc_.week.begin(), doc_.week.end(), [](const Hours& hours) { return hours.empty(); }))
        throw std::invalid_argument("a calendar needs hours on at least one weekday");
    force_closings();
    table_ = make_table();
}

std::optional<std::size_t> Calendar::table_day(WallTime time) const {
    const auto& starts = table_->day_starts;
    if (time < starts.front() || time >= starts.back()) return std::nullopt;
    // Days of 23 and 25 hours move it by one at most.
    auto day = static_cast<std::size_t>((time - starts.front()) / Millis{days{1}});
    day = std::min(day, starts.size() - 2);
    while (starts[day] > time) --day;
    while (starts[day + 1] <= time) ++day;
    return day;
}

std::optional<std::size_t> Calendar::span_after(WallTime time) const {
    const auto day = table_day(time);
    if (!day) return std::nullopt;
    const auto& spans = table_->spans;
    std::size_t at = table_->first_span[*day];
    // A shift of the day before may still be open.
    while (at > 0 && spans[at - 1].to > time) --at;
    while (at < spans.size() && spans[at].to <= time) ++at;
    return at < spans.size() ? std::optional(at) : std::nullopt;
}

Calendar::Due Calendar::add_business_time(WallTime from, Millis duration) const {
    const auto first = span_after(from);
    if (!first) return add_by_days(from, duration);
    const auto& spans = table_->spans;
    const auto& before = table_->before;
    const WallTime start = std::max(from, spans[*first].from);
    const Millis target = before[*first] + (start - spans[*first].from) + duration;
    std::size_t at = *first;
    while (at < spans.size() && at < *first + kNear && before[at + 1] < target) ++at;
    if (at == *first + kNear)
        at = static_cast<std::size_t>(
            std::lower_bound(before.begin() + static_cast<std::ptrdiff_t>(at) + 1, before.end(), target) -
            before.begin() - 1);
    if (at >= spans.size()) return add_by_days(from, duration);
    const WallTime due = spans[at].from + (target - before[at]);
    return {due, beyond(due)};
}

Calendar::Due Calendar::add_by_days(WallTime from, Millis duration) const {
    Millis left = duration;
    // A shift of the day before may still be open.
    for (LocalDay day = day_by_zone(from) - days{1};; day += days{1}) {
        for (const Span& span : spans(day)) {
            const WallTime start = std::max(span.from, from);
            if (start >= span.to) continue;
            if (start + left <= span.to) return {start + left, beyond(start + left)};
            left -= span.to - start;
        }
    }
}

Millis Calendar::business_time(WallTime from, WallTime to) const {
    if (to <= from) return Millis{0};
    const auto first = span_after(from);
    const auto last = span_after(to);
    if (!first || !last) return measure_by_days(from, to);
    const auto passed = [this](std::size_t at, WallTime time) {
        return table_->before[at] + std::max(Millis{0}, time - table_->spans[at].from);
    };
    return passed(*last, to) - passed(*first, from);
}

Millis Calendar::measure_by_days(WallTime from, WallTime to) const {
    Millis open{0};
    const LocalDay last = day_by_zone(to);
    for (LocalDay day = day_by_zone(from) - days{1}; day <= last; day += days{1})
        for (const Span& span : spans(day))
            open += std::max(Millis{0}, std::min(span.to, to) - std::max(span.from, from));
    return open;
}

bool Calendar::is_open(WallTime time) const { return next_opening(time) == time; }

WallTime Calendar::next_opening(WallTime time) const { return add_business_time(time, Millis{0}).due; }

WallTime Calendar::open_until(WallTime time) const {
    const WallTime last = time + days{366};
    WallTime end = time;
    // Spans that touch, as those of a day and the next, are one for who waits for the end.
    for (LocalDay day = local_day(time) - days{1}; end < last; day += days{1}) {
        for (const Span& span : spans(day)) {
            if (span.to <= end) continue;
            if (span.from > end) return end;
            end = span.to;
        }
        // Closed on all of this day, and of the next nothing touches.
        if (day > local_day(end)) return end;
    }
    return last;
}

WallTime Calendar::on_day(LocalDay day, Millis after_midnight) const {
    const date::local_time<Millis> local{Millis{day.time_since_epoch()} + after_midnight};
    return next_opening(WallTime{zone_->to_sys(local, date::choose::earliest).time_since_epoch()});
}

WallTime Calendar::on_day_like(LocalDay day, WallTime like) const {
    const date::sys_time<Millis> sys{like.time_since_epoch()};
    const auto local = zone_->to_local(sys);
    return on_day(day, local - date::floor<date::days>(local));
}

bool Calendar::same_local_day(WallTime a, WallTime b) const { return local_day(a) == local_day(b); }

LocalDay Calendar::local_day(WallTime time) const {
    const auto day = table_day(time);
    if (!day) return day_by_zone(time);
    return table_->first_day + days{*day};
}

}  // namespace citybridge::desk
