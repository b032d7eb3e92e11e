// Commands on live calls, as recorded in captures 09b, 10a, 10b, 11a, 12, 17 and FACTS 12 and 18.
#include <gtest/gtest.h>

#include "tests/unit/asterisk/session_driver.h"

namespace citybridge::asterisk {
namespace {

constexpr const char* kAgent = "1795289943.95";
constexpr const char* kCustomer = "1795289942.94";
constexpr const char* kThird = "1795289947.98";
constexpr const char* kTalk = "8e39313c-94e7-4e12-b865-2772cbfab39c";
constexpr const char* kConsultation = "9bf04096-abae-4e2c-a067-22d3766ea4b7";

SessionSettings settings_with_everything() {
    SessionSettings settings;
    settings.calls.offered = {
        CallAction::transfer,         CallAction::consult, CallAction::attended_transfer, CallAction::cancel_consult,
        CallAction::conference,       CallAction::record,  CallAction::stop_recording,    CallAction::mute_recording,
        CallAction::unmute_recording, CallAction::park};
    settings.calls.conference_context = "citybridge-conference";
    settings.calls.prefix = "9";
    settings.calls.internal_digits = 4;
    return settings;
}

struct AsteriskCalls : ::testing::Test {
    AsteriskCalls() { connect(true); }

    void connect(bool rooms) {
        driver.log_in();
        driver.boot();
        if (rooms) {
            driver.answer("ShowDialPlan", "Success", {{"EventList", "start"}});
        } else {
            driver.answer("ShowDialPlan", "Error", {{"Message", "Did not find context citybridge-conference"}});
        }
        driver.answer_lists();
        ASSERT_TRUE(driver.session.ready());
    }
    static CallCommand wish(CallAction action, const std::string& to = {}) {
        CallCommand command;
        command.command_id = "c-1";
        command.action = action;
        command.agent = "SIP/1002";
        command.agent_channel = kAgent;
        command.customer_channel = kCustomer;
        command.to = to;
        command.recording = "beijing-1";
        command.ring_timeout = Millis(20'000);
        return command;
    }
    void ask(const CallCommand& command) {
        driver.session.command(command, driver.expect_reply(), driver.now);
        driver.pass(Millis(0));
    }
    static Fields status(const char* channel, const char* bridge) {
        return {{"Event", "Status"}, {"Uniqueid", channel}, {"BridgeID", bridge}};
    }
    // The two looks at agent and customer, in this order. Empty bridge: the channel is not there.
    void show(const char* agent_bridge, const char* customer_bridge) {
        for (auto [channel, bridge] : {std::pair(kAgent, agent_bridge), std::pair(kCustomer, customer_bridge)}) {
            if (*bridge == 0) {
                driver.answer("Status", "Error", {{"Message", "No such channel"}});
            } else {
                driver.finish_list("Status", {status(channel, bridge)});
            }
        }
    }
    void happens(const std::string& name, const char* channel, const char* bridge = "") {
        driver.event({{"Event", name}, {"Uniqueid", channel}, {"BridgeUniqueid", bridge}});
    }
    void transferred(const std::string& result) {
        driver.event({{"Event", "AttendedTransfer"},
                      {"Result", result},
                      {"OrigTransfererUniqueid", kAgent},
                      {"SecondTransfererUniqueid", kAgent}});
    }
    void expect(CommandOutcome outcome, const std::string& reason) {
        ASSERT_EQ(driver.replies.size(), 1U);
        EXPECT_EQ(to_string(driver.replies[0].outcome), to_string(outcome));
        EXPECT_EQ(driver.replies[0].reason, reason);
    }

    SessionDriver driver{settings_with_everything()};
};

TEST_F(AsteriskCalls, BlindTransferNamesTheAgentsChannelAndTheNumber) {
    ask(wish(CallAction::transfer, "2001"));
    EXPECT_EQ(driver.sent("BlindTransfer", "Channel"), kAgent);
    EXPECT_EQ(driver.sent("BlindTransfer", "Exten"), "2001") << "a colleague needs no outside line";
    driver.answer("BlindTransfer", "Success", {{"Message", "Transfer succeeded"}});
    expect(CommandOutcome::succeeded, "");
}

TEST_F(AsteriskCalls, ANumberOutsideGetsThePrefix) {
    ask(wish(CallAction::transfer, "13912345678"));
    EXPECT_EQ(driver.sent("BlindTransfer", "Exten"), "913912345678");
}

TEST_F(AsteriskCalls, RefusalsHaveTheirStableWord) {
    const std::vector<std::tuple<std::string, CommandOutcome, std::string>> refusals{
        {"Permission denied", CommandOutcome::failed, "not_permitted"},
        {"Transfer not permitted", CommandOutcome::failed, "not_permitted"},
        {"No such channel", CommandOutcome::failed, "no_such_call"},
        {"Transfer failed", CommandOutcome::failed, "failed"},
        {"Invalid/unknown command: BlindTransfer. Use Action: ListCommands to show available commands.",
         CommandOutcome::not_supported, "not_supported"}};
    for (const auto& [text, outcome, reason] : refusals) {
        driver.replies.clear();
        ask(wish(CallAction::transfer, "2001"));
        driver.answer("BlindTransfer", "Error", {{"Message", text}});
        expect(outcome, reason);
    }
}

TEST_F(AsteriskCalls, WhatCannotBeDialledIsRefusedAndNothingIsSent) {
    for (const CallAction action : {CallAction::transfer, CallAction::consult, CallAction::conference}) {
        for (const char* number : {"", "12 34", "1\r\nAction: Logoff", "1&2", "${EXTEN}", "1@evil"}) {
            driver.replies.clear();
            ask(wish(action, number));
            expect(CommandOutcome::failed, "no_such_number");
        }
    }
    EXPECT_EQ(driver.count("BlindTransfer") + driver.count("Atxfer") + driver.count("Redirect"), 0U);
}

TEST_F(AsteriskCalls, WithoutTheChannelsItTakesThereIsNoSuchCall) {
    for (const CallAction action : settings_with_everything().calls.offered) {
        driver.replies.clear();
        CallCommand command = wish(action, "2001");
        command.agent_channel.clear();
        command.customer_channel.clear();
        ask(command);
        expect(CommandOutcome::failed, "no_such_call");
    }
}

TEST_F(AsteriskCalls, WhatIsNotOfferedIsNotSupported) {
    for (const CallAction action : {CallAction::hold, CallAction::retrieve, CallAction::hangup}) {
        driver.replies.clear();
        ask(wish(action));
        expect(CommandOutcome::not_supported, "not_supported");
    }
}

TEST_F(AsteriskCalls, AConsultationSucceedsWhenTheAgentLeavesForItsBridge) {
    ask(wish(CallAction::consult, "2001"));
    EXPECT_EQ(driver.count("Atxfer"), 0U) << "looks first";
    show(kTalk, kTalk);
    EXPECT_EQ(driver.sent("Atxfer", "Channel"), kAgent);
    EXPECT_EQ(driver.sent("Atxfer", "Exten"), "2001");
    driver.answer("Atxfer", "Success", {{"Message", "Atxfer successfully queued"}});
    EXPECT_TRUE(driver.replies.empty()) << "queued says nothing";
    happens("Hold", kAgent);
    happens("BridgeEnter", "1795289947.96", kConsultation);
    EXPECT_TRUE(driver.replies.empty());
    happens("BridgeEnter", kAgent, kConsultation);
    expect(CommandOutcome::succeeded, "");
}

TEST_F(AsteriskCalls, AConsultationThatTheDialplanDoesNotKnowFails) {
    ask(wish(CallAction::consult, "5555"));
    show(kTalk, kTalk);
    driver.answer("Atxfer", "Success", {{"Message", "Atxfer successfully queued"}});
    happens("Hold", kAgent);
    driver.pass(Millis(8'000));
    show(kTalk, kTalk);
    expect(CommandOutcome::failed, "no_such_number");
}

TEST_F(AsteriskCalls, AConsultationOfACallWithoutTransferOptionsIsNotPermitted) {
    ask(wish(CallAction::consult, "2001"));
    show(kTalk, kTalk);
    driver.answer("Atxfer", "Success", {{"Message", "Atxfer successfully queued"}});
    driver.pass(Millis(8'000));
    show(kTalk, kTalk);
    expect(CommandOutcome::failed, "not_permitted");
}

TEST_F(AsteriskCalls, ALostEventOfAConsultationIsLookedUp) {
    ask(wish(CallAction::consult, "2001"));
    show(kTalk, kTalk);
    driver.answer("Atxfer", "Success", {{"Message", "Atxfer successfully queued"}});
    driver.pass(Millis(8'000));
    show(kConsultation, kTalk);
    expect(CommandOutcome::succeeded, "");
    EXPECT_EQ(driver.count("Atxfer"), 1U);
}

TEST_F(AsteriskCalls, ALostAnswerIsLookedUpAndElseUnknown) {
    for (const bool found : {true, false}) {
        driver.replies.clear();
        ask(wish(CallAction::consult, "2001"));
        show(kTalk, kTalk);
        driver.pass(Millis(5'000));
        show(found ? kConsultation : kTalk, kTalk);
        expect(found ? CommandOutcome::succeeded : CommandOutcome::unknown, found ? "" : "timeout");
    }
    EXPECT_EQ(driver.count("Atxfer"), 2U) << "each was sent once";
}

TEST_F(AsteriskCalls, WhoConsultsAlreadyBeginsNoSecondConsultation) {
    ask(wish(CallAction::consult, "2001"));
    show(kConsultation, kTalk);
    expect(CommandOutcome::failed, "failed");
    EXPECT_EQ(driver.count("Atxfer"), 0U);
}

TEST_F(AsteriskCalls, ACancelledConsultationBringsTheAgentBack) {
    ask(wish(CallAction::cancel_consult));
    show(kConsultation, kTalk);
    EXPECT_EQ(driver.sent("CancelAtxfer", "Channel"), kAgent);
    driver.answer("CancelAtxfer", "Success", {{"Message", "CancelAtxfer successfully queued"}});
    EXPECT_TRUE(driver.replies.empty());
    happens("BridgeEnter", kAgent, kTalk);
    expect(CommandOutcome::succeeded, "");
}

TEST_F(AsteriskCalls, AttendedTransferEndsTheAgentsLegAndIsToldByThePbx) {
    for (const bool success : {true, false}) {
        driver.replies.clear();
        ask(wish(CallAction::attended_transfer));
        show(kConsultation, kTalk);
        EXPECT_EQ(driver.sent("Hangup", "Channel"), kAgent);
        driver.answer("Hangup", "Success", {{"Message", "Channel Hungup"}});
        EXPECT_TRUE(driver.replies.empty());
        transferred(success ? "Success" : "Fail");
        happens("Hangup", kAgent);
        if (!success) {
            driver.pass(Millis(5'000));
            show("", "");
        }
        expect(success ? CommandOutcome::succeeded : CommandOutcome::failed, success ? "" : "no_such_call");
    }
}

// The colleague hung up a moment ago: a hang-up now would hit the customer.
TEST_F(AsteriskCalls, WhatEndsAConsultationIsNotSentWhenItIsOver) {
    for (const CallAction action :
         {CallAction::attended_transfer, CallAction::cancel_consult, CallAction::conference}) {
        driver.replies.clear();
        CallCommand command = wish(action);
        command.consult_channel = kThird;
        ask(command);
        show(kTalk, kTalk);
        expect(CommandOutcome::failed, "no_such_call");
    }
    EXPECT_EQ(driver.count("Hangup") + driver.count("CancelAtxfer") + driver.count("PlayDTMF"), 0U);
}

TEST_F(AsteriskCalls, ThreeWayOutOfAConsultationIsKeysOnTheAgentsChannel) {
    CallCommand command = wish(CallAction::conference);
    command.consult_channel = kThird;
    ask(command);
    show(kConsultation, kTalk);
    EXPECT_EQ(driver.sent("PlayDTMF", "Digit"), "*");
    EXPECT_EQ(driver.sent("PlayDTMF", "Receive"), "true");
    driver.answer("PlayDTMF", "Success", {{"Message", "DTMF successfully queued"}});
    EXPECT_EQ(driver.sent("PlayDTMF", "Digit"), "3");
    driver.answer("PlayDTMF", "Success", {{"Message", "DTMF successfully queued"}});
    EXPECT_TRUE(driver.replies.empty());
    transferred("Success");
    expect(CommandOutcome::succeeded, "");
}

TEST_F(AsteriskCalls, ThreeWayWhoseThirdHungUpMeanwhileFailed) {
    CallCommand command = wish(CallAction::conference);
    command.consult_channel = kThird;
    ask(command);
    show(kConsultation, kTalk);
    driver.answer("PlayDTMF", "Success");
    driver.answer("PlayDTMF", "Success");
    happens("Hangup", kThird);
    happens("BridgeEnter", kAgent, kTalk);
    driver.pass(Millis(5'000));
    show(kTalk, kTalk);
    expect(CommandOutcome::failed, "failed");
}

TEST_F(AsteriskCalls, AThirdIsInvitedIntoARoomWhereBothAlreadyAre) {
    ask(wish(CallAction::conference, "2003"));
    const std::string room = driver.sent("Redirect", "Exten");
    EXPECT_EQ(room.size(), 8U);
    EXPECT_EQ(room.find_first_not_of("0123456789"), std::string::npos);
    EXPECT_EQ(driver.sent("Redirect", "Channel"), kCustomer);
    EXPECT_EQ(driver.sent("Redirect", "ExtraChannel"), kAgent);
    EXPECT_EQ(driver.sent("Redirect", "Context"), "citybridge-conference");
    EXPECT_EQ(driver.count("Originate"), 0U);
    driver.answer("Redirect", "Success", {{"Message", "Dual Redirect successful"}});
    EXPECT_EQ(driver.sent("Originate", "Channel"), "Local/2003@internal");
    EXPECT_EQ(driver.sent("Originate", "Context"), "citybridge-conference");
    EXPECT_EQ(driver.sent("Originate", "Exten"), room);
    EXPECT_EQ(driver.sent("Originate", "Timeout"), "20000");
    driver.answer("Originate", "Success", {{"Message", "Originate successfully queued"}});
    EXPECT_TRUE(driver.replies.empty());
    driver.event({{"Event", "OriginateResponse"},
                  {"ActionID", driver.id_of("Originate")},
                  {"Response", "Failure"},
                  {"Reason", "5"},
                  {"Uniqueid", "<unknown>"}});
    expect(CommandOutcome::failed, "busy");
}

TEST_F(AsteriskCalls, NobodyIsInvitedWhenTheDialplanHasNoRooms) {
    driver.close("link.closed");
    connect(false);
    ask(wish(CallAction::conference, "2003"));
    expect(CommandOutcome::not_supported, "not_supported");
    EXPECT_EQ(driver.count("Redirect"), 0U) << "the customer would be sent nowhere";
    EXPECT_EQ(driver.log.back().code, "asterisk.context_missing");
}

TEST_F(AsteriskCalls, RecordingIsOnTheCustomersChannel) {
    ask(wish(CallAction::record));
    EXPECT_EQ(driver.sent("MixMonitor", "Channel"), kCustomer);
    EXPECT_EQ(driver.sent("MixMonitor", "File"), "beijing-1.wav");
    driver.answer("MixMonitor", "Success");
    expect(CommandOutcome::succeeded, "");
    const std::vector<std::pair<CallAction, std::string>> mutes{{CallAction::mute_recording, "1"},
                                                                {CallAction::unmute_recording, "0"}};
    for (const auto& [action, state] : mutes) {
        driver.replies.clear();
        ask(wish(action));
        EXPECT_EQ(driver.sent("MixMonitorMute", "State"), state);
        EXPECT_EQ(driver.sent("MixMonitorMute", "Direction"), "both");
        driver.answer("MixMonitorMute", "Success");
        expect(CommandOutcome::succeeded, "");
    }
    driver.replies.clear();
    ask(wish(CallAction::stop_recording));
    driver.answer("StopMixMonitor", "Error", {{"Message", "No such channel"}});
    expect(CommandOutcome::failed, "no_such_call");
}

// A comma would begin MixMonitor's options, a slash another folder.
TEST_F(AsteriskCalls, ARecordingsNameIsAFilesName) {
    for (const char* name : {"", "../x", "a/b", "a,b,c", "a|b", ".hidden", "a b"}) {
        driver.replies.clear();
        CallCommand command = wish(CallAction::record);
        command.recording = name;
        ask(command);
        expect(CommandOutcome::failed, "failed");
    }
    EXPECT_EQ(driver.count("MixMonitor"), 0U);
}

TEST_F(AsteriskCalls, ParkingParksTheCustomerAndComesBackToTheAgent) {
    ask(wish(CallAction::park));
    EXPECT_EQ(driver.sent("Park", "Channel"), kCustomer);
    EXPECT_EQ(driver.sent("Park", "TimeoutChannel"), kAgent);
    EXPECT_EQ(driver.sent("Park", "Timeout"), "45000");
    driver.answer("Park", "Success", {{"Message", "Park successful"}});
    expect(CommandOutcome::succeeded, "");
}

TEST_F(AsteriskCalls, AUserWhoMayNotLookGetsNoConsultation) {
    ask(wish(CallAction::consult, "2001"));
    driver.answer("Status", "Error", {{"Message", "Permission denied"}});
    driver.answer("Status", "Error", {{"Message", "Permission denied"}});
    expect(CommandOutcome::failed, "not_permitted");
    EXPECT_EQ(driver.count("Atxfer"), 0U);
}

struct AsteriskCallsEnd : AsteriskCalls {
    void ask_three() {
        ask(wish(CallAction::transfer, "2001"));
        ask(wish(CallAction::consult, "2001"));
        ask(wish(CallAction::conference, "2001"));
        driver.answer("Redirect", "Success");
        EXPECT_TRUE(driver.replies.empty());
    }
    void expect_three() {
        ASSERT_EQ(driver.replies.size(), 3U);
        int unknown = 0;
        for (const CommandReply& reply : driver.replies) {
            EXPECT_EQ(reply.reason, "link_down");
            unknown += reply.outcome == CommandOutcome::unknown ? 1 : 0;
        }
        EXPECT_EQ(unknown, 2) << "of the consultation nothing was sent yet: it failed for certain";
    }
};

TEST_F(AsteriskCallsEnd, ALostLinkAnswersEachOnce) {
    ask_three();
    driver.close("link.closed");
    driver.pass(Millis(100'000));
    expect_three();
}

TEST_F(AsteriskCallsEnd, AStopAnswersEachOnce) {
    ask_three();
    driver.session.stop();
    driver.pass(Millis(100'000));
    expect_three();
}

}  // namespace
}  // namespace citybridge::asterisk
