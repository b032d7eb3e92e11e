#include "core/api/delivery_text.h"

#include <gtest/gtest.h>

#include "core/api/text.h"

namespace citybridge {
namespace {

using namespace std::chrono_literals;

TEST(Schedule, IsAListOfWaitsWithUnits) {
    const auto waits = parse_schedule(" 5s,15 s , 500ms, 2m,1h,1d ");
    ASSERT_TRUE(waits);
    EXPECT_EQ(*waits, (std::vector<Millis>{5s, 15s, 500ms, 2min, 1h, std::chrono::days(1)}));
}

TEST(Schedule, AMistakeIsNamed) {
    for (const char* text : {"", ",", "5s,", "5", "s", "5 weeks", "0s", "-5s", "1.5h", "5s 5s", "31d", "999999999999d",
                             "99999999999999999999s"}) {
        const auto waits = parse_schedule(text);
        ASSERT_FALSE(waits) << text;
        EXPECT_EQ(waits.error().code, "delivery.bad_schedule");
    }
    EXPECT_NE(parse_schedule("5s, soon").error().detail.find("\"soon\""), std::string::npos);
    std::string many = "1s";
    for (int i = 1; i < 100; ++i) many += ",1s";
    EXPECT_TRUE(parse_schedule(many));
    EXPECT_FALSE(parse_schedule(many + ",1s"));
}

// The three forms of one moment are the example of RFC 9110, 5.6.7.
TEST(RetryAfter, IsSecondsOrADateInItsThreeForms) {
    const WallTime before = *from_rfc3339("1994-11-06T08:49:07.000Z");
    const Millis most = 1h;
    EXPECT_EQ(parse_retry_after("120", before, most), 120s);
    EXPECT_EQ(parse_retry_after(" 0 ", before, most), 0s);
    EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", before, most), 30s);
    EXPECT_EQ(parse_retry_after("Sunday, 06-Nov-94 08:49:37 GMT", before, most), 30s);
    EXPECT_EQ(parse_retry_after("Sun Nov  6 08:49:37 1994", before, most), 30s);
}

TEST(RetryAfter, IsNeverNegativeNorLongerThanAllowed) {
    const WallTime after = *from_rfc3339("1994-11-06T09:00:00.000Z");
    EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", after, 1h), 0s);
    EXPECT_EQ(parse_retry_after("Sat, 06 Nov 2094 08:49:37 GMT", after, 1h), 1h);
    EXPECT_EQ(parse_retry_after("3601", after, 1h), 1h);
    EXPECT_EQ(parse_retry_after("99999999999999999999999", after, 1h), 1h);
}

TEST(RetryAfter, AnythingElseIsNothing) {
    for (const char* text : {"", " ", "soon", "-5", "1.5", "5s", "Sun, 06 Nov 1994 08:49:37 CET",
                             "Sun, 06 Nov 1994 08:49:37 GMT trailing", "Sun, 46 Nov 1994 08:49:37 GMT"})
        EXPECT_EQ(parse_retry_after(text, WallTime{}, 1h), std::nullopt) << text;
}

TEST(ShortText, CutsBetweenCharactersAndKeepsOneLine) {
    EXPECT_EQ(short_text("plain"), "plain");
    EXPECT_EQ(short_text("a\r\nb\tc"), "a  b c");
    EXPECT_EQ(short_text("张张张", 7), "张张");
    EXPECT_EQ(short_text("张张张", 9), "张张张");
    EXPECT_EQ(short_text("", 9), "");
    for (std::size_t most = 0; most < 40; ++most) {
        const auto cut = short_text("aé张\xF0\x9F\x98\x80 and \xC4\xE3\xBA\xC3 more bytes \xFF\xFE", most);
        EXPECT_LE(cut.size(), most);
        EXPECT_TRUE(is_utf8(cut)) << most;
    }
}

}  // namespace
}  // namespace citybridge
