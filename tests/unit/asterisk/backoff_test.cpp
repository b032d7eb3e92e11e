#include "core/api/backoff.h"

#include <gtest/gtest.h>

namespace citybridge::asterisk {
namespace {

TEST(Backoff, DoublesFromTheFirstStepToTheLimitWithinTwentyPercent) {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        Backoff backoff(Millis(500), Millis(30'000), seed);
        for (const int step : {500, 1000, 2000, 4000, 8000, 16'000, 30'000, 30'000}) {
            const auto wait = backoff.next().count();
            EXPECT_GE(wait, step * 8 / 10);
            EXPECT_LE(wait, step * 12 / 10);
        }
        backoff.reset();
        EXPECT_LE(backoff.next(), Millis(600));
    }
}

TEST(Backoff, IsTheSameForTheSameSeedAndSpreadOverSeeds) {
    Backoff a(Millis(1000), Millis(30'000), 1);
    Backoff b(Millis(1000), Millis(30'000), 1);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(a.next(), b.next());
    std::vector<Millis> first;
    for (std::uint64_t seed = 0; seed < 20; ++seed) first.push_back(Backoff(Millis(1000), Millis(1000), seed).next());
    std::sort(first.begin(), first.end());
    EXPECT_GT(first.back() - first.front(), Millis(200));
}

}  // namespace
}  // namespace citybridge::asterisk
