// What the commands do and answer, by their contract in core/api/capabilities.h.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "adapters/simulator/random.h"
#include "tests/unit/simulator/invariants.h"
#include "tests/unit/simulator/run.h"

namespace citybridge::simulator::test {
namespace {

// Nobody acts unless commanded.
Config quiet_config(std::uint64_t seed) {
    Config config;
    config.seed = seed;
    config.callers_per_minute = 0;
    config.internal_per_hour = 0;
    config.break_every = Millis{0};
    return config;
}

struct Answer {
    int times = 0;
    CommandReply reply;
};

CommandDone into(Answer& answer) {
    return [&answer](CommandReply reply) {
        ++answer.times;
        answer.reply = std::move(reply);
    };
}

template <class Body>
std::size_t count(const std::vector<PbxSignal>& signals) {
    std::size_t found = 0;
    for (const auto& signal : signals) found += std::holds_alternative<Body>(signal.body) ? 1U : 0U;
    return found;
}

TEST(SimulatorDial, HasEveryResultARealPhoneHas) {
    std::map<std::string, int> replies;
    std::set<Outcome> far;
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        SimulatedPbx pbx(quiet_config(seed));
        pbx.start(kStart);
        pbx.advance(kStart);
        Answer answer;
        pbx.dial({"c1", "SIM/1001", "13912345678", kRing}, kStart, into(answer));
        EXPECT_EQ(answer.times, 0);
        const auto signals = pbx.advance(kStart + Millis{3'600'000});
        ASSERT_EQ(broken_invariant(signals), "");
        ASSERT_EQ(answer.times, 1);
        ASSERT_EQ(pbx.open_calls().size(), 0U);
        ASSERT_TRUE(pbx.snapshot(kStart).channels.empty());
        ++replies[answer.reply.reason];
        const auto truth = pbx.truth();
        ASSERT_EQ(truth.size(), 1U);
        const bool succeeded = answer.reply.outcome == CommandOutcome::succeeded;
        EXPECT_EQ(truth[0].contact, succeeded);
        EXPECT_EQ(truth[0].command_id, "c1");
        EXPECT_NE(answer.reply.channel.find("c1"), std::string::npos);
        if (succeeded) far.insert(truth[0].outcome);
        // The customer's phone rings only after the agent's was answered.
        EXPECT_EQ(count<signal::ChannelStarted>(signals), succeeded ? 2U : 1U);
    }
    EXPECT_GT(replies[""], 200);
    EXPECT_GT(replies["no_answer"], 3);
    EXPECT_GT(replies["rejected"], 1);
    EXPECT_EQ(replies.size(), 3U);
    EXPECT_EQ(far, (std::set<Outcome>{Outcome::answered, Outcome::busy, Outcome::rejected, Outcome::failed,
                                      Outcome::no_answer, Outcome::abandoned}));
}

TEST(SimulatorDial, BeginsLikeARealClickToDial) {
    SimulatedPbx pbx(quiet_config(1));
    pbx.start(kStart);
    pbx.advance(kStart);
    Answer answer;
    pbx.dial({"c7", "SIM/1002", "13912345678", kRing}, kStart, into(answer));
    const auto signals = pbx.advance(kStart);
    ASSERT_EQ(signals.size(), 4U);
    EXPECT_EQ(std::get<signal::ChannelStarted>(signals[0].body).device, "SIM/1002");
    EXPECT_EQ(std::get<signal::MemberChanged>(signals[1].body).status, DeviceStatus::ringing);
    EXPECT_EQ(signals[2].channel, "");  // nobody is calling yet
    EXPECT_EQ(std::get<signal::DialStarted>(signals[2].body).target, signals[0].channel);
    EXPECT_EQ(std::get<signal::ChannelStateChanged>(signals[3].body).state, ChannelState::ringing);
}

TEST(SimulatorDial, RefusesWhatCannotRing) {
    SimulatedPbx pbx(quiet_config(1));
    pbx.start(kStart);
    pbx.advance(kStart);
    const std::vector<std::pair<DialCommand, std::string>> cases{
        {{"a", "SIM/4711", "13912345678", kRing}, "unreachable"}, {{"b", "SIM/1001", "", kRing}, "no_such_number"},
        {{"c", "SIM/1001", "call me", kRing}, "no_such_number"},  {{"d", "SIM/1001", "5555", kRing}, "no_such_number"},
        {{"e", "SIM/1001", "1001", kRing}, "no_such_number"},
    };
    for (const auto& [command, reason] : cases) {
        Answer answer;
        pbx.dial(command, kStart, into(answer));
        EXPECT_EQ(answer.times, 1) << command.command_id;
        EXPECT_EQ(answer.reply.outcome, CommandOutcome::failed) << command.command_id;
        EXPECT_EQ(answer.reply.reason, reason) << command.command_id;
    }
    EXPECT_TRUE(pbx.advance(kStart).empty());
}

TEST(SimulatorDial, OfAnAgentInACallIsBusy) {
    SimulatedPbx pbx(quiet_config(1));
    pbx.start(kStart);
    pbx.advance(kStart);
    Answer first;
    Answer second;
    pbx.dial({"a", "SIM/1001", "13912345678", kRing}, kStart, into(first));
    pbx.dial({"b", "SIM/1001", "13912345679", kRing}, kStart, into(second));
    EXPECT_EQ(first.times, 0);
    EXPECT_EQ(second.reply.outcome, CommandOutcome::failed);
    EXPECT_EQ(second.reply.reason, "busy");
    EXPECT_EQ(broken_invariant(pbx.advance(kStart + Millis{600'000})), "");
}

TEST(SimulatorDial, NeverDialsOneCommandTwice) {
    SimulatedPbx pbx(quiet_config(1));
    pbx.start(kStart);
    pbx.advance(kStart);
    Answer first;
    Answer second;
    pbx.dial({"a", "SIM/1001", "13912345678", kRing}, kStart, into(first));
    pbx.dial({"a", "SIM/1001", "13912345678", kRing}, kStart, into(second));
    EXPECT_EQ(second.reply.outcome, CommandOutcome::failed);
    EXPECT_EQ(count<signal::ChannelStarted>(pbx.advance(kStart)), 1U);
}

TEST(SimulatorDial, OfAColleagueIsAnInternalCall) {
    SimulatedPbx pbx(quiet_config(3));
    pbx.start(kStart);
    Answer answer;
    pbx.dial({"a", "SIM/1001", "1002", kRing}, kStart, into(answer));
    pbx.advance(kStart + Millis{600'000});
    const auto truth = pbx.truth();
    ASSERT_EQ(truth.size(), 1U);
    EXPECT_EQ(truth[0].direction, Direction::internal);
    EXPECT_EQ(truth[0].caller, "SIM/1001");
    EXPECT_EQ(truth[0].customer_number, "");
}

TEST(SimulatorHangup, EndsACallInEveryPhaseAndKeepsTheInvariants) {
    std::set<Outcome> ended;
    int hung_up = 0;
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        Random random(seed);
        SimulatedPbx pbx(busy_config(seed));
        pbx.start(kStart);
        std::vector<PbxSignal> all;
        for (int second = 1; second <= 300; ++second) {
            const WallTime now = kStart + Millis{1'000} * second;
            for (auto& signal : pbx.advance(now)) all.push_back(std::move(signal));
            const auto snapshot = pbx.snapshot(now);
            if (snapshot.channels.empty() || second % 3 != 0) continue;
            const std::string victim = random.pick(snapshot.channels).id;
            const auto reply = pbx.hangup(victim, now);
            for (auto& signal : pbx.advance(now)) all.push_back(std::move(signal));
            if (reply.outcome != CommandOutcome::succeeded) continue;
            ++hung_up;
            for (const auto& channel : pbx.snapshot(now).channels) ASSERT_NE(channel.id, victim);
        }
        ASSERT_EQ(broken_invariant(all), "") << "seed " << seed;
        for (const auto& call : pbx.truth())
            if (call.ended_by == EndedBy::system) ended.insert(call.outcome);
    }
    EXPECT_GT(hung_up, 1'500);
    EXPECT_TRUE(ended.contains(Outcome::answered));
    EXPECT_TRUE(ended.contains(Outcome::abandoned));
    EXPECT_TRUE(ended.contains(Outcome::ivr_only));
}

TEST(SimulatorHangup, OfAnUnknownChannelSaysSo) {
    SimulatedPbx pbx(quiet_config(1));
    pbx.start(kStart);
    const auto reply = pbx.hangup("sim-99", kStart);
    EXPECT_EQ(reply.outcome, CommandOutcome::failed);
    EXPECT_EQ(reply.reason, "no_such_call");
}

TEST(SimulatorHangup, OfTheRingingAgentAnswersTheDial) {
    SimulatedPbx pbx(quiet_config(1));
    pbx.start(kStart);
    pbx.advance(kStart);
    Answer answer;
    pbx.dial({"a", "SIM/1001", "13912345678", kRing}, kStart, into(answer));
    EXPECT_EQ(pbx.hangup("sim-cmd-a", kStart).outcome, CommandOutcome::succeeded);
    EXPECT_EQ(answer.times, 1);
    EXPECT_EQ(answer.reply.outcome, CommandOutcome::failed);
    EXPECT_TRUE(pbx.snapshot(kStart).channels.empty());
    EXPECT_EQ(pbx.snapshot(kStart).members[0].status, DeviceStatus::idle);
}

TEST(SimulatorAgentState, IsToldForEachOfHisQueues) {
    SimulatedPbx pbx(quiet_config(1));
    pbx.start(kStart);
    pbx.advance(kStart);
    // The fourth agent is in two queues.
    EXPECT_EQ(pbx.set_agent_state({"SIM/1004", "SIM/1004", AgentWish::not_ready, "午休"}, kStart).outcome,
              CommandOutcome::succeeded);
    const auto signals = pbx.advance(kStart);
    ASSERT_EQ(signals.size(), 2U);
    for (const auto& signal : signals) {
        const auto& member = std::get<signal::MemberChanged>(signal.body);
        EXPECT_EQ(member.agent, "SIM/1004");
        EXPECT_EQ(member.pause, signal::MemberChanged::Pause::paused);
        EXPECT_EQ(member.reason, "午休");
    }
    EXPECT_EQ(pbx.set_agent_state({"SIM/1004", "SIM/1004", AgentWish::ready, {}}, kStart).outcome,
              CommandOutcome::succeeded);
    const auto back = pbx.advance(kStart);
    EXPECT_EQ(std::get<signal::MemberChanged>(back.at(0).body).pause, signal::MemberChanged::Pause::unpaused);
    EXPECT_EQ(std::get<signal::MemberChanged>(back.at(0).body).reason, "");
}

TEST(SimulatorAgentState, OfSomebodyWhoIsInNoQueueIsRefused) {
    SimulatedPbx pbx(quiet_config(1));
    pbx.start(kStart);
    for (const char* agent : {"SIM/8001", "SIM/4711", ""})
        EXPECT_EQ(pbx.set_agent_state({agent, agent, AgentWish::not_ready, "午休"}, kStart).reason, "no_such_agent")
            << agent;
}

TEST(SimulatorAgentState, OfACommandOutlivesTheAgentsOwnBreaks) {
    Config config = busy_config(1);
    config.break_every = Millis{60'000};
    config.break_mean = Millis{1'000};
    SimulatedPbx pbx(config);
    pbx.start(kStart);
    pbx.set_agent_state({"SIM/1001", "SIM/1001", AgentWish::not_ready, "主管谈话"}, kStart);
    for (const auto& signal : pbx.advance(kStart + Millis{7'200'000})) {
        const auto* called = std::get_if<signal::AgentCalled>(&signal.body);
        if (called != nullptr) {
            ASSERT_NE(called->agent, "SIM/1001");
        }
    }
    EXPECT_EQ(pbx.snapshot(kStart).members[0].reason, "主管谈话");
}

TEST(SimulatorCommands, WaitingOnesCanAllBeAnswered) {
    SimulatedPbx pbx(quiet_config(1));
    pbx.start(kStart);
    Answer answer;
    pbx.dial({"a", "SIM/1001", "13912345678", kRing}, kStart, into(answer));
    pbx.answer_waiting({CommandOutcome::unknown, "link_down", {}});
    EXPECT_EQ(answer.times, 1);
    EXPECT_EQ(answer.reply.outcome, CommandOutcome::unknown);
    pbx.advance(kStart + Millis{600'000});
    EXPECT_EQ(answer.times, 1);
}

}  // namespace
}  // namespace citybridge::simulator::test
