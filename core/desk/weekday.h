#pragma once
// The days as calendars and flows write them; 0 is Sunday, as in std::chrono::weekday.
#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace citybridge::desk {

inline constexpr std::array<std::string_view, 7> kDays{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

inline std::optional<unsigned> weekday_of(std::string_view name) {
    const auto it = std::find(kDays.begin(), kDays.end(), name);
    if (it == kDays.end()) return std::nullopt;
    return static_cast<unsigned>(it - kDays.begin());
}

}  // namespace citybridge::desk
