// P6: the answer to a command is lost; what the PBX tells or lists decides, nothing is sent again.
// Events and lists as recorded in captures 09b, 12, 13 and 17.
#include <gtest/gtest.h>

#include "tests/unit/asterisk/session_driver.h"

namespace citybridge::asterisk {
namespace {

constexpr const char* kAgentLeg = "1795290392.256";
constexpr const char* kCustomerLeg = "1795290391.255";
constexpr Millis kReplyTimeout{5'000};

struct LostAnswers : ::testing::Test {
    LostAnswers() { driver.make_ready(); }

    static SessionSettings settings() {
        SessionSettings settings;
        settings.calls.offered = {CallAction::transfer,       CallAction::park,           CallAction::record,
                                  CallAction::stop_recording, CallAction::mute_recording, CallAction::unmute_recording};
        return settings;
    }
    void ask(CallAction action, const std::string& to = {}) {
        CallCommand command;
        command.command_id = "c-1";
        command.action = action;
        command.agent_channel = kAgentLeg;
        command.customer_channel = kCustomerLeg;
        command.to = to;
        command.recording = "beijing-1";
        driver.session.command(command, driver.expect_reply(), driver.now);
        driver.pass(Millis(0));
    }
    void hang_up() {
        driver.session.hangup(kAgentLeg, driver.expect_reply(), driver.now);
        driver.pass(Millis(0));
    }
    void not_there() { driver.answer("Status", "Error", {{"Message", "No such channel"}}); }
    void there(const char* channel, const char* bridge, const char* exten) {
        driver.finish_list("Status",
                           {{{"Event", "Status"}, {"Uniqueid", channel}, {"BridgeID", bridge}, {"Exten", exten}}});
    }
    void expect(CommandOutcome outcome, const std::string& reason = {}) {
        ASSERT_EQ(driver.replies.size(), 1U);
        EXPECT_EQ(driver.replies[0].outcome, outcome);
        EXPECT_EQ(driver.replies[0].reason, reason);
    }

    SessionDriver driver{settings()};
};

TEST_F(LostAnswers, HangingUpSucceededWhenTheChannelIsGone) {
    hang_up();
    driver.pass(kReplyTimeout);
    EXPECT_TRUE(driver.replies.empty());
    not_there();
    expect(CommandOutcome::succeeded);
    EXPECT_EQ(driver.count("Hangup"), 1U);
}

TEST_F(LostAnswers, HangingUpIsUnknownWhileTheChannelIsThere) {
    hang_up();
    driver.pass(kReplyTimeout);
    there(kAgentLeg, "b", "sales");
    expect(CommandOutcome::unknown, "timeout");
}

TEST_F(LostAnswers, HangingUpIsToldByTheEndOfTheChannel) {
    hang_up();
    driver.event({{"Event", "Hangup"}, {"Uniqueid", kAgentLeg}, {"Cause", "16"}});
    driver.pass(kReplyTimeout);
    expect(CommandOutcome::succeeded);
}

TEST_F(LostAnswers, ALinkLostAfterHangingUpIsDecidedWhenItIsBack) {
    for (const bool gone : {true, false}) {
        driver.replies.clear();
        hang_up();
        driver.close("link.closed");
        EXPECT_TRUE(driver.replies.empty());
        driver.make_ready();
        if (gone)
            not_there();
        else
            there(kAgentLeg, "b", "sales");
        expect(gone ? CommandOutcome::succeeded : CommandOutcome::unknown, gone ? "" : "link_down");
    }
    EXPECT_EQ(driver.count("Hangup"), 2U) << "each was sent once";
}

TEST_F(LostAnswers, ALinkLostForLongLeavesHangingUpUnknown) {
    hang_up();
    driver.close("link.closed");
    driver.pass(Millis(100'000));
    expect(CommandOutcome::unknown, "link_down");
}

TEST_F(LostAnswers, ABlindTransferIsToldByItsEvent) {
    ask(CallAction::transfer, "2001");
    driver.event({{"Event", "BlindTransfer"},
                  {"Result", "Success"},
                  {"TransfererUniqueid", kAgentLeg},
                  {"TransfereeUniqueid", kCustomerLeg},
                  {"Extension", "2001"}});
    driver.pass(kReplyTimeout);
    expect(CommandOutcome::succeeded);
}

TEST_F(LostAnswers, ABlindTransferIsSeenWhereTheCustomerIs) {
    for (const bool moved : {true, false}) {
        driver.replies.clear();
        ask(CallAction::transfer, "2001");
        driver.pass(kReplyTimeout);
        if (moved)
            not_there();
        else
            there(kAgentLeg, "b", "sales");
        there(kCustomerLeg, moved ? "" : "b", moved ? "2001" : "sales");
        expect(moved ? CommandOutcome::succeeded : CommandOutcome::unknown, moved ? "" : "timeout");
    }
    EXPECT_EQ(driver.count("BlindTransfer"), 2U) << "each was sent once";
}

TEST_F(LostAnswers, WhoIsParkedIsInTheListOfTheSlots) {
    for (const bool parked : {true, false}) {
        driver.replies.clear();
        ask(CallAction::park);
        driver.pass(kReplyTimeout);
        there(kAgentLeg, "b", "sales");
        const std::vector<Fields> slots{
            {{"Event", "ParkedCall"}, {"ParkeeUniqueid", parked ? kCustomerLeg : "1.1"}, {"ParkingSpace", "701"}}};
        driver.finish_list("ParkedCalls", slots);
        expect(parked ? CommandOutcome::succeeded : CommandOutcome::unknown, parked ? "" : "timeout");
    }
}

TEST_F(LostAnswers, ARecordingIsToldByItsEventAndElseUnknown) {
    for (const bool told : {true, false}) {
        driver.replies.clear();
        ask(CallAction::record);
        if (told) driver.event({{"Event", "MixMonitorStart"}, {"Uniqueid", kCustomerLeg}});
        driver.pass(kReplyTimeout);
        expect(told ? CommandOutcome::succeeded : CommandOutcome::unknown, told ? "" : "timeout");
    }
}

}  // namespace
}  // namespace citybridge::asterisk
