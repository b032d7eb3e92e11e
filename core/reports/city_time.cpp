#include "core/reports/city_time.h"

#include <date/tz.h>

#include <sstream>
#include <stdexcept>

namespace citybridge::reports {
namespace {

using Sys = date::sys_time<Millis>;
using Local = date::local_time<Millis>;

Sys sys(WallTime time) { return Sys{time.time_since_epoch()}; }
WallTime wall(Sys time) { return WallTime{time.time_since_epoch()}; }

// Of a time the clock skips, the moment of the skip: that is what date does for either choice.
WallTime to_wall(const date::time_zone* zone, Local local) {
    return wall(Sys{zone->to_sys(local, date::choose::earliest)});
}

date::local_days day_of(const date::time_zone* zone, WallTime time) {
    return date::floor<date::days>(zone->to_local(sys(time)));
}

template <class Time>
std::optional<Time> read(const std::string& text, const char* format) {
    std::istringstream in(text);
    Time out;
    in >> date::parse(format, out);
    if (in.fail() || in.peek() != std::istringstream::traits_type::eof()) return std::nullopt;
    return out;
}

}  // namespace

std::optional<CityTime> CityTime::in(const std::string& zone) {
    try {
        return CityTime(zone, date::locate_zone(zone));
    } catch (const std::runtime_error&) {
        return std::nullopt;
    }
}

std::optional<WallTime> CityTime::parse(std::string_view given) const {
    const std::string text(given);
    if (text.size() < 10 || text.size() > 40) return std::nullopt;
    if (const auto day = read<date::local_days>(text, "%Y-%m-%d")) return to_wall(zone_, *day);
    for (const char* format : {"%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"})
        if (const auto local = read<Local>(text, format)) return to_wall(zone_, *local);
    for (const char* format : {"%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%MZ", "%Y-%m-%dT%H:%M:%S%Ez", "%Y-%m-%dT%H:%M%Ez"})
        if (const auto time = read<Sys>(text, format)) return wall(*time);
    return std::nullopt;
}

WallTime CityTime::start_of_day(WallTime time) const { return to_wall(zone_, day_of(zone_, time)); }

WallTime CityTime::next_day(WallTime time) const { return to_wall(zone_, day_of(zone_, time) + date::days{1}); }

WallTime CityTime::start_of_hour(WallTime time) const {
    const auto info = zone_->get_info(sys(time));
    const auto local = sys(time) + info.offset;
    const Sys start{date::floor<std::chrono::hours>(local) - info.offset};
    return wall(std::max(start, Sys{info.begin}));
}

WallTime CityTime::next_hour(WallTime time) const {
    const auto info = zone_->get_info(sys(time));
    const auto local = sys(time) + info.offset;
    const Sys next{date::floor<std::chrono::hours>(local) + std::chrono::hours{1} - info.offset};
    return wall(std::min(next, Sys{info.end}));
}

WallTime CityTime::start_of_week(WallTime time) const {
    const auto day = day_of(zone_, time);
    return to_wall(zone_, day - (date::weekday{day} - date::Monday));
}

WallTime CityTime::start_of_month(WallTime time) const {
    const date::year_month_day day{day_of(zone_, time)};
    return to_wall(zone_, date::local_days{day.year() / day.month() / 1});
}

WallTime CityTime::at(WallTime time, int minutes) const {
    return to_wall(zone_, day_of(zone_, time) + std::chrono::minutes{minutes});
}

std::string CityTime::day_text(WallTime time) const { return date::format("%Y-%m-%d", zone_->to_local(sys(time))); }

std::string CityTime::hour_text(WallTime time) const {
    const auto local = date::floor<std::chrono::minutes>(zone_->to_local(sys(time)));
    std::string out = date::format("%Y-%m-%d %H:%M", local);
    if (zone_->get_info(local).result == date::local_info::unique) return out;
    return out + date::format(" %Ez", date::make_zoned(zone_, sys(time)));
}

std::string CityTime::text(WallTime time) const {
    return date::format("%Y-%m-%d %H:%M:%S", date::floor<std::chrono::seconds>(zone_->to_local(sys(time))));
}

std::int64_t CityTime::wall_clock_ms(WallTime time) const {
    return zone_->to_local(sys(time)).time_since_epoch().count();
}

}  // namespace citybridge::reports
