// Actions on a live call, by their contract in core/api/capabilities.h.
#include <gtest/gtest.h>

#include <set>

#include "adapters/simulator/random.h"
#include "tests/unit/simulator/invariants.h"
#include "tests/unit/simulator/run.h"

namespace citybridge::simulator::test {
namespace {

Config quiet(std::uint64_t seed) {
    Config config;
    config.seed = seed;
    config.callers_per_minute = 0;
    config.internal_per_hour = 0;
    config.break_every = Millis{0};
    config.hold_percent = 0;
    config.talk_mean = Millis{3'600'000};
    return config;
}

// SIM/1001 talks with a customer he has called.
struct Talking {
    explicit Talking(std::uint64_t seed) : pbx(quiet(seed)) {
        pbx.start(kStart);
        pbx.dial({"c1", "SIM/1001", "13912345678", kRing}, now, [](const CommandReply&) {});
        for (int second = 0; second < 60 && !talking; ++second) pass(Millis{1'000});
    }
    void pass(Millis time) {
        now += time;
        for (PbxSignal& signal : pbx.advance(now)) {
            if (std::holds_alternative<signal::BridgeEntered>(signal.body)) {
                if (signal.channel != "sim-cmd-c1" && customer.empty()) customer = signal.channel;
                talking = true;
            }
            all.push_back(std::move(signal));
        }
    }
    CommandReply ask(CallAction action, const std::string& to = {}) {
        CallCommand command;
        command.command_id = "x" + std::to_string(++asked);
        command.action = action;
        command.agent = "SIM/1001";
        command.agent_channel = "sim-cmd-c1";
        command.customer_channel = customer;
        command.to = to;
        command.recording = "rec-" + command.command_id;
        command.ring_timeout = kRing;
        CommandReply reply;
        replies = 0;
        pbx.command(command, now, [&reply, this](CommandReply given) {
            reply = std::move(given);
            ++replies;
        });
        for (int second = 0; second < 60 && replies == 0; ++second) pass(Millis{1'000});
        pass(Millis{0});
        EXPECT_EQ(replies, 1);
        return reply;
    }
    template <class Body>
    std::vector<Body> of() const {
        std::vector<Body> out;
        for (const PbxSignal& signal : all)
            if (const auto* body = std::get_if<Body>(&signal.body)) out.push_back(*body);
        return out;
    }
    std::vector<std::string> in_bridge_of(const std::string& channel) {
        const auto snapshot = pbx.snapshot(now);
        std::string bridge;
        std::vector<std::string> devices;
        for (const auto& each : snapshot.channels)
            if (each.id == channel) bridge = each.bridge;
        for (const auto& each : snapshot.channels)
            if (!bridge.empty() && each.bridge == bridge) devices.push_back(each.started.device);
        std::sort(devices.begin(), devices.end());
        return devices;
    }

    WallTime now = kStart;
    SimulatedPbx pbx;
    std::vector<PbxSignal> all;
    std::string customer;
    bool talking = false;
    int replies = 0;
    int asked = 0;
};

// Runs `story` on talks of many seeds: chances differ, promises do not.
template <class Story>
int on_talks(Story story) {
    int talks = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        Talking talk(seed);
        if (!talk.talking) continue;
        ++talks;
        story(talk);
        talk.pass(Millis{7'200'000});
        EXPECT_EQ(broken_invariant(talk.all), "") << "seed " << seed;
    }
    return talks;
}

void expect_done(const CommandReply& reply) { EXPECT_EQ(reply.outcome, CommandOutcome::succeeded) << reply.reason; }

TEST(SimulatorHandover, HoldAndRetrieveAreOneHold) {
    const int talks = on_talks([](Talking& talk) {
        expect_done(talk.ask(CallAction::hold));
        EXPECT_EQ(talk.ask(CallAction::hold).outcome, CommandOutcome::failed) << "it is on hold";
        talk.pass(Millis{4'000});
        expect_done(talk.ask(CallAction::retrieve));
        EXPECT_EQ(talk.ask(CallAction::retrieve).outcome, CommandOutcome::failed);
        const auto holds = talk.of<signal::HoldChanged>();
        ASSERT_EQ(holds.size(), 2U);
        EXPECT_TRUE(holds[0].on && !holds[1].on);
        const auto truth = talk.pbx.open_calls();
        ASSERT_EQ(truth.size(), 1U);
        ASSERT_EQ(truth[0].holds.size(), 1U);
        EXPECT_EQ(truth[0].holds[0].to - truth[0].holds[0].from, Millis{4'000});
        EXPECT_EQ(truth[0].holds[0].by, HoldBy::agent);
    });
    EXPECT_GT(talks, 10);
}

TEST(SimulatorHandover, BlindTransferEndsTheAgentsPartAndRingsTheColleague) {
    int answered = 0;
    on_talks([&](Talking& talk) {
        expect_done(talk.ask(CallAction::transfer, "1002"));
        const auto given = talk.of<signal::Transferred>();
        ASSERT_EQ(given.size(), 1U);
        EXPECT_EQ(given[0].kind, TransferKind::blind);
        EXPECT_EQ(given[0].to, "1002");
        EXPECT_EQ(given[0].moved, talk.customer);
        const auto before = talk.in_bridge_of(talk.customer);
        EXPECT_TRUE(before.empty());
        talk.pass(Millis{25'000});
        const auto after = talk.in_bridge_of(talk.customer);
        if (after.empty()) return;
        EXPECT_EQ(after, (std::vector<std::string>{"SIM/1002", "SIM/trunk"}));
        ++answered;
    });
    EXPECT_GT(answered, 5);
}

TEST(SimulatorHandover, AConsultationIsCompletedOrCancelledOrThreeTalk) {
    std::set<std::string> seen;
    on_talks([&](Talking& talk) {
        const CallAction end = seen.size() % 3 == 0   ? CallAction::attended_transfer
                               : seen.size() % 3 == 1 ? CallAction::cancel_consult
                                                      : CallAction::conference;
        expect_done(talk.ask(CallAction::consult, "1002"));
        EXPECT_EQ(talk.in_bridge_of(talk.customer), std::vector<std::string>{"SIM/trunk"}) << "he waits";
        for (int step = 0; step < 80; ++step) {
            talk.pass(Millis{250});
            const auto two = talk.in_bridge_of("sim-cmd-c1");
            if (two != std::vector<std::string>{"SIM/1001", "SIM/1002"}) continue;
            expect_done(talk.ask(end));
            break;
        }
        const auto now = talk.in_bridge_of(talk.customer);
        if (now.empty()) return;
        std::string text;
        for (const std::string& device : now) text += device + ' ';
        seen.insert(text);
    });
    EXPECT_TRUE(seen.contains("SIM/1001 SIM/trunk ")) << "cancelled, or the colleague did not answer";
    EXPECT_TRUE(seen.contains("SIM/1002 SIM/trunk ")) << "completed";
    EXPECT_TRUE(seen.contains("SIM/1001 SIM/1002 SIM/trunk ")) << "three-way";
}

TEST(SimulatorHandover, AThirdIsInvitedIntoARoom) {
    int three = 0;
    on_talks([&](Talking& talk) {
        const CommandReply reply = talk.ask(CallAction::conference, "1003");
        const auto now = talk.in_bridge_of(talk.customer);
        if (reply.outcome == CommandOutcome::succeeded) {
            EXPECT_EQ(now, (std::vector<std::string>{"SIM/1001", "SIM/1003", "SIM/trunk"}));
            ++three;
        } else {
            EXPECT_EQ(now, (std::vector<std::string>{"SIM/1001", "SIM/trunk"})) << "the two stay together";
            EXPECT_TRUE(reply.reason == "no_answer" || reply.reason == "rejected" || reply.reason == "busy");
        }
    });
    EXPECT_GT(three, 5);
}

TEST(SimulatorHandover, RecordingIsStartedOnceMutedAndStopped) {
    on_talks([](Talking& talk) {
        EXPECT_EQ(talk.ask(CallAction::stop_recording).outcome, CommandOutcome::failed);
        expect_done(talk.ask(CallAction::record));
        EXPECT_EQ(talk.ask(CallAction::record).outcome, CommandOutcome::failed);
        expect_done(talk.ask(CallAction::mute_recording));
        expect_done(talk.ask(CallAction::unmute_recording));
        expect_done(talk.ask(CallAction::stop_recording));
        const auto steps = talk.of<signal::RecordingChanged>();
        ASSERT_EQ(steps.size(), 4U);
        EXPECT_EQ(steps[0].step, RecordingStep::started);
        EXPECT_EQ(steps[3].step, RecordingStep::stopped);
        for (const auto& step : steps) EXPECT_EQ(step.file, "rec-x2.wav");
    });
}

TEST(SimulatorHandover, AParkedCallerIsFetchedOrComesBackOrGivesUp) {
    std::set<std::string> fates;
    on_talks([&](Talking& talk) {
        expect_done(talk.ask(CallAction::park));
        ASSERT_EQ(talk.of<signal::Parked>().size(), 1U);
        EXPECT_EQ(talk.of<signal::Parked>()[0].by, "sim-cmd-c1");
        const auto parked = talk.pbx.snapshot(talk.now);
        for (const auto& channel : parked.channels)
            if (channel.id == talk.customer) {
                EXPECT_EQ(channel.slot, talk.of<signal::Parked>()[0].slot);
            }
        talk.pass(Millis{46'000});
        ASSERT_EQ(talk.of<signal::Unparked>().size(), 1U);
        fates.insert(!talk.of<signal::Unparked>()[0].by.empty() ? "fetched" : "not");
    });
    EXPECT_EQ(fates, (std::set<std::string>{"fetched", "not"}));
}

TEST(SimulatorHandover, RefusesWhatCannotBe) {
    on_talks([](Talking& talk) {
        for (const CallAction action : {CallAction::transfer, CallAction::consult, CallAction::conference}) {
            for (const char* number : {"", "call me", "5555", "1001"})
                EXPECT_EQ(talk.ask(action, number).reason, "no_such_number") << to_string(action) << ' ' << number;
        }
        for (const CallAction action : {CallAction::attended_transfer, CallAction::cancel_consult})
            EXPECT_EQ(talk.ask(action).reason, "no_such_call") << to_string(action);
        talk.customer = "sim-4711";
        EXPECT_EQ(talk.ask(CallAction::hold).reason, "no_such_call");
    });
}

// Whoever is hung up whenever: nothing breaks, and the channel is gone.
TEST(SimulatorHandover, EveryChannelCanBeHungUpInEveryPhase) {
    int hung_up = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        Random random(seed);
        Config config = busy_config(seed);
        config.transfer_percent = 30;
        config.consult_percent = 35;
        config.park_percent = 25;
        SimulatedPbx pbx(config);
        pbx.start(kStart);
        std::vector<PbxSignal> all;
        for (int second = 1; second <= 300; ++second) {
            const WallTime now = kStart + Millis{1'000} * second;
            for (auto& signal : pbx.advance(now)) all.push_back(std::move(signal));
            const auto snapshot = pbx.snapshot(now);
            if (snapshot.channels.empty() || second % 3 != 0) continue;
            const std::string victim = random.pick(snapshot.channels).id;
            if (pbx.hangup(victim, now).outcome != CommandOutcome::succeeded) continue;
            ++hung_up;
            for (const auto& channel : pbx.snapshot(now).channels) ASSERT_NE(channel.id, victim) << "seed " << seed;
        }
        ASSERT_EQ(broken_invariant(all), "") << "seed " << seed;
    }
    EXPECT_GT(hung_up, 1'500);
}

TEST(SimulatorAgents, LogOutOfTheirQueuesAndInAgain) {
    SimulatedPbx pbx(quiet(1));
    pbx.start(kStart);
    pbx.advance(kStart);
    const auto queues_of = [&](const char* agent) {
        std::set<std::string> queues;
        for (const auto& member : pbx.snapshot(kStart).members)
            if (member.agent == agent && !member.queue.empty()) queues.insert(member.queue);
        return queues;
    };
    const auto before = queues_of("SIM/1004");
    EXPECT_EQ(before.size(), 2U);
    EXPECT_EQ(pbx.set_agent_state({"SIM/1004", "SIM/1004", AgentWish::log_out, ""}, kStart).outcome,
              CommandOutcome::succeeded);
    int removed = 0;
    for (const auto& signal : pbx.advance(kStart)) {
        const auto* member = std::get_if<signal::MemberChanged>(&signal.body);
        if (member != nullptr && member->removed) ++removed;
    }
    EXPECT_EQ(removed, 2);
    EXPECT_TRUE(queues_of("SIM/1004").empty());
    EXPECT_EQ(pbx.set_agent_state({"SIM/1004", "SIM/1004", AgentWish::not_ready, "午休"}, kStart).reason,
              "no_such_agent");
    EXPECT_EQ(pbx.set_agent_state({"SIM/1004", "SIM/1004", AgentWish::log_in, "", {"repair"}}, kStart).outcome,
              CommandOutcome::succeeded);
    EXPECT_EQ(queues_of("SIM/1004"), std::set<std::string>{"repair"});
    EXPECT_EQ(pbx.set_agent_state({"SIM/1004", "SIM/1004", AgentWish::log_in, ""}, kStart).outcome,
              CommandOutcome::succeeded);
    EXPECT_EQ(queues_of("SIM/1004").size(), 2U);
    EXPECT_EQ(pbx.set_agent_state({"SIM/1004", "SIM/1004", AgentWish::log_in, "", {"nosuch"}}, kStart).outcome,
              CommandOutcome::failed);
}

}  // namespace
}  // namespace citybridge::simulator::test
