#include <gtest/gtest.h>

#include "tests/unit/simulator/run.h"

namespace citybridge::simulator::test {
namespace {

constexpr Millis kLength{1'200'000};

std::string story(std::uint64_t seed, Millis step) {
    SimulatedPbx pbx(busy_config(seed));
    return describe(signals_of(pbx, kLength, step));
}

TEST(SimulatorDeterminism, TheSameSeedGivesTheSameSignals) {
    const std::string first = story(7, Millis{1'000});
    EXPECT_GT(first.size(), 10'000U);
    EXPECT_EQ(first, story(7, Millis{1'000}));
}

TEST(SimulatorDeterminism, HowOftenItIsAskedChangesNothing) { EXPECT_EQ(story(7, Millis{17}), story(7, kLength)); }

TEST(SimulatorDeterminism, AnotherSeedIsAnotherDay) { EXPECT_NE(story(7, kLength), story(8, kLength)); }

TEST(SimulatorDeterminism, CommandsAtTheSameTimesGiveTheSameSignals) {
    const auto with_commands = [] {
        SimulatedPbx pbx(busy_config(3));
        pbx.start(kStart);
        std::string all;
        for (int minute = 1; minute < 20; ++minute) {
            const WallTime now = kStart + Millis{60'000} * minute;
            pbx.dial({"c" + std::to_string(minute), "SIM/1001", "13900001111", Millis{20'000}}, now, [](auto) {});
            pbx.set_agent_state(
                {"SIM/1002", "SIM/1002", minute % 2 == 0 ? AgentWish::ready : AgentWish::not_ready, "会议"}, now);
            all += describe(pbx.advance(now));
        }
        return all;
    };
    EXPECT_EQ(with_commands(), with_commands());
}

TEST(SimulatorDeterminism, SpeedShortensTheDayAndKeepsItsCalls) {
    Config fast = busy_config(5);
    fast.speed = 10;
    SimulatedPbx slow_pbx(busy_config(5));
    SimulatedPbx fast_pbx(fast);
    signals_of(slow_pbx, kLength, kLength);
    signals_of(fast_pbx, kLength / 10, kLength / 10);
    const auto slow_calls = slow_pbx.truth().size() + slow_pbx.open_calls().size();
    const auto fast_calls = fast_pbx.truth().size() + fast_pbx.open_calls().size();
    // Rounding to milliseconds moves single calls over the end, not more.
    EXPECT_NEAR(static_cast<double>(fast_calls), static_cast<double>(slow_calls), 12);
    EXPECT_GT(fast_calls, 300U);
}

}  // namespace
}  // namespace citybridge::simulator::test
