#include "core/desk/recurrence.h"

#include <date/tz.h>

#include <algorithm>

namespace citybridge::desk {
namespace {

using std::chrono::days;

constexpr int kLookBack = 31;      // days
constexpr int kLongestShift = 40;  // days that a holiday may move an opening

std::chrono::year_month_day date_of(LocalDay day) { return std::chrono::year_month_day(day); }

bool last_of_month(LocalDay day) { return date_of(day + days{1}).day() == std::chrono::day{1}; }

bool on_month_day(const RecurrenceDef& rule, LocalDay day) {
    if (rule.day == 0) return last_of_month(day);
    const unsigned number = static_cast<unsigned>(date_of(day).day());
    const auto wanted = static_cast<unsigned>(rule.day);
    // The 31st of a shorter month is its last day.
    return number == wanted || (number < wanted && last_of_month(day));
}

bool ends_period(const RecurrenceDef& rule, const Calendar& calendar, LocalDay day) {
    const auto& periods = calendar.doc().periods;
    return std::any_of(periods.begin(), periods.end(), [&](const Period& period) {
        return period.name == rule.first_working_after && period.to + days{1} == day;
    });
}

bool named_by(const RecurrenceDef& rule, const Calendar& calendar, LocalDay day) {
    switch (rule.every) {
        case RecurrenceDef::Every::day: return true;
        case RecurrenceDef::Every::working_day: return calendar.works_on(day);
        case RecurrenceDef::Every::week:
            return std::chrono::weekday(day).c_encoding() == static_cast<unsigned>(rule.weekday);
        case RecurrenceDef::Every::month:
            return rule.first_working_after.empty() ? on_month_day(rule, day) : ends_period(rule, calendar, day);
    }
    return false;
}

std::optional<LocalDay> shifted(const Calendar& calendar, LocalDay day, int step) {
    for (int i = 0; i < kLongestShift; ++i, day += days{step})
        if (calendar.works_on(day)) return day;
    return std::nullopt;
}

// The day on which it is opened; empty: not this time.
std::optional<LocalDay> day_for(const RecurrenceDef& rule, const Calendar& calendar, LocalDay named) {
    if (!rule.first_working_after.empty()) return shifted(calendar, named, 1);
    if (!rule.otherwise || calendar.works_on(named)) return named;
    switch (*rule.otherwise) {
        case RecurrenceDef::Else::next_working: return shifted(calendar, named, 1);
        case RecurrenceDef::Else::previous_working: return shifted(calendar, named, -1);
        case RecurrenceDef::Else::skip: return std::nullopt;
    }
    return std::nullopt;
}

std::string id_of(LocalDay day, int minutes) {
    const auto date = date_of(day);
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u.%02d%02d", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), minutes / 60, minutes % 60);
    return text;
}

}  // namespace

WallTime local_moment(const Calendar& calendar, LocalDay day, int minutes) {
    const auto local = date::local_time<Millis>(day.time_since_epoch()) + std::chrono::minutes{minutes};
    const auto* zone = date::locate_zone(calendar.doc().zone);
    return WallTime(zone->to_sys(local, date::choose::earliest).time_since_epoch());
}

std::vector<Occurrence> occurrences(const RecurrenceDef& rule, const Calendar& calendar, WallTime after,
                                    WallTime until) {
    if (until <= after) return {};
    after = std::max(after, until - days{kLookBack});
    std::vector<Occurrence> out;
    const LocalDay last = calendar.local_day(until) + days{kLongestShift};
    for (LocalDay named = calendar.local_day(after) - days{kLongestShift}; named <= last; named += days{1}) {
        if (!named_by(rule, calendar, named)) continue;
        const auto day = day_for(rule, calendar, named);
        if (!day) continue;
        for (const int minutes : rule.at) {
            const WallTime at = local_moment(calendar, *day, minutes);
            if (at > after && at <= until) out.push_back({at, id_of(named, minutes)});
        }
    }
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    // Of the days of a holiday that are all moved to the next working day one is enough; the last has the plain name.
    std::vector<Occurrence> once;
    for (Occurrence& each : out) {
        if (!once.empty() && once.back().at == each.at)
            once.back() = std::move(each);
        else
            once.push_back(std::move(each));
    }
    return once;
}

}  // namespace citybridge::desk
