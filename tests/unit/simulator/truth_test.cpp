#include "adapters/simulator/truth.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/unit/simulator/retelling.h"
#include "tests/unit/simulator/run.h"

namespace citybridge::simulator::test {
namespace {

// What only the simulator knows is taken out, so that the rest must be equal.
nlohmann::json comparable(const TruthCall& call) {
    nlohmann::json json = to_json(call);
    json.erase("number");
    json.erase("command_id");
    if (!call.contact) json = {{"contact", false}, {"first_channel", call.first_channel}};
    return json;
}

TEST(SimulatorTruth, IsWhatTheSignalsTell) {
    std::size_t compared = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SimulatedPbx pbx(busy_config(seed));
        const Millis length{1'800'000};
        const auto told = retell(signals_of(pbx, length, length));
        for (const auto& call : pbx.truth()) {
            const auto found = told.find(call.first_channel);
            ASSERT_NE(found, told.end()) << "seed " << seed << " call " << call.first_channel;
            ASSERT_EQ(comparable(found->second), comparable(call)) << "seed " << seed;
            ++compared;
        }
        ASSERT_EQ(told.size(), pbx.truth().size()) << "seed " << seed;
    }
    EXPECT_GT(compared, 5'000U);
}

TEST(SimulatorTruth, IsWhatTheSignalsTellOfClickToDial) {
    SimulatedPbx pbx(busy_config(9));
    pbx.start(kStart);
    std::vector<PbxSignal> all;
    for (int click = 0; click < 200; ++click) {
        const WallTime now = kStart + Millis{20'000} * click;
        const std::string number = click % 5 == 0 ? "1003" : "13912345678";
        pbx.dial({"k" + std::to_string(click), "SIM/1002", number, Millis{15'000}}, now, [](auto) {});
        for (auto& signal : pbx.advance(now + Millis{19'000})) all.push_back(std::move(signal));
    }
    const auto told = retell(all);
    int clicks = 0;
    for (const auto& call : pbx.truth()) {
        ASSERT_TRUE(told.contains(call.first_channel)) << call.first_channel;
        ASSERT_EQ(comparable(told.at(call.first_channel)), comparable(call));
        if (!call.command_id.empty() && call.contact) ++clicks;
    }
    EXPECT_GT(clicks, 20);
}

TEST(SimulatorTruth, IsBoundedAndCanBeTaken) {
    Config config = busy_config(1);
    config.truth_limit = 10;
    SimulatedPbx pbx(config);
    signals_of(pbx, Millis{1'800'000}, Millis{1'800'000});
    const auto kept = pbx.truth();
    ASSERT_EQ(kept.size(), 10U);
    for (std::size_t index = 1; index < kept.size(); ++index)
        EXPECT_GE(kept[index].ended_at.value(), kept[index - 1].ended_at.value());
    EXPECT_EQ(pbx.take_truth().size(), 10U);
    EXPECT_TRUE(pbx.truth().empty());
}

TEST(SimulatorTruth, JsonCarriesTheWordsOfTheOutsideContract) {
    TruthCall call;
    call.number = 4;
    call.first_channel = "sim-9";
    call.started_at = kStart;
    call.outcome = Outcome::answered;
    call.ended_by = EndedBy::customer;
    call.wait = Millis{1'500};
    call.holds.push_back({HoldBy::agent, kStart + Millis{1'000}, kStart + Millis{3'500}});
    call.offers.push_back({"SIM/1001", "sim-10", kStart, std::nullopt, TruthOffer::End::answered});
    const auto json = to_json(call);
    EXPECT_EQ(json["outcome"], "answered");
    EXPECT_EQ(json["ended_by"], "customer");
    EXPECT_EQ(json["direction"], "inbound");
    EXPECT_EQ(json["wait_ms"], 1500);
    EXPECT_EQ(json["hold_ms"], 2500);
    EXPECT_EQ(json["started_at"], "2026-03-02T00:00:00.000Z");
    EXPECT_EQ(json["ended_at"], nullptr);
    EXPECT_EQ(json["offers"][0]["end"], "answered");
    EXPECT_EQ(json["holds"][0]["by"], "agent");
}

}  // namespace
}  // namespace citybridge::simulator::test
