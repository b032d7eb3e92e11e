#include "core/api/time.h"

#include <gtest/gtest.h>

namespace citybridge {
namespace {

using namespace std::chrono;

TEST(Rfc3339, writes_utc_with_milliseconds) {
    const WallTime time = sys_days{2026y / November / 21} + 19h + 35min + 1s + 706ms;
    EXPECT_EQ(to_rfc3339(time), "2026-11-21T19:35:01.706Z");
    EXPECT_EQ(to_rfc3339(WallTime{}), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(to_rfc3339(WallTime{} - 1ms), "1969-12-31T23:59:59.999Z");
}

TEST(Rfc3339, reads_what_it_writes) {
    for (const WallTime time : {WallTime{}, WallTime{1795289701706ms}, WallTime{sys_days{2028y / February / 29}}})
        EXPECT_EQ(from_rfc3339(to_rfc3339(time)), time);
    EXPECT_EQ(from_rfc3339("2026-11-21T19:35:01Z"), WallTime{sys_days{2026y / November / 21} + 19h + 35min + 1s});
}

TEST(Rfc3339, refuses_everything_else) {
    for (const char* text : {"", "2026-11-21", "2026-11-21T19:35:01", "2026-13-21T19:35:01Z", "2026-02-30T00:00:00Z",
                             "2026-11-21T24:00:00Z", "2026-11-21T19:60:01Z", "2026-11-21T19:35:01.7Z",
                             "2026-11-21T19:35:01.70xZ", "2026-11-21T19:35:01.706+08:00", "x026-11-21T19:35:01Z"})
        EXPECT_FALSE(from_rfc3339(text).has_value()) << text;
}

}  // namespace
}  // namespace citybridge
