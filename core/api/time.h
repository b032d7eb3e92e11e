#pragma once
// Two clocks, never mixed: wall time for what people read and what durations
// of calls are made of, monotonic time for every time-out, because the wall
// clock may jump.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace citybridge {

using Millis = std::chrono::milliseconds;
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

// A clock of its own type, so that the compiler refuses to compare it with
// wall time. Its epoch means nothing.
struct MonoClock {
    using duration = Millis;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<MonoClock>;
    static constexpr bool is_steady = true;
};
using MonoTime = MonoClock::time_point;

// What pure code is told of the time. Simulations make their own.
struct Now {
    WallTime wall;
    MonoTime mono;
};

// The clocks of this machine. Not for pure modules: they are given a Now.
Now system_now();

// RFC 3339 in UTC with milliseconds: "2026-11-21T19:35:01.706Z".
std::string to_rfc3339(WallTime time);
// Accepts what to_rfc3339 writes, with or without fraction; nothing else.
std::optional<WallTime> from_rfc3339(std::string_view text);

}  // namespace citybridge
