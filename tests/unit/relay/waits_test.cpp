#include "core/relay/waits.h"

#include <gtest/gtest.h>

namespace citybridge::relay {
namespace {

DeliveryTraits traits() {
    DeliveryTraits traits;
    traits.schedule = {Millis{1'000}, Millis{60'000}, Millis{10'000}};
    traits.jitter = 0.2;
    return traits;
}

TEST(Waits, jitterLengthensByUpToItsShareAndNeverShortens) {
    std::mt19937_64 random(7);
    Millis least{60'000}, most{0};
    for (int round = 0; round < 1'000; ++round) {
        const Millis wait = *scheduled_wait(traits(), 2, random);
        ASSERT_GE(wait, Millis{60'000});
        ASSERT_LE(wait, Millis{72'000});
        most = std::max(most, wait);
        least = round == 0 ? wait : std::min(least, wait);
    }
    EXPECT_GT(most - least, Millis{10'000}) << "spread over the share";
}

TEST(Waits, sameSeedSameWaits) {
    std::mt19937_64 one(7), other(7);
    for (int round = 0; round < 10; ++round)
        EXPECT_EQ(scheduled_wait(traits(), 1, one), scheduled_wait(traits(), 1, other));
}

TEST(Waits, scheduleEndsTheBudget) {
    std::mt19937_64 random(7);
    EXPECT_TRUE(scheduled_wait(traits(), 3, random));
    EXPECT_FALSE(scheduled_wait(traits(), 4, random));
    EXPECT_FALSE(scheduled_wait(DeliveryTraits{}, 1, random));
}

TEST(Waits, retryAfterIsHonouredUpToAnHourOrTheLongestWait) {
    EXPECT_EQ(honoured(Millis{120'000}, traits()), Millis{120'000});
    EXPECT_EQ(honoured(Millis{-5}, traits()), Millis{0});
    EXPECT_EQ(honoured(Millis{9'000'000'000'000}, traits()), Millis{3'600'000});
    DeliveryTraits slow = traits();
    slow.schedule.emplace_back(86'400'000);
    EXPECT_EQ(honoured(Millis{9'000'000'000'000}, slow), Millis{86'400'000});
}

TEST(Waits, persistedTimesAreClampedToTheLongestWait) {
    const WallTime now{Millis{1'700'000'000'000}};
    EXPECT_EQ(remaining_wait(traits(), now - Millis{1}, now), Millis{0});
    EXPECT_EQ(remaining_wait(traits(), now + Millis{500}, now), Millis{500});
    EXPECT_EQ(remaining_wait(traits(), WallTime::max(), now), Millis{60'000});
    EXPECT_EQ(remaining_wait(traits(), WallTime::min(), now), Millis{0});
}

}  // namespace
}  // namespace citybridge::relay
