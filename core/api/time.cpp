#include "core/api/time.h"

#include <array>
#include <cstdio>

namespace citybridge {

Now system_now() {
    using namespace std::chrono;
    return Now{time_point_cast<Millis>(system_clock::now()),
               MonoTime{duration_cast<Millis>(steady_clock::now().time_since_epoch())}};
}

std::string to_rfc3339(WallTime time) {
    using namespace std::chrono;
    const auto day = floor<days>(time);
    const year_month_day date{day};
    const hh_mm_ss clock{time - day};
    std::array<char, 40> text{};
    const int size =
        std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                      static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
    return {text.data(), static_cast<std::size_t>(size)};
}

std::optional<WallTime> from_rfc3339(std::string_view text) {
    using namespace std::chrono;
    const std::string copy(text);
    int y = 0;
    unsigned mon = 0;
    unsigned d = 0;
    int h = 0;
    int min = 0;
    int s = 0;
    int used = 0;
    if (std::sscanf(copy.c_str(), "%4d-%2u-%2uT%2d:%2d:%2d%n", &y, &mon, &d, &h, &min, &s, &used) != 6) return {};
    std::string_view rest = text.substr(static_cast<std::size_t>(used));
    int fraction_ms = 0;
    if (rest.size() >= 4 && rest[0] == '.') {
        for (char c : rest.substr(1, 3)) {
            if (c < '0' || c > '9') return {};
            fraction_ms = fraction_ms * 10 + (c - '0');
        }
        rest.remove_prefix(4);
    }
    const year_month_day date{year{y}, month{mon}, day{d}};
    const bool in_range = h >= 0 && h < 24 && min >= 0 && min < 60 && s >= 0 && s < 60;
    if (rest != "Z" || !date.ok() || !in_range) return {};
    return WallTime{sys_days{date}} + hours{h} + minutes{min} + seconds{s} + milliseconds{fraction_ms};
}

}  // namespace citybridge
