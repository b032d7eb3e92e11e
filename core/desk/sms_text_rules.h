#pragma once
// What every short message of the city has, and when customers are left in peace.
#include <optional>
#include <string>

#include "core/api/time.h"
#include "core/desk/calendar.h"
#include "core/desk/message_rules.h"

namespace citybridge::desk {

// With 【signature】 in front, once.
std::string signed_sms(const MessageRules& rules, const std::string& text);
// By the city's clock: when the quiet hours that are now are over; none: it is not quiet.
std::optional<WallTime> quiet_until(const QuietHours& quiet, const Calendar& calendar, WallTime now);

}  // namespace citybridge::desk
