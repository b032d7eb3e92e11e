#pragma once
#include <charconv>
#include <optional>
#include <string_view>

#include "core/api/time.h"

namespace citybridge {

// The time of a record that begins with seconds since 1970 and a blank.
inline std::optional<WallTime> time_of(std::string_view line) {
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), seconds);
    if (error != std::errc{} || end == line.data() + line.size() || *end != ' ') return std::nullopt;
    return WallTime(std::chrono::seconds(seconds));
}

}  // namespace citybridge
