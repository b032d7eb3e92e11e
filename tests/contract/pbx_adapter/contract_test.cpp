// The contract of PbxAdapter (core/api/capabilities.h) and of the signals that
// begin a link (core/api/signals.h), for every implementation.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/contract/pbx_adapter/far_sides.h"
#include "tests/contract/pbx_adapter/run.h"

namespace citybridge::contract {
namespace {

class PbxContract : public ::testing::TestWithParam<Implementation> {
protected:
    void SetUp() override {
        far = GetParam().make();
        if (const std::string why = far->absent(); !why.empty()) GTEST_SKIP() << why;
    }
    void TearDown() override {
        if (run && far->is_real()) run->clear();
    }
    void begin(Fate fate = Fate::answers) {
        run = std::make_unique<AdapterRun>(*far, fate);
        ASSERT_TRUE(run->wait_for_count<signal::Snapshot>(1)) << "no link";
        far->prepare(fate, run->adapter());
    }
    CommandReply dial(Fate fate) {
        begin(fate);
        return run->dial(far->dial(fate));
    }
    void expect_fate(Fate fate, const std::string& reason) {
        if (!far->can(fate)) GTEST_SKIP() << "this far side cannot do that: " << to_string(fate);
        const CommandReply reply = dial(fate);
        EXPECT_EQ(to_string(reply.outcome), to_string(CommandOutcome::failed));
        EXPECT_EQ(reply.reason, reason);
    }
    bool offers(CallAction action) {
        const auto actions = run->adapter().call_actions();
        return std::find(actions.begin(), actions.end(), action) != actions.end();
    }
    // On a talk of its own; skipped if one of them is not offered.
    void expect_done(const std::vector<CallAction>& actions) {
        begin();
        for (const CallAction action : actions) {
            if (!offers(action)) GTEST_SKIP() << to_string(action) << " is not offered";
        }
        CallCommand command = run->talk(*far);
        ASSERT_FALSE(command.customer_channel.empty());
        int asked = 0;
        for (const CallAction action : actions) {
            const std::size_t before = run->signals().size();
            command.command_id = "a" + std::to_string(++asked);
            command.action = action;
            command.to = far->colleague();
            command.recording = "contract-" + command.command_id;
            command.ring_timeout = Millis{2'000};
            const CommandReply reply = run->ask(command);
            ASSERT_EQ(to_string(reply.outcome), to_string(CommandOutcome::succeeded))
                << to_string(action) << ": " << reply.reason;
            if (action == CallAction::consult) command.consult_channel = consulted(before);
            // Its steps are about a recording that the PBX has told of, where it tells.
            if (action == CallAction::record && far->tells_recordings()) {
                ASSERT_TRUE(run->wait_for_count<signal::RecordingChanged>(1));
            }
        }
    }
    // Who shares a bridge with the agent since then.
    std::string consulted(std::size_t since) {
        std::string third;
        const bool there = run->wait_for([&](const std::vector<PbxSignal>& signals) {
            for (std::size_t at = since; at < signals.size(); ++at) {
                const auto* started = std::get_if<signal::ChannelStarted>(&signals[at].body);
                if (started != nullptr && !started->internal_helper) third = signals[at].channel;
            }
            const auto joins = [&](const PbxSignal& signal) {
                return std::holds_alternative<signal::BridgeEntered>(signal.body) && signal.channel == third;
            };
            return !third.empty() && std::any_of(signals.begin(), signals.end(), joins);
        });
        EXPECT_TRUE(there) << "nobody was consulted";
        return third;
    }
    static const signal::LinkUp* link_up(const std::vector<PbxSignal>& signals, std::size_t number) {
        for (const PbxSignal& signal : signals) {
            const auto* up = std::get_if<signal::LinkUp>(&signal.body);
            if (up != nullptr && number-- == 0) return up;
        }
        return nullptr;
    }

    std::unique_ptr<FarSide> far;
    std::unique_ptr<AdapterRun> run;  // ends first
};

// ---- dialling -------------------------------------------------------------------

TEST_P(PbxContract, DialSucceedsWhenTheAgentsPhoneIsAnswered) {
    const CommandReply reply = dial(Fate::answers);
    EXPECT_EQ(to_string(reply.outcome), to_string(CommandOutcome::succeeded)) << reply.reason;
    EXPECT_FALSE(reply.channel.empty());
    EXPECT_TRUE(run->wait_for([&](const std::vector<PbxSignal>& signals) {
        return std::any_of(signals.begin(), signals.end(), [&](const PbxSignal& signal) {
            return signal.channel == reply.channel && std::holds_alternative<signal::ChannelStarted>(signal.body);
        });
    })) << "the reply names a channel that the signals do not know";
}
TEST_P(PbxContract, DialOfABusyAgentFailsAsBusy) { expect_fate(Fate::busy, "busy"); }
TEST_P(PbxContract, DialThatNobodyAnswersFailsAsNoAnswer) { expect_fate(Fate::no_answer, "no_answer"); }
TEST_P(PbxContract, DialThatTheAgentRejectsFailsAsRejected) { expect_fate(Fate::rejects, "rejected"); }
TEST_P(PbxContract, DialOfAnUnknownNumberFailsAsSuch) { expect_fate(Fate::unknown_number, "no_such_number"); }
TEST_P(PbxContract, DialOfAPhoneThatIsNotThereRingsNobody) {
    expect_fate(Fate::unregistered, "unreachable");
    if (IsSkipped()) return;
    EXPECT_EQ(AdapterRun::count_of<signal::ChannelStarted>(run->signals()), 0U);
}
TEST_P(PbxContract, ALostAnswerIsLookedUpAndNobodyDialledTwice) {
    if (!far->can(Fate::lost_but_there)) GTEST_SKIP() << "no answer can be lost here";
    const CommandReply reply = dial(Fate::lost_but_there);
    EXPECT_EQ(to_string(reply.outcome), to_string(CommandOutcome::succeeded)) << reply.reason;
    if (far->dials() >= 0) {
        EXPECT_EQ(far->dials(), 1);
    }
}
TEST_P(PbxContract, ALostAnswerWithNothingToBeFoundIsUnknown) {
    if (!far->can(Fate::lost)) GTEST_SKIP() << "no answer can be lost here";
    const CommandReply reply = dial(Fate::lost);
    EXPECT_EQ(to_string(reply.outcome), to_string(CommandOutcome::unknown));
    if (far->dials() >= 0) {
        EXPECT_EQ(far->dials(), 1);
    }
}
TEST_P(PbxContract, ADialThatCannotBeWrittenFailsAndIsNotSent) {
    begin();
    DialCommand evil = far->dial(Fate::answers);
    evil.number = "1\r\n\r\nAction: Logoff\r\n\r\n";
    EXPECT_EQ(to_string(run->dial(evil).outcome), to_string(CommandOutcome::failed));
    if (far->dials() >= 0) {
        EXPECT_EQ(far->dials(), 0);
    }
}

// ---- calls ----------------------------------------------------------------------

TEST_P(PbxContract, HangupEndsTheChannel) {
    begin();
    const CallCommand call = run->talk(*far);
    ASSERT_FALSE(call.agent_channel.empty());
    EXPECT_EQ(to_string(run->hangup(call.agent_channel).outcome), to_string(CommandOutcome::succeeded));
    EXPECT_TRUE(run->wait_for([&](const std::vector<PbxSignal>& signals) {
        return std::any_of(signals.begin(), signals.end(), [&](const PbxSignal& signal) {
            return signal.channel == call.agent_channel && std::holds_alternative<signal::ChannelEnded>(signal.body);
        });
    }));
}
TEST_P(PbxContract, HangupOfWhatIsNotThereIsNoSuchCall) {
    begin();
    for (const char* channel : {"nobody-has-this-4711", ""}) {
        const CommandReply reply = run->hangup(channel);
        EXPECT_EQ(to_string(reply.outcome), to_string(CommandOutcome::failed)) << channel;
        EXPECT_EQ(reply.reason, "no_such_call") << channel;
    }
}
TEST_P(PbxContract, HangupIsAlwaysOffered) {
    begin();
    EXPECT_TRUE(offers(CallAction::hangup));
    const auto actions = run->adapter().call_actions();
    EXPECT_EQ(std::set<CallAction>(actions.begin(), actions.end()).size(), actions.size()) << "one is named twice";
}
TEST_P(PbxContract, HoldAndRetrieve) { expect_done({CallAction::hold, CallAction::retrieve}); }
TEST_P(PbxContract, BlindTransfer) { expect_done({CallAction::transfer}); }
TEST_P(PbxContract, ConsultationCancelled) { expect_done({CallAction::consult, CallAction::cancel_consult}); }
TEST_P(PbxContract, ConsultationCompleted) { expect_done({CallAction::consult, CallAction::attended_transfer}); }
TEST_P(PbxContract, ConsultationTurnedIntoAConference) { expect_done({CallAction::consult, CallAction::conference}); }
TEST_P(PbxContract, ConferenceWithAnInvitedThird) { expect_done({CallAction::conference}); }
TEST_P(PbxContract, RecordingMutedUnmutedAndStopped) {
    expect_done(
        {CallAction::record, CallAction::mute_recording, CallAction::unmute_recording, CallAction::stop_recording});
}
TEST_P(PbxContract, Parking) { expect_done({CallAction::park}); }

constexpr CallAction kActions[] = {CallAction::hold,
                                   CallAction::retrieve,
                                   CallAction::transfer,
                                   CallAction::consult,
                                   CallAction::attended_transfer,
                                   CallAction::cancel_consult,
                                   CallAction::conference,
                                   CallAction::record,
                                   CallAction::stop_recording,
                                   CallAction::mute_recording,
                                   CallAction::unmute_recording,
                                   CallAction::park};

TEST_P(PbxContract, WhatIsNotOfferedIsNotSupported) {
    begin();
    for (const CallAction action : kActions) {
        if (offers(action)) continue;
        CallCommand command;
        command.action = action;
        command.agent_channel = "a";
        command.customer_channel = "b";
        EXPECT_EQ(to_string(run->ask(command).outcome), to_string(CommandOutcome::not_supported)) << to_string(action);
    }
}
TEST_P(PbxContract, ActionsOnChannelsThatAreNotThereFail) {
    begin();
    for (const CallAction action : kActions) {
        if (!offers(action)) continue;
        CallCommand command;
        command.command_id = "x";
        command.action = action;
        command.agent = far->agent();
        command.agent_channel = "nobody-has-this-4711";
        command.customer_channel = "nobody-has-this-4712";
        command.to = far->colleague();
        command.recording = "contract";
        const CommandReply reply = run->ask(command);
        EXPECT_EQ(to_string(reply.outcome), to_string(CommandOutcome::failed)) << to_string(action);
        // FreeSWITCH does not say of a hold why it failed.
        EXPECT_TRUE(reply.reason == "no_such_call" || reply.reason == "failed") << to_string(action) << reply.reason;
    }
}

// ---- agents ---------------------------------------------------------------------

TEST_P(PbxContract, AnAgentGoesAwayComesBackLogsOutAndIn) {
    if (far->queues().empty()) GTEST_SKIP() << "no agent of this PBX may be touched";
    begin();
    for (const AgentWish wish : {AgentWish::not_ready, AgentWish::ready, AgentWish::log_out, AgentWish::log_in}) {
        const CommandReply reply = run->want({far->agent(), far->agent(), wish, "", far->queues()});
        EXPECT_EQ(to_string(reply.outcome), to_string(CommandOutcome::succeeded)) << to_string(wish) << reply.reason;
    }
}
TEST_P(PbxContract, ANotReadyOfNobodyFails) {
    begin();
    const CommandReply reply = run->want({"nobody-4711", "nobody-4711", AgentWish::not_ready, "", {}});
    EXPECT_EQ(to_string(reply.outcome), to_string(CommandOutcome::failed));
    EXPECT_EQ(reply.reason, "no_such_agent");
}

// ---- the link -------------------------------------------------------------------

TEST_P(PbxContract, ALinkBeginsWithLinkUpAndASnapshot) {
    begin();
    const auto signals = run->signals();
    ASSERT_GE(signals.size(), 2U);
    ASSERT_TRUE(std::holds_alternative<signal::LinkUp>(signals[0].body));
    EXPECT_FALSE(std::get<signal::LinkUp>(signals[0].body).pbx_start.empty());
    EXPECT_TRUE(std::holds_alternative<signal::Snapshot>(signals[1].body));
}
TEST_P(PbxContract, WithoutALinkEveryCommandFailsAtOnceAsLinkDown) {
    if (!far->has_link()) GTEST_SKIP() << "there is no link";
    far->refuse_connections(true);
    run = std::make_unique<AdapterRun>(*far, Fate::answers);
    CallCommand command;
    command.action = CallAction::transfer;
    command.agent_channel = "a";
    command.customer_channel = "b";
    command.to = far->colleague();
    EXPECT_EQ(run->dial(far->dial(Fate::answers)).reason, "link_down");
    EXPECT_EQ(run->hangup("a").reason, "link_down");
    EXPECT_EQ(run->ask(command).reason, "link_down");
    EXPECT_EQ(run->want({far->agent(), far->agent(), AgentWish::ready, "", {}}).reason, "link_down");
    if (far->dials() >= 0) {
        EXPECT_EQ(far->dials(), 0);
    }
}
TEST_P(PbxContract, ASilentPeerIsACutLinkAndIsConnectedAgain) {
    if (!far->has_link()) GTEST_SKIP() << "there is no link";
    begin();
    far->fall_silent(true);
    EXPECT_TRUE(run->wait_for_count<signal::LinkDown>(1));
    far->fall_silent(false);
    EXPECT_TRUE(run->wait_for_count<signal::Snapshot>(2));
}
TEST_P(PbxContract, GarbageIsACutLinkAndIsConnectedAgain) {
    if (!far->has_link()) GTEST_SKIP() << "there is no link";
    begin();
    far->talk_garbage();
    EXPECT_TRUE(run->wait_for_count<signal::LinkDown>(1));
    EXPECT_TRUE(run->wait_for_count<signal::Snapshot>(2));
}
TEST_P(PbxContract, ACutIsToldOnceAndTheNewLinkIsTheSameRunOfThePbx) {
    if (!far->has_link()) GTEST_SKIP() << "there is no link";
    begin();
    far->cut_in_the_middle();
    ASSERT_TRUE(run->wait_for_count<signal::Snapshot>(2));
    const auto signals = run->signals();
    EXPECT_EQ(AdapterRun::count_of<signal::LinkDown>(signals), 1U);
    EXPECT_EQ(link_up(signals, 0)->pbx_start, link_up(signals, 1)->pbx_start);
    const auto down = std::find_if(signals.begin(), signals.end(),
                                   [](const auto& s) { return std::holds_alternative<signal::LinkDown>(s.body); });
    ASSERT_GE(signals.end() - down, 3);
    EXPECT_TRUE(std::holds_alternative<signal::LinkUp>((down + 1)->body));
    EXPECT_TRUE(std::holds_alternative<signal::Snapshot>((down + 2)->body));
}
TEST_P(PbxContract, ARestartOfThePbxIsAnotherRun) {
    if (!far->has_link()) GTEST_SKIP() << "there is no link";
    begin();
    far->restart();
    ASSERT_TRUE(run->wait_for_count<signal::Snapshot>(2));
    const auto signals = run->signals();
    EXPECT_NE(link_up(signals, 0)->pbx_start, link_up(signals, 1)->pbx_start);
}
TEST_P(PbxContract, ACallThatWasThereBeforeTheCutIsInTheSnapshotAfterIt) {
    if (!far->has_link()) GTEST_SKIP() << "there is no link";
    begin();
    const CallCommand call = run->talk(*far);
    far->cut_in_the_middle();
    ASSERT_TRUE(run->wait_for_count<signal::Snapshot>(2));
    std::set<std::string> there;
    for (const PbxSignal& signal : run->signals()) {
        if (const auto* snapshot = std::get_if<signal::Snapshot>(&signal.body)) {
            there.clear();
            for (const auto& channel : snapshot->channels) there.insert(channel.id);
        }
    }
    EXPECT_TRUE(there.contains(call.agent_channel));
    EXPECT_TRUE(there.contains(call.customer_channel));
}

// ---- exactly once ---------------------------------------------------------------

TEST_P(PbxContract, EveryCommandIsAnsweredOnceAlsoWhenTheAdapterStops) {
    begin();
    const CallCommand call = run->talk(*far);
    if (far->has_link()) far->fall_silent(true);
    std::vector<Answer> answers(5);
    CallCommand command = call;
    command.command_id = "s";
    command.action = offers(CallAction::transfer) ? CallAction::transfer : CallAction::hold;
    command.to = far->colleague();
    run->adapter().command(command, answers[0].done());
    run->adapter().hangup(call.customer_channel, answers[1].done());
    run->adapter().set_agent_state({far->agent(), far->agent(), AgentWish::not_ready, "", {}}, answers[2].done());
    DialCommand dial = far->dial(Fate::answers);
    dial.command_id = "s2";
    run->adapter().dial(dial, answers[3].done());
    run->stop();
    run->adapter().hangup(call.agent_channel, answers[4].done());
    for (std::size_t each = 0; each < answers.size(); ++each) {
        const CommandReply reply = answers[each].wait();
        EXPECT_TRUE(each < 4 || reply.reason == "link_down") << reply.reason;
        EXPECT_EQ(answers[each].times(), 1) << each;
    }
    if (far->dials() >= 0) {
        EXPECT_LE(far->dials(), 2);
    }
}
TEST_P(PbxContract, AfterAStopNothingIsSignalled) {
    begin();
    run->stop();
    const std::size_t before = run->signals().size();
    if (far->has_link()) far->cut_in_the_middle();
    run->adapter().hangup("x", [](const CommandReply&) {});
    EXPECT_EQ(run->signals().size(), before);
}

INSTANTIATE_TEST_SUITE_P(Of, PbxContract, ::testing::ValuesIn(implementations()),
                         [](const auto& implementation) { return implementation.param.name; });

}  // namespace
}  // namespace citybridge::contract
