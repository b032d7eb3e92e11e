#include "core/api/local_time.h"

#include <gtest/gtest.h>

namespace citybridge {
namespace {

std::string in(const std::string& zone, const std::string& text) {
    const auto at = LocalTime::in(zone)->parse(text);
    return at ? to_rfc3339(*at) : "none";
}

TEST(LocalTime, is_read_where_the_writer_lives) {
    EXPECT_EQ(in("UTC", "2026-11-21 19:35:01"), "2026-11-21T19:35:01.000Z");
    EXPECT_EQ(in("Asia/Shanghai", "2026-11-22 03:35:01"), "2026-11-21T19:35:01.000Z");
    EXPECT_EQ(in("UTC", "2026-11-21 19:35:01.234567"), "2026-11-21T19:35:01.234Z");
    EXPECT_EQ(in("UTC", "2026-11-21 19:35:01.5"), "2026-11-21T19:35:01.500Z");
}

TEST(LocalTime, an_hour_that_comes_twice_is_the_first_and_one_that_is_skipped_is_its_edge) {
    EXPECT_EQ(in("Europe/Berlin", "2026-10-25 02:30:00"), "2026-10-25T00:30:00.000Z");
    EXPECT_EQ(in("Europe/Berlin", "2026-03-29 02:30:00"), "2026-03-29T01:00:00.000Z");
}

TEST(LocalTime, what_is_no_time_is_refused) {
    for (const char* text : {"", "2026-11-21", "2026-11-21T19:35:01", "2026-13-21 19:35:01", "2026-02-30 00:00:00",
                             "2026-11-21 24:00:00", "2026-11-21 19:60:00", "2026-11-21 19:35:01x",
                             "2026-11-21 19:35:01.", "yyyy-11-21 19:35:01", "2026-11-21 1 :35:01"})
        EXPECT_EQ(in("UTC", text), "none") << text;
    EXPECT_FALSE(LocalTime::in("Asia/Nowhere"));
    EXPECT_TRUE(LocalTime::in("")) << "this machine's";
}

}  // namespace
}  // namespace citybridge
