// What agents ask: one outcome each, never a guess, nobody rung twice.
#include <gtest/gtest.h>

#include "tests/unit/freeswitch/pbx_script.h"

namespace citybridge::freeswitch {
namespace {

constexpr std::string_view kChannel = "11111111-2222-4333-8444-555555550001";

DialCommand click(std::string number = "13812345678") {
    return {std::string(kChannel), "1001", std::move(number), Millis(30'000)};
}

CallCommand about(CallAction action) {
    CallCommand command;
    command.command_id = "c1";
    command.action = action;
    command.agent = "1001";
    command.agent_channel = "agent-leg";
    command.customer_channel = "customer-leg";
    return command;
}

struct SessionCommands : testing::Test {
    void SetUp() override {
        pbx.make_ready();
        pbx.take_commands();
    }
    // The job's id in the only command that was sent.
    std::string job_of(const std::string& command) {
        const auto at = command.find("\nJob-UUID: ");
        return at == std::string::npos ? std::string() : command.substr(at + 11);
    }
    CommandReply only_reply() {
        EXPECT_EQ(pbx.replies.size(), 1U);
        return pbx.replies.empty() ? CommandReply{} : pbx.replies.front();
    }
    void run(const CallCommand& command) {
        pbx.session.command(command, pbx.expect_reply(), pbx.now);
        pbx.bytes("");
    }
    // Sends what waits and answers `answer` to each; returns the commands.
    std::vector<std::string> answer_all(std::string_view answer = "+OK\n") {
        std::vector<std::string> all;
        for (pbx.bytes(""); !pbx.commands.empty();) {
            for (const std::string& command : pbx.take_commands()) {
                all.push_back(command);
                pbx.bytes(command.starts_with("bgapi") ? reply_frame(answer) : api_frame(answer));
            }
        }
        return all;
    }

    PbxScript pbx;
};

TEST_F(SessionCommands, ClickToDialNamesTheChannelAndTheJob) {
    pbx.session.dial(click(), pbx.expect_reply(), pbx.now);
    pbx.bytes("");
    const auto commands = pbx.take_commands();
    ASSERT_EQ(commands.size(), 1U);
    EXPECT_TRUE(commands[0].starts_with("bgapi originate {origination_uuid=11111111-2222-4333-8444-555555550001,"));
    EXPECT_NE(commands[0].find("ignore_early_media=true"), std::string::npos);
    EXPECT_NE(commands[0].find("originate_timeout=30"), std::string::npos);
    EXPECT_NE(commands[0].find("}user/1001 13812345678 XML default\nJob-UUID: "), std::string::npos);
}

TEST_F(SessionCommands, ClickToDialSucceedsWhenThePhoneWasAnswered) {
    pbx.session.dial(click(), pbx.expect_reply(), pbx.now);
    pbx.bytes("");
    const std::string job = job_of(pbx.take_commands().at(0));
    pbx.job_ends("00000000-0000-0000-0000-000000000000", "-ERR USER_BUSY\n");
    EXPECT_TRUE(pbx.replies.empty()) << "somebody else's job";
    // The end may come before the beginning is confirmed.
    pbx.job_ends(job, "+OK 11111111-2222-4333-8444-555555550001\n");
    EXPECT_EQ(only_reply().outcome, CommandOutcome::succeeded);
    EXPECT_EQ(only_reply().channel, kChannel);
    pbx.bytes(reply_frame("+OK Job-UUID: " + job));
    EXPECT_EQ(pbx.replies.size(), 1U);
}

TEST_F(SessionCommands, EveryReasonOfAFailureIsTold) {
    // click2dial_fail.md
    const std::vector<std::pair<std::string, std::string>> reasons{{"-ERR USER_BUSY\n", "busy"},
                                                                   {"-ERR CALL_REJECTED\n", "rejected"},
                                                                   {"-ERR NO_ANSWER\n", "no_answer"},
                                                                   {"-ERR SUBSCRIBER_ABSENT\n", "unreachable"},
                                                                   {"-ERR USER_NOT_REGISTERED\n", "unreachable"},
                                                                   {"-ERR UNALLOCATED_NUMBER\n", "no_such_number"},
                                                                   {"-ERR INVALID_GATEWAY\n", "failed"},
                                                                   {"-ERR CHAN_NOT_IMPLEMENTED\n", "failed"},
                                                                   {"-ERR ORIGINATOR_CANCEL\n", "failed"},
                                                                   {"-USAGE: <call url> <exten>\n", "failed"}};
    for (const auto& [body, reason] : reasons) {
        pbx.replies.clear();
        pbx.session.dial(click(), pbx.expect_reply(), pbx.now);
        pbx.bytes("");
        const std::string job = job_of(pbx.take_commands().at(0));
        pbx.bytes(reply_frame("+OK Job-UUID: " + job));
        pbx.job_ends(job, body);
        EXPECT_EQ(only_reply().outcome, CommandOutcome::failed) << body;
        EXPECT_EQ(only_reply().reason, reason) << body;
    }
}

TEST_F(SessionCommands, JobsEndInAnyOrder) {
    DialCommand second = click();
    second.command_id = "another";
    pbx.session.dial(click(), pbx.expect_reply(), pbx.now);
    pbx.session.dial(second, pbx.expect_reply(), pbx.now);
    pbx.bytes("");
    const auto commands = pbx.take_commands();
    ASSERT_EQ(commands.size(), 2U);
    pbx.bytes(reply_frame("+OK Job-UUID: x") + reply_frame("+OK Job-UUID: y"));
    pbx.job_ends(job_of(commands[1]), "-ERR USER_BUSY\n");
    pbx.job_ends(job_of(commands[0]), "+OK x\n");
    ASSERT_EQ(pbx.replies.size(), 2U);
    EXPECT_EQ(pbx.replies[0].reason, "busy");
    EXPECT_EQ(pbx.replies[1].outcome, CommandOutcome::succeeded);
}

TEST_F(SessionCommands, ALostAnswerIsLookedUpAndNobodyIsRungAgain) {
    pbx.session.dial(click(), pbx.expect_reply(), pbx.now);
    pbx.bytes(reply_frame("+OK Job-UUID: x"));
    pbx.take_commands();
    pbx.pass(Millis(9'000));
    answer_all("UP\n");
    pbx.pass(Millis(26'000));
    const auto asked = answer_all("true");
    ASSERT_FALSE(asked.empty());
    EXPECT_EQ(asked.front(), "api uuid_exists " + std::string(kChannel));
    EXPECT_TRUE(pbx.replies.empty()) << "it is there; whether it was answered is to come";
    pbx.event({{"Event-Name", "CHANNEL_ANSWER"}, {"Unique-ID", std::string(kChannel)}});
    EXPECT_EQ(only_reply().outcome, CommandOutcome::succeeded);
}

TEST_F(SessionCommands, AChannelThatIsNotThereLeavesTheOutcomeUnknown) {
    pbx.session.dial(click(), pbx.expect_reply(), pbx.now);
    pbx.bytes(reply_frame("+OK Job-UUID: x"));
    pbx.take_commands();
    pbx.pass(Millis(35'000));
    answer_all("false");
    EXPECT_EQ(only_reply().outcome, CommandOutcome::unknown);
    EXPECT_EQ(only_reply().reason, "timeout");
}

TEST_F(SessionCommands, ADialOutlivesACutLink) {
    pbx.session.dial(click(), pbx.expect_reply(), pbx.now);
    pbx.bytes(reply_frame("+OK Job-UUID: x"));
    pbx.close("link.lost");
    EXPECT_TRUE(pbx.replies.empty());
    pbx.commands.clear();
    pbx.make_ready(
        R"({"row_count":1,"rows":[{"uuid":")" + std::string(kChannel) +
        R"(","direction":"outbound","created_epoch":"1795289700","name":"sofia/internal/1001@127.0.0.1:5271",)"
        R"("callstate":"ACTIVE","initial_dest":"1001","call_uuid":")" +
        std::string(kChannel) + R"("}]})");
    EXPECT_EQ(only_reply().outcome, CommandOutcome::succeeded);
}

TEST_F(SessionCommands, NothingFromOutsideBecomesACommand) {
    for (const std::string number : {"1 2", "13\n\napi shutdown", "1}user/2", "1,2", "'1'", "", "1;2"}) {
        pbx.replies.clear();
        pbx.session.dial(click(number), pbx.expect_reply(), pbx.now);
        pbx.bytes("");
        EXPECT_TRUE(pbx.take_commands().empty()) << number;
        EXPECT_EQ(only_reply().outcome, CommandOutcome::failed);
    }
    pbx.replies.clear();
    CallCommand transfer = about(CallAction::transfer);
    transfer.to = "1002 inline";
    run(transfer);
    pbx.bytes("");
    EXPECT_TRUE(pbx.take_commands().empty());
    EXPECT_EQ(only_reply().outcome, CommandOutcome::failed);
}

TEST_F(SessionCommands, HangsUp) {
    pbx.session.hangup("agent-leg", pbx.expect_reply(), pbx.now);
    EXPECT_EQ(answer_all(), std::vector<std::string>{"api uuid_kill agent-leg"});
    EXPECT_EQ(only_reply().outcome, CommandOutcome::succeeded);
}

TEST_F(SessionCommands, ACallThatIsGoneIsNamedSo) {
    pbx.session.hangup("agent-leg", pbx.expect_reply(), pbx.now);
    answer_all("-ERR No such channel!\n");
    EXPECT_EQ(only_reply().outcome, CommandOutcome::failed);
    EXPECT_EQ(only_reply().reason, "no_such_call");
}

TEST_F(SessionCommands, EveryWayToSayThatTheCallIsGoneIsUnderstood) {
    run(about(CallAction::hold));
    answer_all("-ERR Operation failed\n");
    EXPECT_EQ(only_reply().reason, "no_such_call");
    pbx.replies.clear();
    run(about(CallAction::cancel_consult));
    answer_all("-ERR Invalid uuid\n");
    EXPECT_EQ(only_reply().reason, "no_such_call");
}

TEST_F(SessionCommands, HoldNamesTheAgentsOwnLeg) {
    run(about(CallAction::hold));
    EXPECT_EQ(answer_all("+OK Success\n"), std::vector<std::string>{"api uuid_hold agent-leg"});
    run(about(CallAction::retrieve));
    EXPECT_EQ(answer_all("+OK Success\n"), std::vector<std::string>{"api uuid_hold off agent-leg"});
    EXPECT_EQ(pbx.replies.size(), 2U);
}

TEST_F(SessionCommands, TransferMovesTheCustomer) {
    CallCommand transfer = about(CallAction::transfer);
    transfer.to = "1002";
    run(transfer);
    EXPECT_EQ(answer_all(), std::vector<std::string>{"api uuid_transfer customer-leg 1002 XML default"});
    EXPECT_EQ(only_reply().outcome, CommandOutcome::succeeded);
}

TEST_F(SessionCommands, AConsultationParksBothAndDialsFromTheAgent) {
    CallCommand consult = about(CallAction::consult);
    consult.to = "1002";
    run(consult);
    const auto commands = answer_all();
    ASSERT_EQ(commands.size(), 3U);
    EXPECT_EQ(commands[0], "api uuid_transfer customer-leg -both park inline");
    EXPECT_TRUE(commands[2].starts_with("api uuid_transfer agent-leg set:continue_on_fail=true,"));
    EXPECT_NE(commands[2].find(",bridge:user/1002,"), std::string::npos);
    EXPECT_EQ(only_reply().outcome, CommandOutcome::succeeded);
}

TEST_F(SessionCommands, AConsultationThatCameToNothingGivesTheCustomerBack) {
    CallCommand consult = about(CallAction::consult);
    consult.to = "1002";
    run(consult);
    answer_all();
    pbx.event({{"Event-Name", "CHANNEL_PARK"}, {"Unique-ID", "agent-leg"}});
    EXPECT_TRUE(pbx.take_commands().empty()) << "parked on the way to it";
    pbx.event({{"Event-Name", "CHANNEL_PARK"}, {"Unique-ID", "agent-leg"}, {"variable_citybridge_consult", "over"}});
    EXPECT_EQ(answer_all(), std::vector<std::string>{"api uuid_bridge customer-leg agent-leg"});
}

TEST_F(SessionCommands, AnAttendedTransferJoinsTheOthersAndFreesTheAgent) {
    CallCommand transfer = about(CallAction::attended_transfer);
    transfer.consult_channel = "consulted-leg";
    run(transfer);
    EXPECT_EQ(answer_all(),
              (std::vector<std::string>{"api uuid_bridge customer-leg consulted-leg", "api uuid_kill agent-leg"}));
    // His channel parks for a moment; nobody is to be given back to him.
    pbx.event({{"Event-Name", "CHANNEL_PARK"}, {"Unique-ID", "agent-leg"}, {"variable_citybridge_consult", "over"}});
    EXPECT_TRUE(pbx.take_commands().empty());
}

TEST_F(SessionCommands, AFailedStepStopsTheRest) {
    CallCommand transfer = about(CallAction::attended_transfer);
    transfer.consult_channel = "consulted-leg";
    run(transfer);
    EXPECT_EQ(answer_all("-ERR No such channel!\n").size(), 1U) << "the agent is not hung up";
    EXPECT_EQ(only_reply().reason, "no_such_call");
}

TEST_F(SessionCommands, RecordsIntoTheFolderAndMasksTheFileThatIsWritten) {
    CallCommand record = about(CallAction::record);
    record.recording = "contact-1";
    run(record);
    EXPECT_EQ(answer_all("+OK Success\n"),
              std::vector<std::string>{"api uuid_record customer-leg start /srv/recordings/contact-1.wav"});
    run(about(CallAction::mute_recording));
    EXPECT_EQ(pbx.replies.back().outcome, CommandOutcome::failed) << "no RECORD_START was seen";
    pbx.event({{"Event-Name", "RECORD_START"},
               {"Unique-ID", "customer-leg"},
               {"Record-File-Path", "/srv/recordings/contact-1.wav"}});
    run(about(CallAction::mute_recording));
    EXPECT_EQ(answer_all("+OK Success\n"),
              std::vector<std::string>{"api uuid_record customer-leg mask /srv/recordings/contact-1.wav"});
}

TEST_F(SessionCommands, TheNameOfARecordingStaysInItsFolder) {
    CallCommand record = about(CallAction::record);
    record.recording = "../../etc/passwd";
    run(record);
    pbx.bytes("");
    EXPECT_TRUE(pbx.take_commands().empty());
    EXPECT_EQ(only_reply().outcome, CommandOutcome::failed);
}

TEST_F(SessionCommands, WhatIsNotConfiguredIsNotSupported) {
    run(about(CallAction::park));
    EXPECT_EQ(only_reply().outcome, CommandOutcome::not_supported);
    const auto actions = CommandWriter(PbxScript::with_password().commands).call_actions();
    EXPECT_EQ(std::count(actions.begin(), actions.end(), CallAction::park), 0);
}

TEST_F(SessionCommands, AnAgentIsNamedAsTheCallcenterNamesHim) {
    pbx.event({{"Event-Name", "CUSTOM"},
               {"Event-Subclass", "callcenter::info"},
               {"CC-Action", "agent-status-change"},
               {"CC-Agent", "1001@beijing"},
               {"CC-Agent-Status", "Available"}});
    pbx.session.set_agent_state({"1001", "1001", AgentWish::not_ready, "lunch"}, pbx.expect_reply(), pbx.now);
    EXPECT_EQ(answer_all(), std::vector<std::string>{"api callcenter_config agent set status 1001@beijing 'On Break'"});
    pbx.event({{"Event-Name", "CUSTOM"},
               {"Event-Subclass", "callcenter::info"},
               {"CC-Action", "agent-status-change"},
               {"CC-Agent", "1001@beijing"},
               {"CC-Agent-Status", "On Break"}});
    const auto members = pbx.signals_of<signal::MemberChanged>();
    EXPECT_EQ(members.back().reason, "lunch");
    EXPECT_EQ(members.back().pause, signal::MemberChanged::Pause::paused);
}

TEST_F(SessionCommands, AnUnknownAgentIsNamedSo) {
    pbx.session.set_agent_state({"9999", "9999", AgentWish::ready, {}}, pbx.expect_reply(), pbx.now);
    answer_all("-ERR Agent not found!\n");
    EXPECT_EQ(only_reply().reason, "no_such_agent");
}

TEST_F(SessionCommands, ALateReplyIsNotTakenForAnothersAnswer) {
    pbx.session.hangup("first", pbx.expect_reply(), pbx.now);
    pbx.pass(Millis(5'000));
    EXPECT_TRUE(pbx.replies.empty()) << "answers come in order: a late one is waited for";
    pbx.pass(Millis(5'000));
    ASSERT_EQ(pbx.replies.size(), 1U);
    EXPECT_EQ(pbx.replies[0].outcome, CommandOutcome::unknown);
    pbx.session.hangup("second", pbx.expect_reply(), pbx.now);
    pbx.bytes(api_frame("-ERR No such channel!\n"));
    pbx.bytes(api_frame("UP 0 years, 1 day\n"));
    EXPECT_EQ(pbx.replies.size(), 1U) << "those were the first one's and the ping's between them";
    pbx.bytes(api_frame("+OK\n"));
    ASSERT_EQ(pbx.replies.size(), 2U);
    EXPECT_EQ(pbx.replies[1].outcome, CommandOutcome::succeeded);
}

TEST_F(SessionCommands, WithoutALinkEveryCommandFailsAtOnce) {
    pbx.close("link.lost");
    pbx.session.hangup("agent-leg", pbx.expect_reply(), pbx.now);
    pbx.session.dial(click(), pbx.expect_reply(), pbx.now);
    pbx.bytes("");
    ASSERT_EQ(pbx.replies.size(), 2U);
    for (const CommandReply& reply : pbx.replies) {
        EXPECT_EQ(reply.outcome, CommandOutcome::failed);
        EXPECT_EQ(reply.reason, "link_down");
    }
}

TEST_F(SessionCommands, ALateAnswerToAHangUpIsTold) {
    pbx.session.hangup("agent-leg", pbx.expect_reply(), pbx.now);
    pbx.pass(Millis(5'000));
    pbx.bytes(api_frame("-ERR No such channel!\n"));
    EXPECT_EQ(only_reply().reason, "no_such_call");
}

TEST_F(SessionCommands, AHangUpWithoutAnAnswerIsToldByTheEndOfTheChannel) {
    pbx.session.hangup("agent-leg", pbx.expect_reply(), pbx.now);
    pbx.event({{"Event-Name", "CHANNEL_HANGUP"}, {"Unique-ID", "agent-leg"}, {"Hangup-Cause", "NORMAL_CLEARING"}});
    pbx.pass(Millis(5'000));
    EXPECT_EQ(only_reply().outcome, CommandOutcome::succeeded);
}

TEST_F(SessionCommands, AHangUpInFlightWhenTheLinkBreaksIsDecidedByTheLists) {
    constexpr std::string_view kThere =
        R"({"row_count":1,"rows":[{"uuid":"agent-leg","direction":"outbound","name":"sofia/internal/1001@10.0.0.1",)"
        R"("callstate":"ACTIVE","created_epoch":"1795289700"}]})";
    for (const bool gone : {true, false}) {
        pbx.replies.clear();
        pbx.session.hangup("agent-leg", pbx.expect_reply(), pbx.now);
        pbx.close("link.lost");
        EXPECT_TRUE(pbx.replies.empty());
        pbx.make_ready(gone ? std::string_view(R"({"row_count":0})") : kThere);
        EXPECT_EQ(only_reply().outcome, gone ? CommandOutcome::succeeded : CommandOutcome::unknown);
    }
}

TEST_F(SessionCommands, AHangUpInFlightWhenTheLinkBreaksForLongIsUnknown) {
    pbx.session.hangup("agent-leg", pbx.expect_reply(), pbx.now);
    pbx.close("link.lost");
    pbx.pass(Millis(60'000));
    EXPECT_EQ(only_reply().outcome, CommandOutcome::unknown);
    EXPECT_EQ(only_reply().reason, "link_down");
}

}  // namespace
}  // namespace citybridge::freeswitch
