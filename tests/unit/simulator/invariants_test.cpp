#include "tests/unit/simulator/invariants.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/unit/simulator/run.h"

namespace citybridge::simulator::test {
namespace {

constexpr Millis kTenMinutes{600'000};
constexpr Millis kHalfHour{1'800'000};

TEST(SimulatorInvariants, HoldForTwoHundredSeeds) {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        SimulatedPbx pbx(busy_config(seed));
        const auto signals = signals_of(pbx, kTenMinutes, kTenMinutes);
        ASSERT_GT(signals.size(), 1'000U) << "seed " << seed;
        ASSERT_EQ(broken_invariant(signals), "") << "seed " << seed;
    }
}

TEST(SimulatorInvariants, HoldWhenAgentsHandCallsOn) {
    std::map<TransferKind, int> seen;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        Config config = busy_config(seed);
        config.transfer_percent = 25;
        config.consult_percent = 30;
        config.park_percent = 20;
        SimulatedPbx pbx(config);
        ASSERT_EQ(broken_invariant(signals_of(pbx, kTenMinutes, kTenMinutes)), "") << "seed " << seed;
        for (const auto& call : pbx.truth()) {
            for (const auto& transfer : call.transfers) ++seen[transfer.kind];
        }
    }
    for (const TransferKind kind : {TransferKind::blind, TransferKind::attended, TransferKind::park})
        EXPECT_GT(seen[kind], 50) << to_string(kind);
}

TEST(SimulatorInvariants, HoldAtAnySpeed) {
    for (const int speed : {2, 30, 1'000}) {
        Config config = busy_config(1);
        config.speed = speed;
        SimulatedPbx pbx(config);
        const Millis length = kHalfHour / speed;
        EXPECT_EQ(broken_invariant(signals_of(pbx, length, length)), "") << "speed " << speed;
    }
}

// The checker itself: it must see a stream that is out of order.
TEST(SimulatorInvariants, AreBrokenByAnySwapOfAChannelsStart) {
    SimulatedPbx pbx(busy_config(1));
    const auto signals = signals_of(pbx, Millis{60'000}, kHalfHour);
    int swapped = 0;
    for (std::size_t index = 0; index + 1 < signals.size(); ++index) {
        if (!std::holds_alternative<signal::ChannelStarted>(signals[index].body)) continue;
        if (signals[index + 1].channel != signals[index].channel) continue;
        auto wrong = signals;
        std::swap(wrong[index], wrong[index + 1]);
        EXPECT_NE(broken_invariant(wrong), "") << index;
        ++swapped;
    }
    EXPECT_GT(swapped, 5);
}

TEST(SimulatorInvariants, AreBrokenByALostSignal) {
    Config config = busy_config(1);
    config.faults.drop_per_mille = 50;
    SimulatedPbx pbx(config);
    EXPECT_NE(broken_invariant(signals_of(pbx, kHalfHour, kHalfHour)), "");
}

TEST(SimulatorFaults, DuplicateDialEndRepeatsEachAndBreaksNothingElse) {
    Config config = busy_config(1);
    SimulatedPbx plain(config);
    config.faults.duplicate_dial_end = true;
    SimulatedPbx twice(config);
    const auto dial_ends = [](const std::vector<PbxSignal>& signals) {
        return std::count_if(signals.begin(), signals.end(),
                             [](const auto& signal) { return std::holds_alternative<signal::DialEnded>(signal.body); });
    };
    const auto plain_signals = signals_of(plain, kHalfHour, kHalfHour);
    const auto twice_signals = signals_of(twice, kHalfHour, kHalfHour);
    EXPECT_EQ(dial_ends(twice_signals), 2 * dial_ends(plain_signals));
    EXPECT_EQ(broken_invariant(twice_signals), "");
}

}  // namespace
}  // namespace citybridge::simulator::test
