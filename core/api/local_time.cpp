#include "core/api/local_time.h"

#include <date/tz.h>

#include <stdexcept>

namespace citybridge {
namespace {

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
    int value = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

// What follows the seconds: nothing, or a fraction.
std::optional<Millis> fraction(std::string_view text) {
    if (text.empty()) return Millis{0};
    if (text.front() != '.' || text.size() < 2 || text.size() > 10) return std::nullopt;
    int millis = 0;
    for (std::size_t i = 1; i < text.size(); ++i)
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
    for (std::size_t i = 1; i <= 3; ++i) millis = millis * 10 + (i < text.size() ? text[i] - '0' : 0);
    return Millis{millis};
}

}  // namespace

std::optional<LocalTime> LocalTime::in(const std::string& zone) {
    try {
        return LocalTime(zone.empty() ? date::current_zone() : date::locate_zone(zone));
    } catch (const std::runtime_error&) {
        return std::nullopt;
    }
}

std::optional<WallTime> LocalTime::parse(std::string_view text) const {
    constexpr std::string_view kShape = "0000-00-00 00:00:00";
    if (text.size() < kShape.size()) return std::nullopt;
    for (std::size_t i = 0; i < kShape.size(); ++i)
        if (kShape[i] != '0' && kShape[i] != text[i]) return std::nullopt;
    const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
    const auto hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
    const auto rest = fraction(text.substr(kShape.size()));
    if (!year || !month || !day || !hour || !minute || !second || !rest) return std::nullopt;
    const date::year_month_day ymd{date::year{*year}, date::month{static_cast<unsigned>(*month)},
                                   date::day{static_cast<unsigned>(*day)}};
    if (!ymd.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    const date::local_time<Millis> local = date::local_days{ymd} + std::chrono::hours(*hour) +
                                           std::chrono::minutes(*minute) + std::chrono::seconds(*second) + *rest;
    const auto* zone = static_cast<const date::time_zone*>(zone_);
    return WallTime(zone->to_sys(local, date::choose::earliest).time_since_epoch());
}

}  // namespace citybridge
