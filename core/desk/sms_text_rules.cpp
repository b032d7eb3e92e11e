#include "core/desk/sms_text_rules.h"

#include <date/tz.h>

namespace citybridge::desk {
namespace {

constexpr int kDayMinutes = 24 * 60;

}  // namespace

std::string signed_sms(const MessageRules& rules, const std::string& text) {
    if (rules.signature.empty()) return text;
    const std::string signature = "【" + rules.signature + "】";
    // A template may carry it already, in front or, as some gateways want it, behind.
    return text.find(signature) == std::string::npos ? signature + text : text;
}

std::optional<WallTime> quiet_until(const QuietHours& quiet, const Calendar& calendar, WallTime now) {
    const auto local = date::locate_zone(calendar.doc().zone)->to_local(date::sys_time<Millis>{now.time_since_epoch()});
    const auto of_day = local - date::floor<date::days>(local);
    const auto minute = static_cast<int>(date::floor<std::chrono::minutes>(of_day).count());
    const bool is_quiet =
        quiet.from < quiet.to ? quiet.from <= minute && minute < quiet.to : minute >= quiet.from || minute < quiet.to;
    if (!is_quiet) return std::nullopt;
    const int left = (quiet.to - minute + kDayMinutes) % kDayMinutes;
    const Millis into_minute = of_day - std::chrono::minutes{minute};
    return now - into_minute + std::chrono::minutes{left};
}

}  // namespace citybridge::desk
