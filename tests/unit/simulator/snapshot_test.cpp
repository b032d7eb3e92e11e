#include <gtest/gtest.h>

#include "tests/unit/simulator/run.h"
#include "tests/unit/simulator/table.h"

namespace citybridge::simulator::test {
namespace {

TEST(SimulatorSnapshot, EqualsTheFoldOfTheSignalsAtEveryMoment) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        SimulatedPbx pbx(busy_config(seed));
        pbx.start(kStart);
        Table table;
        const WallTime end = kStart + Millis{900'000};
        for (auto next = pbx.next_deadline(); next && *next < end; next = pbx.next_deadline()) {
            const std::string snapshot = text_of(pbx.snapshot(*next));
            for (const auto& signal : pbx.advance(*next)) table.fold(signal);
            ASSERT_EQ(table.text(), snapshot) << "seed " << seed << " at " << to_rfc3339(*next);
        }
    }
}

TEST(SimulatorSnapshot, AtTheStartHasTheAgentsAndNoCalls) {
    Config config;
    config.agents = 5;
    config.desks = 1;
    config.queues = {{"sales", Strategy::ring_all}, {"repair", Strategy::ring_all}};
    SimulatedPbx pbx(config);
    pbx.start(kStart);
    const auto snapshot = pbx.snapshot(kStart);
    EXPECT_TRUE(snapshot.channels.empty());
    EXPECT_TRUE(snapshot.queue_callers.empty());
    // Five agents, the fourth of them in both queues, and one desk in none.
    ASSERT_EQ(snapshot.members.size(), 7U);
    EXPECT_EQ(snapshot.members[0].agent, "SIM/1001");
    EXPECT_EQ(snapshot.members[0].name, "王芳");
    EXPECT_EQ(snapshot.members[0].queue, "sales");
    EXPECT_EQ(snapshot.members[0].status, DeviceStatus::idle);
    EXPECT_EQ(snapshot.members[0].wrap_up_seconds, 10);
    EXPECT_EQ(snapshot.members.back().agent, "SIM/8001");
    EXPECT_EQ(snapshot.members.back().queue, "");
}

TEST(SimulatorSnapshot, IsNotSpoiledByLostSignals) {
    Config config = busy_config(2);
    SimulatedPbx whole(config);
    config.faults.drop_per_mille = 300;
    SimulatedPbx lossy(config);
    const Millis length{600'000};
    const auto whole_signals = signals_of(whole, length, length);
    const auto lossy_signals = signals_of(lossy, length, length);
    EXPECT_LT(lossy_signals.size(), whole_signals.size() * 8 / 10);
    EXPECT_EQ(text_of(lossy.snapshot(kStart + length)), text_of(whole.snapshot(kStart + length)));
}

}  // namespace
}  // namespace citybridge::simulator::test
