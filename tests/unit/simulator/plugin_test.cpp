// The plugin on a lane of virtual time.
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "adapters/simulator/adapter.h"
#include "tests/support/plugin_host.h"
#include "tests/unit/simulator/invariants.h"
#include "tests/unit/simulator/run.h"

namespace citybridge::simulator::test {
namespace {

struct Fixture {
    explicit Fixture(std::vector<RawSetting> settings = {}) {
        Problems problems;
        plugin.configure({{"city.xml", 1, 1}, std::move(settings)}, problems);
        EXPECT_TRUE(problems.empty());
    }

    std::vector<PbxSignal> after_snapshot() const {
        std::size_t first = 0;
        for (std::size_t index = 0; index < host.signals.size(); ++index)
            if (std::holds_alternative<signal::Snapshot>(host.signals[index].body)) first = index + 1;
        return {host.signals.begin() + static_cast<std::ptrdiff_t>(first), host.signals.end()};
    }

    tests::PluginHost host{"sim", kStart};
    SimulatorPlugin plugin{host};
};

TEST(SimulatorPlugin, BringsTheLinkUpThenASnapshotThenSignals) {
    Fixture f;
    ASSERT_TRUE(f.plugin.start());
    f.host.kept_lane.run(Millis{300'000});
    ASSERT_GT(f.host.signals.size(), 100U);
    EXPECT_FALSE(std::get<signal::LinkUp>(f.host.signals[0].body).pbx_start.empty());
    EXPECT_EQ(std::get<signal::Snapshot>(f.host.signals[1].body).members.size(), 11U);
    EXPECT_EQ(broken_invariant(f.after_snapshot()), "");
}

TEST(SimulatorPlugin, SignalsArriveAtTheirTime) {
    Fixture f;
    ASSERT_TRUE(f.plugin.start());
    for (int second = 0; second < 120; ++second) {
        const std::size_t before = f.host.signals.size();
        const WallTime from = f.host.kept_lane.now().wall;
        f.host.kept_lane.run(Millis{1'000});
        for (std::size_t index = before; index < f.host.signals.size(); ++index) {
            EXPECT_GE(f.host.signals[index].at, from);
            EXPECT_LE(f.host.signals[index].at, from + Millis{1'000});
        }
    }
}

TEST(SimulatorPlugin, AWallClockThatJumpsMovesNoSignal) {
    Fixture f;
    ASSERT_TRUE(f.plugin.start());
    f.host.kept_lane.run(Millis{60'000});
    f.host.kept_lane.wall_jump = Millis{-3'600'000};
    f.host.kept_lane.run(Millis{60'000});
    EXPECT_EQ(broken_invariant(f.after_snapshot()), "");
    EXPECT_GT(f.host.signals.back().at, kStart + Millis{60'000});
}

TEST(SimulatorPlugin, ALostFactIsACutLinkAndASnapshot) {
    Fixture f(std::vector<RawSetting>{{"callers_per_minute", "60", {}}});
    ASSERT_TRUE(f.plugin.start());
    f.host.kept_lane.run(Millis{60'000});
    const std::size_t before = f.host.signals.size();
    f.host.refuse = 3;
    f.host.kept_lane.run(Millis{60'000});
    ASSERT_GT(f.host.signals.size(), before + 3);
    EXPECT_TRUE(std::holds_alternative<signal::LinkDown>(f.host.signals[before].body));
    EXPECT_FALSE(std::get<signal::LinkDown>(f.host.signals[before].body).pbx_stopped);
    // The same run of the PBX: its calls are still there.
    EXPECT_EQ(std::get<signal::LinkUp>(f.host.signals[before + 1].body).pbx_start,
              std::get<signal::LinkUp>(f.host.signals[0].body).pbx_start);
    EXPECT_GT(std::get<signal::Snapshot>(f.host.signals[before + 2].body).channels.size(), 0U);
    EXPECT_EQ(f.host.codes, std::vector<std::string>{"simulator.link_cut"});
}

TEST(SimulatorPlugin, ASlowNodeAtTheStartGetsItsLinkLater) {
    Fixture f;
    f.host.refuse = 2;
    ASSERT_TRUE(f.plugin.start());
    EXPECT_TRUE(f.host.signals.empty());
    f.host.kept_lane.run(Millis{10'000});
    ASSERT_FALSE(f.host.signals.empty());
    EXPECT_TRUE(std::holds_alternative<signal::LinkUp>(f.host.signals[0].body));
}

TEST(SimulatorPlugin, CommandsAnswerOnceWithTheTruth) {
    Fixture f({{"callers_per_minute", "0", {}}, {"internal_per_hour", "0", {}}, {"break_minutes_between", "0", {}}});
    ASSERT_TRUE(f.plugin.start());
    auto& pbx = *f.plugin.offers().pbx;
    const auto actions = pbx.call_actions();
    EXPECT_EQ(std::set<CallAction>(actions.begin(), actions.end()).size(), 13U) << "every action, each once";
    std::vector<CommandReply> replies;
    const auto done = [&](CommandReply reply) { replies.push_back(std::move(reply)); };
    pbx.dial({"a", "SIM/4711", "13912345678"}, done);
    pbx.hangup("sim-77", done);
    pbx.set_agent_state({"SIM/1001", "SIM/1001", AgentWish::not_ready, "午休"}, done);
    f.host.kept_lane.run(Millis{1});
    ASSERT_EQ(replies.size(), 3U);
    EXPECT_EQ(replies[0].reason, "unreachable");
    EXPECT_EQ(replies[1].reason, "no_such_call");
    EXPECT_EQ(replies[2].outcome, CommandOutcome::succeeded);
    EXPECT_EQ(std::get<signal::MemberChanged>(f.host.signals.back().body).reason, "午休");

    pbx.dial({"b", "SIM/1002", "13912345678"}, done);
    f.host.kept_lane.run(Millis{60'000});
    EXPECT_EQ(replies.size(), 4U);
}

TEST(SimulatorPlugin, ACommandWithoutLinkFailsAndIsNotSent) {
    Fixture f;
    f.host.refuse = 1;
    ASSERT_TRUE(f.plugin.start());
    CommandReply reply;
    f.plugin.dial({"a", "SIM/1001", "13912345678"}, [&](CommandReply r) { reply = std::move(r); });
    f.host.kept_lane.run(Millis{0});
    EXPECT_EQ(reply.outcome, CommandOutcome::failed);
    EXPECT_EQ(reply.reason, "link_down");
    f.host.kept_lane.full = true;
    CommandReply full;
    f.plugin.hangup("sim-1", [&](CommandReply r) { full = std::move(r); });
    EXPECT_EQ(full.reason, "link_down");
}

TEST(SimulatorPlugin, StopAnswersWhatWaitsAndLeavesNoTimer) {
    Fixture f;
    ASSERT_TRUE(f.plugin.start());
    int answered = 0;
    CommandReply reply;
    f.plugin.dial({"a", "SIM/1001", "13912345678"}, [&](CommandReply r) {
        ++answered;
        reply = std::move(r);
    });
    f.host.kept_lane.run(Millis{10});
    ASSERT_EQ(answered, 0);
    f.plugin.stop(Millis{1'000});
    EXPECT_EQ(answered, 1);
    EXPECT_EQ(reply.outcome, CommandOutcome::unknown);
    EXPECT_EQ(f.host.kept_lane.timers(), 0U);
    const std::size_t before = f.host.signals.size();
    f.plugin.hangup("sim-1", [&](CommandReply r) { reply = std::move(r); });
    f.host.kept_lane.run(Millis{60'000});
    EXPECT_EQ(reply.reason, "link_down");
    EXPECT_EQ(f.host.signals.size(), before);
}

TEST(SimulatorPlugin, WritesTheTruthOfEachFinishedCallAsALine) {
    const std::string path = testing::TempDir() + "simulator_truth.jsonl";
    std::remove(path.c_str());
    Fixture f({{"truth_file", path, {}}, {"speed", "20", {}}});
    ASSERT_TRUE(f.plugin.start());
    f.host.kept_lane.run(Millis{60'000});
    f.plugin.stop(Millis{1'000});
    std::ifstream file(path);
    std::size_t lines = 0;
    for (std::string line; std::getline(file, line); ++lines)
        EXPECT_TRUE(nlohmann::json::parse(line).contains("first_channel"));
    EXPECT_GT(lines, 50U);  // about six a simulated minute, twenty minutes
}

TEST(SimulatorPlugin, ATruthFileThatCannotBeWrittenIsAnErrorOfTheStart) {
    Fixture f(std::vector<RawSetting>{{"truth_file", "/nonexistent/folder/truth.jsonl", {}}});
    const auto result = f.plugin.start();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, "simulator.truth_file");
    EXPECT_NE(result.error().detail.find("/nonexistent/folder/truth.jsonl"), std::string::npos);
}

}  // namespace
}  // namespace citybridge::simulator::test
