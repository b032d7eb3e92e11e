#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/unit/simulator/run.h"

namespace citybridge::simulator::test {
namespace {

constexpr Millis kDay{86'400'000};

struct Seen {
    std::set<std::string> what;
    std::size_t calls = 0;

    void note(const TruthCall& call) {
        ++calls;
        const std::string direction(to_string(call.direction));
        what.insert(direction + ' ' + std::string(to_string(call.outcome)));
        what.insert(direction + " ended by " + std::string(to_string(call.ended_by)));
        for (const auto& offer : call.offers) what.insert("offer " + std::string(to_string(offer.end)));
        for (const auto& hold : call.holds) {
            what.insert("hold by " + std::string(to_string(hold.by)));
            if (hold.to == call.ended_at) what.insert("ended on hold");
        }
        if (call.outcome == Outcome::abandoned && !call.offers.empty() &&
            call.offers.back().end == TruthOffer::End::dropped)
            what.insert("abandoned while ringing");
        if (call.outcome == Outcome::abandoned && call.offers.empty()) what.insert("abandoned while waiting");
        if (!call.survey_score.empty()) what.insert("survey answered");
        if (call.voicemail && !call.queue.empty()) what.insert("voicemail after the queue");
        if (call.voicemail && call.queue.empty()) what.insert("voicemail from the menu");
        if (!call.customer_name.empty()) what.insert("caller with a name");
    }
};

TEST(SimulatorEndings, EveryKindHappensWithinTenSeeds) {
    Seen seen;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        SimulatedPbx pbx(busy_config(seed));
        signals_of(pbx, Millis{3'600'000}, Millis{3'600'000});
        for (const auto& call : pbx.truth()) seen.note(call);
    }
    for (const char* kind : {"inbound answered",
                             "inbound abandoned",
                             "inbound no_answer",
                             "inbound voicemail",
                             "inbound ivr_only",
                             "inbound ended by customer",
                             "inbound ended by agent",
                             "inbound ended by system",
                             "internal answered",
                             "internal busy",
                             "internal rejected",
                             "internal no_answer",
                             "internal abandoned",
                             "offer answered",
                             "offer missed",
                             "offer refused",
                             "offer lost",
                             "offer dropped",
                             "hold by agent",
                             "hold by customer",
                             "ended on hold",
                             "abandoned while ringing",
                             "abandoned while waiting",
                             "survey answered",
                             "voicemail after the queue",
                             "voicemail from the menu",
                             "caller with a name"})
        EXPECT_TRUE(seen.what.contains(kind)) << kind;
    EXPECT_GT(seen.calls, 10'000U);
}

TEST(SimulatorEndings, TwoPhonesAnsweredWithinMillisecondsLeaveOneWinner) {
    Config config = busy_config(1);
    config.race_percent = 100;
    SimulatedPbx pbx(config);
    const auto signals = signals_of(pbx, Millis{3'600'000}, Millis{3'600'000});
    std::map<std::string, WallTime> up_since;
    std::set<std::string> connected;
    int races = 0;
    for (const auto& signal : signals) {
        if (const auto* state = std::get_if<signal::ChannelStateChanged>(&signal.body);
            state != nullptr && state->state == ChannelState::up)
            up_since[signal.channel] = signal.at;
        if (const auto* agent = std::get_if<signal::AgentConnected>(&signal.body))
            connected.insert(agent->agent_channel);
        const auto* ended = std::get_if<signal::ChannelEnded>(&signal.body);
        if (ended == nullptr || ended->cause != 26 || !up_since.contains(signal.channel)) continue;
        ++races;
        EXPECT_FALSE(connected.contains(signal.channel));
        EXPECT_GT(signal.at, up_since[signal.channel]);
        EXPECT_LE(signal.at - up_since[signal.channel], Millis{10});
    }
    EXPECT_GT(races, 5);
}

TEST(SimulatorEndings, RegularsCallAgainButNeverWhileTheyAreOnTheLine) {
    const auto repeats = [](int percent) {
        Config config = busy_config(3);
        config.regular_percent = percent;
        SimulatedPbx pbx(config);
        std::map<std::string, std::string> on_the_line;  // channel -> number
        std::set<std::string> before;
        int again = 0;
        for (const auto& signal : signals_of(pbx, Millis{7'200'000}, Millis{7'200'000})) {
            if (std::holds_alternative<signal::ChannelEnded>(signal.body)) on_the_line.erase(signal.channel);
            const auto* started = std::get_if<signal::ChannelStarted>(&signal.body);
            if (started == nullptr || started->device != "SIM/trunk") continue;
            const std::string& number = started->number;
            for (const auto& [channel, other] : on_the_line) EXPECT_NE(other, number);
            on_the_line[signal.channel] = number;
            if (!before.insert(number).second) ++again;
        }
        return again;
    };
    EXPECT_EQ(repeats(0), 0);
    EXPECT_GT(repeats(40), 200);  // of some 2,400 callers; the mean is 960
}

TEST(SimulatorEndings, AgentsTakeBreaksWithReasonsAndComeBack) {
    SimulatedPbx pbx(busy_config(1));
    const auto signals = signals_of(pbx, Millis{7'200'000}, Millis{7'200'000});
    using Pause = signal::MemberChanged::Pause;
    std::map<std::string, Pause> pause;
    std::set<std::string> reasons;
    int back = 0;
    for (const auto& signal : signals) {
        const auto* member = std::get_if<signal::MemberChanged>(&signal.body);
        if (member == nullptr || member->queue.empty()) continue;
        const std::string key = member->agent + member->queue;
        if (pause[key] == Pause::paused && member->pause == Pause::unpaused) ++back;
        pause[key] = member->pause;
        if (member->pause == Pause::paused) reasons.insert(member->reason);
        EXPECT_EQ(member->pause == Pause::paused, !member->reason.empty());
    }
    EXPECT_GT(back, 20);
    EXPECT_TRUE(reasons.contains("午休"));
    EXPECT_TRUE(reasons.contains("培训"));
    EXPECT_TRUE(reasons.contains("会议"));
}

TEST(SimulatorEndings, NobodyIsRungWhilePausedOrWrappingUpOrInACall) {
    Config config = busy_config(1);
    config.internal_per_hour = 0;
    SimulatedPbx pbx(config);
    struct Agent {
        bool paused = false;
        DeviceStatus status = DeviceStatus::idle;
        WallTime idle_since{};
        bool served = false;
    };
    std::map<std::string, Agent> agents;
    std::set<std::string> served_now;
    int rung = 0;
    DeviceStatus before{};
    for (const auto& signal : signals_of(pbx, Millis{3'600'000}, Millis{3'600'000})) {
        if (const auto* member = std::get_if<signal::MemberChanged>(&signal.body)) {
            auto& agent = agents[member->agent];
            before = agent.status;
            agent.paused = member->pause == signal::MemberChanged::Pause::paused;
            agent.status = member->status;
            if (before == DeviceStatus::in_use && member->status == DeviceStatus::idle) {
                agent.idle_since = signal.at;
                agent.served = true;
            }
        }
        const auto* called = std::get_if<signal::AgentCalled>(&signal.body);
        if (called == nullptr) continue;
        const auto& agent = agents[called->agent];
        EXPECT_FALSE(agent.paused) << called->agent;
        EXPECT_EQ(agent.status, DeviceStatus::ringing) << called->agent;
        if (agent.served) {
            EXPECT_GE(signal.at - agent.idle_since, config.wrap_up) << called->agent;
        }
        ++rung;
    }
    EXPECT_GT(rung, 500);
}

TEST(SimulatorEndings, ADayOfADozenAgentsTakesNoMoreThanItsSignals) {
    Config config;
    config.agents = 12;
    config.callers_per_minute = 4;
    SimulatedPbx pbx(config);
    const auto signals = signals_of(pbx, kDay, kDay);
    EXPECT_GT(signals.size(), 50'000U);
    const auto calls = pbx.truth();
    const auto answered =
        std::count_if(calls.begin(), calls.end(), [](const auto& call) { return call.outcome == Outcome::answered; });
    EXPECT_GT(calls.size(), 5'000U);
    EXPECT_LT(calls.size(), 6'500U);  // Poisson: 4 a minute are 5,760 a day
    // What is left open at the end is a few calls, not an accumulation.
    EXPECT_LT(pbx.open_calls().size(), 40U);
    EXPECT_GT(answered, static_cast<long>(calls.size()) / 2);
}

}  // namespace
}  // namespace citybridge::simulator::test
