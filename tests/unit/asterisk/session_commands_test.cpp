#include <gtest/gtest.h>

#include "tests/unit/asterisk/session_driver.h"

namespace citybridge::asterisk {
namespace {

const DialCommand kDial{"call-0001", "SIP/1001", "13912345678", Millis(15'000)};

struct SessionCommands : ::testing::Test {
    SessionCommands() { driver.make_ready(); }

    void dial(const DialCommand& command = kDial) {
        driver.session.dial(command, driver.expect_reply(), driver.now), flush();
    }
    void flush() { driver.pass(Millis(0)); }
    void answer_queued() { driver.answer("Originate", "Success", {{"Message", "Originate successfully queued"}}); }
    void originate_response(const Fields& rest) {
        Fields fields{{"Event", "OriginateResponse"}, {"ActionID", driver.id_of("Originate")}};
        fields.insert(fields.end(), rest.begin(), rest.end());
        driver.event(fields);
    }
    void expect(CommandOutcome outcome, const std::string& reason) {
        ASSERT_EQ(driver.replies.size(), 1U);
        EXPECT_EQ(to_string(driver.replies[0].outcome), to_string(outcome));
        EXPECT_EQ(driver.replies[0].reason, reason);
        EXPECT_EQ(driver.count("Originate"), originates) << "nobody is dialled twice";
    }
    static Fields channel(const std::string& state) {
        return {{"Event", "CoreShowChannel"},
                {"Channel", "SIP/1001-00000035"},
                {"ChannelState", state},
                {"Uniqueid", "cti-call-0001"},
                {"Linkedid", "cti-call-0001"}};
    }

    SessionDriver driver;
    std::size_t originates = 1;
};

TEST_F(SessionCommands, DialSendsAnOriginateWithAnIdOfItsOwn) {
    dial();
    EXPECT_EQ(driver.sent("Originate", "Channel"), "SIP/1001");
    EXPECT_EQ(driver.sent("Originate", "Exten"), "13912345678");
    EXPECT_EQ(driver.sent("Originate", "Context"), "internal");
    EXPECT_EQ(driver.sent("Originate", "Priority"), "1");
    EXPECT_EQ(driver.sent("Originate", "Timeout"), "15000");
    EXPECT_EQ(driver.sent("Originate", "Async"), "true");
    EXPECT_EQ(driver.sent("Originate", "ChannelId"), "cti-call-0001");
    EXPECT_EQ(driver.sent("Originate", "OtherChannelId"), "");
    EXPECT_EQ(driver.sent("Originate", "CallerID"), "");
}

TEST_F(SessionCommands, DialOfALocalDeviceNamesBothHalves) {
    dial({"x", "Local/3001@agents", "1", Millis(1)});
    EXPECT_EQ(driver.sent("Originate", "ChannelId"), "cti-x");
    EXPECT_EQ(driver.sent("Originate", "OtherChannelId"), "cti-x-2");
}

TEST_F(SessionCommands, DialSucceedsWhenTheAgentAnswered) {
    dial();
    answer_queued();
    EXPECT_TRUE(driver.replies.empty()) << "queued says nothing";
    originate_response({{"Response", "Success"}, {"Reason", "4"}, {"Uniqueid", "cti-call-0001"}});
    expect(CommandOutcome::succeeded, "");
    EXPECT_EQ(driver.replies[0].channel, "cti-call-0001");
}

TEST_F(SessionCommands, DialToleratesTheAnswersInTheOtherOrder) {
    dial();
    originate_response({{"Response", "Success"}, {"Reason", "4"}, {"Uniqueid", "cti-call-0001"}});
    answer_queued();
    expect(CommandOutcome::succeeded, "");
}

// Reasons as recorded in capture 08b: 5 busy, 3 no answer, 0 not registered or unknown.
TEST_F(SessionCommands, DialFailuresHaveTheirReason) {
    const std::vector<std::pair<std::string, std::string>> reasons{
        {"5", "busy"}, {"3", "no_answer"}, {"0", "unreachable"}, {"8", "failed"}, {"1", "failed"}};
    for (const auto& [code, reason] : reasons) {
        driver.replies.clear();
        dial();
        answer_queued();
        originate_response({{"Response", "Failure"}, {"Reason", code}, {"Uniqueid", "<unknown>"}});
        expect(CommandOutcome::failed, reason);
        EXPECT_EQ(driver.replies[0].channel, "");
        ++originates;
    }
}

TEST_F(SessionCommands, DialTellsRejectedFromBusyByTheCauseThatFollows) {
    dial();
    answer_queued();
    driver.event({{"Event", "Newchannel"}, {"Channel", "SIP/1001-00000036"}, {"Uniqueid", "cti-call-0001"}});
    originate_response({{"Response", "Failure"}, {"Reason", "5"}, {"Uniqueid", "<unknown>"}});
    EXPECT_TRUE(driver.replies.empty()) << "the phone's Hangup is still to come";
    driver.event({{"Event", "Hangup"}, {"Uniqueid", "cti-call-0001"}, {"Cause", "21"}});
    expect(CommandOutcome::failed, "rejected");
}

TEST_F(SessionCommands, DialDoesNotWaitForeverForThatHangup) {
    dial();
    answer_queued();
    driver.event({{"Event", "Newchannel"}, {"Channel", "SIP/1001-00000036"}, {"Uniqueid", "cti-call-0001"}});
    originate_response({{"Response", "Failure"}, {"Reason", "5"}, {"Uniqueid", "<unknown>"}});
    driver.pass(Millis(500));
    expect(CommandOutcome::failed, "busy");
}

// Texts as recorded in captures 08b and 01e.
TEST_F(SessionCommands, DialRefusedAtOnce) {
    const std::vector<std::pair<std::string, std::string>> refusals{{"Extension does not exist.", "no_such_number"},
                                                                    {"Permission denied", "not_permitted"},
                                                                    {"Channel not specified", "failed"}};
    for (const auto& [text, reason] : refusals) {
        driver.replies.clear();
        dial();
        driver.answer("Originate", "Error", {{"Message", text}});
        expect(CommandOutcome::failed, reason);
        ++originates;
    }
}

TEST_F(SessionCommands, LineBreaksAreRefusedAndNothingIsSent) {
    originates = 0;
    for (const DialCommand& evil : {DialCommand{"a", "SIP/1001", "1\r\nAction: Command\r\nCommand: core stop now"},
                                    DialCommand{"a", "SIP/1001\nX", "1"}, DialCommand{"a\r\n", "SIP/1001", "1"},
                                    DialCommand{"a", "", "1"}, DialCommand{"a", "SIP/1001", ""}}) {
        driver.replies.clear();
        driver.log.clear();
        dial(evil);
        expect(CommandOutcome::failed, "failed");
        ASSERT_EQ(driver.log.size(), 1U);
        EXPECT_EQ(driver.log[0].code, "asterisk.bad_value");
    }
    driver.session.hangup("x\r\nAction: Logoff", driver.expect_reply(), driver.now);
    driver.session.set_agent_state({"SIP/1001", "SIP/1001", AgentWish::not_ready, "lunch\r\nAction: Logoff"},
                                   driver.expect_reply(), driver.now);
    flush();
    EXPECT_EQ(driver.replies.size(), 3U);
    EXPECT_EQ(driver.count("Hangup"), 0U);
    EXPECT_EQ(driver.count("QueuePause"), 0U);
    EXPECT_FALSE(driver.closed);
}

TEST_F(SessionCommands, LostOriginateResponseIsLookedUpAndFoundUp) {
    dial();
    answer_queued();
    driver.pass(Millis(10'000));
    driver.answer("Ping", "Success");
    EXPECT_EQ(driver.count("CoreShowChannels"), 1U) << "only the snapshot's so far";
    driver.pass(Millis(10'000));
    EXPECT_EQ(driver.count("CoreShowChannels"), 2U);
    driver.finish_list("CoreShowChannels", {channel("6")});
    expect(CommandOutcome::succeeded, "");
    EXPECT_EQ(driver.replies[0].channel, "cti-call-0001");
}

TEST_F(SessionCommands, LostOriginateResponseOfAChannelThatIsNotThereIsUnknown) {
    dial();
    answer_queued();
    driver.pass(Millis(20'000));
    driver.answer("Ping", "Success");
    driver.finish_list("CoreShowChannels", {});
    expect(CommandOutcome::unknown, "timeout");
}

TEST_F(SessionCommands, LostOriginateResponseIsToldByTheEventsOfTheChannel) {
    dial();
    answer_queued();
    driver.event({{"Event", "Hangup"}, {"Uniqueid", "cti-call-0001"}, {"ChannelState", "5"}, {"Cause", "19"}});
    driver.pass(Millis(20'000));
    driver.answer("Ping", "Success");
    driver.finish_list("CoreShowChannels", {});
    expect(CommandOutcome::failed, "no_answer");
}

TEST_F(SessionCommands, LostResponseGoesOnRingingWhenTheChannelIsThere) {
    dial();
    driver.pass(Millis(5'000));
    driver.finish_list("CoreShowChannels", {channel("5")});
    EXPECT_TRUE(driver.replies.empty());
    originate_response({{"Response", "Failure"}, {"Reason", "3"}, {"Uniqueid", "<unknown>"}});
    expect(CommandOutcome::failed, "no_answer");
}

TEST_F(SessionCommands, AUserWhoMayNotListChannelsGetsUnknown) {
    dial();
    driver.pass(Millis(5'000));
    driver.answer("CoreShowChannels", "Error", {{"Message", "Permission denied"}});
    expect(CommandOutcome::unknown, "timeout");
}

TEST_F(SessionCommands, LinkLostWhileRingingIsDecidedByTheNextSnapshot) {
    for (const bool there : {true, false}) {
        driver.replies.clear();
        dial();
        answer_queued();
        driver.close("link.closed");
        EXPECT_TRUE(driver.replies.empty());
        driver.log_in();
        driver.boot();
        if (there) driver.finish_list("CoreShowChannels", {channel("6")});
        driver.answer_lists();
        expect(there ? CommandOutcome::succeeded : CommandOutcome::unknown, there ? "" : "link_down");
        ++originates;
    }
}

TEST_F(SessionCommands, LinkLostForLongIsUnknown) {
    dial();
    driver.close("link.closed");
    driver.pass(Millis(59'999));
    EXPECT_TRUE(driver.replies.empty());
    driver.pass(Millis(1));
    expect(CommandOutcome::unknown, "link_down");
}

TEST_F(SessionCommands, ForeignOriginateResponsesAreNotOurs) {
    dial();
    answer_queued();
    driver.event(
        {{"Event", "OriginateResponse"}, {"ActionID", "other-1"}, {"Response", "Success"}, {"Uniqueid", "1.1"}});
    EXPECT_TRUE(driver.replies.empty());
}

TEST_F(SessionCommands, HangupAndItsAnswers) {
    const std::vector<std::tuple<std::string, std::string, CommandOutcome, std::string>> answers{
        {"Success", "Channel Hungup", CommandOutcome::succeeded, ""},
        {"Error", "No such channel", CommandOutcome::failed, "no_such_call"},
        {"Error", "Permission denied", CommandOutcome::failed, "not_permitted"}};
    originates = 0;
    for (const auto& [status, text, outcome, reason] : answers) {
        driver.replies.clear();
        driver.session.hangup("1795290325.233", driver.expect_reply(), driver.now);
        flush();
        EXPECT_EQ(driver.sent("Hangup", "Channel"), "1795290325.233");
        EXPECT_EQ(driver.sent("Hangup", "Cause"), "16");
        driver.answer("Hangup", status, {{"Message", text}});
        expect(outcome, reason);
    }
}

TEST_F(SessionCommands, PauseWithReasonAndUnpause) {
    driver.session.set_agent_state({"SIP/1001", "SIP/1001", AgentWish::not_ready, "午休 lunch"}, driver.expect_reply(),
                                   driver.now);
    flush();
    EXPECT_EQ(driver.sent("QueuePause", "Interface"), "SIP/1001");
    EXPECT_EQ(driver.sent("QueuePause", "Paused"), "true");
    EXPECT_EQ(driver.sent("QueuePause", "Reason"), "午休 lunch");
    driver.answer("QueuePause", "Success", {{"Message", "Interface paused successfully"}});
    driver.session.set_agent_state({"SIP/9999", "SIP/9999", AgentWish::ready, ""}, driver.expect_reply(), driver.now);
    flush();
    EXPECT_EQ(driver.sent("QueuePause", "Paused"), "false");
    driver.answer("QueuePause", "Error", {{"Message", "Interface not found"}});
    ASSERT_EQ(driver.replies.size(), 2U);
    EXPECT_EQ(driver.replies[0].outcome, CommandOutcome::succeeded);
    EXPECT_EQ(driver.replies[1].reason, "no_such_agent");
}

TEST_F(SessionCommands, PauseNamesTheInterfaceTheQueueKnows) {
    driver.event({{"Event", "QueueMemberStatus"},
                  {"Queue", "vip"},
                  {"Interface", "Local/3001@agents/n"},
                  {"StateInterface", "SIP/3001"},
                  {"Status", "1"}});
    driver.session.set_agent_state({"SIP/3001", "SIP/3001", AgentWish::ready, ""}, driver.expect_reply(), driver.now);
    flush();
    EXPECT_EQ(driver.sent("QueuePause", "Interface"), "Local/3001@agents/n");
}

TEST_F(SessionCommands, WithoutAnswerTheOutcomeIsUnknown) {
    driver.session.hangup("1.1", driver.expect_reply(), driver.now);
    driver.session.set_agent_state({"SIP/1001", "", AgentWish::ready, ""}, driver.expect_reply(), driver.now);
    driver.pass(Millis(5'000));
    driver.pass(Millis(5'000));
    ASSERT_EQ(driver.replies.size(), 2U);
    for (const CommandReply& reply : driver.replies) {
        EXPECT_EQ(reply.outcome, CommandOutcome::unknown);
        EXPECT_EQ(reply.reason, "timeout");
    }
    EXPECT_FALSE(driver.closed);
}

TEST_F(SessionCommands, WithoutALinkTheyFailAtOnce) {
    driver.close("link.closed");
    driver.session.dial(kDial, driver.expect_reply(), driver.now);
    driver.session.hangup("1.1", driver.expect_reply(), driver.now);
    driver.session.set_agent_state({"SIP/1001", "", AgentWish::ready, ""}, driver.expect_reply(), driver.now);
    flush();
    ASSERT_EQ(driver.replies.size(), 3U);
    for (const CommandReply& reply : driver.replies) EXPECT_EQ(reply.reason, "link_down");
    EXPECT_EQ(driver.count("Originate"), 0U);
}

TEST_F(SessionCommands, EveryCommandIsAnsweredOnceWhenTheSessionStops) {
    dial();
    driver.session.hangup("1.1", driver.expect_reply(), driver.now);
    driver.session.stop();
    flush();
    driver.pass(Millis(100'000));
    ASSERT_EQ(driver.replies.size(), 2U);
    for (const CommandReply& reply : driver.replies) EXPECT_EQ(reply.outcome, CommandOutcome::unknown);
}

TEST_F(SessionCommands, CommandsAreBounded) {
    for (std::size_t i = 0; i <= kMaxCommands; ++i) driver.session.hangup("1.1", driver.expect_reply(), driver.now);
    flush();
    ASSERT_GE(driver.replies.size(), 1U);
    EXPECT_EQ(driver.replies[0].outcome, CommandOutcome::failed);
    EXPECT_LE(driver.count("Hangup"), kMaxCommands);
}

}  // namespace
}  // namespace citybridge::asterisk
