// From a calendar's rules to the open spans of its days.
#include <date/tz.h>

#include <algorithm>

#include "core/desk/calendar.h"

namespace citybridge::desk {
namespace {

using std::chrono::days;
using std::chrono::minutes;

// The years a node of today asks for; kept small because every calendar has its own table.
constexpr LocalDay kTableFrom{std::chrono::year{2024} / 1 / 1};
constexpr LocalDay kTableTo{std::chrono::year{2040} / 1 / 1};

template <class Span>
void close(std::vector<Span>& spans, WallTime from, WallTime to) {
    std::vector<Span> out;
    for (const Span& span : spans) {
        if (span.from < std::min(span.to, from)) out.push_back({span.from, std::min(span.to, from)});
        if (std::max(span.from, to) < span.to) out.push_back({std::max(span.from, to), span.to});
    }
    spans = std::move(out);
}

template <class Span>
void open(std::vector<Span>& spans, WallTime from, WallTime to) {
    if (from >= to) return;
    close(spans, from, to);
    spans.push_back({from, to});
    std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) { return a.from < b.from; });
}

}  // namespace

// Zones keep an offset for months or for ever: away from a change nothing has to be looked up.
struct Calendar::Offset {
    date::sys_seconds begin{};
    date::sys_seconds end{};
    std::chrono::seconds offset{};
};

const Period* Calendar::period_on(LocalDay day) const {
    for (const Period& period : doc_.periods)
        if (period.from <= day && day <= period.to) return &period;
    return nullptr;
}

const Hours& Calendar::hours(LocalDay day) const {
    if (const auto it = doc_.days.find(day); it != doc_.days.end()) return it->second;
    const auto as = doc_.worked_as.find(day);
    const std::size_t weekday = as != doc_.worked_as.end() ? as->second : std::chrono::weekday(day).c_encoding();
    const Period* period = period_on(day);
    return (period != nullptr && period->own_hours ? period->week : doc_.week)[weekday];
}

// An hour that does not exist (clocks go forward) becomes the moment of the change; of one that comes twice (clocks go
// back) an opening takes the first and a closing the second, so that a shift over the change is whole.
WallTime Calendar::to_wall(LocalDay day, int minutes_of_day, bool latest, Offset& offset) const {
    const Millis local = Millis{day.time_since_epoch()} + minutes{minutes_of_day};
    const WallTime near{local - offset.offset};
    if (near - days{2} > WallTime{offset.begin.time_since_epoch()} &&
        near + days{2} < WallTime{offset.end.time_since_epoch()})
        return near;
    const date::local_time<Millis> asked{local};
    const auto sys = zone_->to_sys(asked, latest ? date::choose::latest : date::choose::earliest);
    const auto info = zone_->get_info(sys);
    // Bounded, so that a zone without further changes does not overflow milliseconds.
    const auto day_of = date::floor<date::days>(sys);
    offset.begin = std::max<date::sys_seconds>(info.begin, day_of - date::days{36'500});
    offset.end = std::min<date::sys_seconds>(info.end, day_of + date::days{36'500});
    offset.offset = info.offset;
    return WallTime{sys.time_since_epoch()};
}

LocalDay Calendar::day_by_zone(WallTime time) const {
    const date::sys_time<Millis> sys{time.time_since_epoch()};
    return LocalDay{date::floor<date::days>(zone_->to_local(sys)).time_since_epoch()};
}

std::vector<Calendar::Span> Calendar::own_spans(LocalDay day, Offset& offset) const {
    std::vector<Span> out;
    for (const Interval& interval : hours(day)) {
        Span span{to_wall(day, interval.from, false, offset), to_wall(day, interval.to, true, offset)};
        // Two intervals that meet inside a repeated hour overlap: each moment counts once.
        if (!out.empty()) span.from = std::max(span.from, out.back().to);
        if (span.from < span.to) out.push_back(span);
    }
    if (forced_.empty()) return out;
    const WallTime begin = to_wall(day, 0, false, offset);
    const WallTime end = to_wall(day + days{1}, 0, false, offset);
    for (const Forced& forced : forced_) {
        if (forced.open)
            open(out, std::max(begin, forced.from), std::min(end, forced.to));
        else if (!out.empty() && forced.from < out.back().to && out.front().from < forced.to)
            close(out, forced.from, forced.to);
    }
    return out;
}

// Without what a shift of the day before has already.
std::vector<Calendar::Span> Calendar::spans(LocalDay day) const {
    Offset offset;
    const std::vector<Span> before = own_spans(day - days{1}, offset);
    std::vector<Span> out = own_spans(day, offset);
    if (!before.empty())
        for (Span& span : out) span.from = std::max(span.from, before.back().to);
    std::erase_if(out, [](const Span& span) { return span.from >= span.to; });
    return out;
}

void Calendar::force_closings() {
    Offset offset;
    for (const Closing& closing : doc_.closings)
        forced_.push_back({to_wall(closing.day, closing.hours.from, false, offset),
                           to_wall(closing.day, closing.hours.to, true, offset), false});
    forced_.insert(forced_.end(), doc_.forced.begin(), doc_.forced.end());
    if (doc_.until) end_ = to_wall(*doc_.until + days{1}, 0, false, offset);
}

std::shared_ptr<const Calendar::Table> Calendar::make_table() const {
    auto table = std::make_shared<Table>();
    table->first_day = kTableFrom;
    Offset offset;
    WallTime taken{};
    Millis total{0};
    for (LocalDay day = kTableFrom - days{1}; day < kTableTo; day += days{1}) {
        if (day >= kTableFrom) {
            table->day_starts.push_back(to_wall(day, 0, false, offset));
            table->first_span.push_back(static_cast<std::uint32_t>(table->spans.size()));
        }
        for (Span span : own_spans(day, offset)) {
            span.from = std::max(span.from, taken);
            if (span.from >= span.to) continue;
            taken = span.to;
            table->spans.push_back(span);
            table->before.push_back(total);
            total += span.to - span.from;
        }
    }
    table->day_starts.push_back(to_wall(kTableTo, 0, false, offset));
    table->first_span.push_back(static_cast<std::uint32_t>(table->spans.size()));
    table->before.push_back(total);
    return table;
}

}  // namespace citybridge::desk
