// From the greeting to LinkUp, as recorded: auth.esl, rude_rejection, kill, slow and silent servers.
#include <gtest/gtest.h>

#include "tests/unit/freeswitch/pbx_script.h"

namespace citybridge::freeswitch {
namespace {

TEST(SessionLogin, AnswersTheGreetingWithThePassword) {
    PbxScript pbx;
    pbx.connect();
    EXPECT_TRUE(pbx.take_commands().empty()) << "FreeSWITCH speaks first";
    pbx.greet();
    EXPECT_EQ(pbx.take_commands(), std::vector<std::string>{"auth ClueCon"});
}

TEST(SessionLogin, LogsInAsAUserOfTheDirectoryIfOneIsGiven) {
    SessionSettings settings = PbxScript::with_password();
    settings.user = "citybridge@beijing";
    PbxScript pbx(settings);
    pbx.connect();
    pbx.greet();
    EXPECT_EQ(pbx.take_commands(), std::vector<std::string>{"userauth citybridge@beijing:ClueCon"});
}

TEST(SessionLogin, AWrongPasswordIsNotHammered) {
    PbxScript pbx;
    pbx.connect();
    pbx.greet();
    pbx.bytes(reply_frame("-ERR invalid"));
    ASSERT_TRUE(pbx.closed.has_value());
    EXPECT_EQ(pbx.closed->code, "freeswitch.login_refused");
    EXPECT_EQ(pbx.close(pbx.closed->code), Millis(60'000));
    EXPECT_TRUE(pbx.signals.empty());
}

TEST(SessionLogin, AnAddressThatIsRefusedIsNotHammered) {
    PbxScript pbx;
    pbx.connect();
    pbx.bytes("Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n");
    ASSERT_TRUE(pbx.closed.has_value());
    EXPECT_EQ(pbx.closed->code, "freeswitch.not_allowed");
    EXPECT_EQ(pbx.close(pbx.closed->code), Millis(60'000));
}

TEST(SessionLogin, ASilentServerIsGivenUp) {
    PbxScript pbx;
    pbx.connect();
    pbx.pass(Millis(5'000));
    ASSERT_TRUE(pbx.closed.has_value());
    EXPECT_EQ(pbx.closed->code, "freeswitch.no_greeting");
}

TEST(SessionLogin, AnUnansweredPasswordIsGivenUp) {
    PbxScript pbx;
    pbx.connect();
    pbx.greet();
    pbx.pass(Millis(5'000));
    ASSERT_TRUE(pbx.closed.has_value());
    EXPECT_EQ(pbx.closed->code, "freeswitch.reply_timeout");
}

TEST(SessionLogin, WhatIsNoFrameEndsTheConnection) {
    PbxScript pbx;
    pbx.connect();
    pbx.bytes("Content-Type: auth/request\nContent-Length: many\n\n");
    EXPECT_TRUE(pbx.closed.has_value());
}

TEST(SessionLogin, SubscribesBeforeItLooksAtTheTables) {
    PbxScript pbx;
    pbx.log_in();
    const auto commands = pbx.take_commands();
    ASSERT_EQ(commands.size(), 2U);
    EXPECT_TRUE(commands[1].starts_with("event plain CHANNEL_CREATE "));
    const auto custom = commands[1].find(" CUSTOM ");
    ASSERT_NE(custom, std::string::npos);
    EXPECT_GT(commands[1].find("callcenter::info"), custom) << "subclasses come after CUSTOM only";
    pbx.pass(kTableLag - Millis(1));
    EXPECT_TRUE(pbx.take_commands().empty()) << "a new channel is not in the tables yet";
    pbx.pass(Millis(1));
    EXPECT_EQ(pbx.take_commands().at(1), "api show channels as json");
}

TEST(SessionLogin, LinkUpNamesTheRunOfThePbxAndComesWithASnapshot) {
    PbxScript pbx;
    pbx.make_ready();
    ASSERT_EQ(pbx.signals.size(), 2U);
    EXPECT_EQ(std::get<signal::LinkUp>(pbx.signals[0].body).pbx_start, kCoreUuid);
    EXPECT_TRUE(std::holds_alternative<signal::Snapshot>(pbx.signals[1].body));
}

TEST(SessionLogin, WhatHappensMeanwhileComesAfterTheSnapshot) {
    PbxScript pbx;
    pbx.log_in();
    pbx.take_commands();
    pbx.event({{"Event-Name", "CHANNEL_CREATE"}, {"Unique-ID", "a"}, {"Call-Direction", "inbound"}});
    EXPECT_TRUE(pbx.signals.empty());
    pbx.pass(kTableLag);
    pbx.answer_lists(R"({"row_count":0})");
    ASSERT_EQ(pbx.signals.size(), 3U);
    EXPECT_TRUE(std::holds_alternative<signal::ChannelStarted>(pbx.signals[2].body));
}

TEST(SessionLogin, MembersOfEveryQueueAreAskedFor) {
    PbxScript pbx;
    pbx.log_in();
    pbx.take_commands();
    pbx.pass(kTableLag);
    for (const std::string& command : pbx.take_commands()) {
        if (command == "api callcenter_config queue list") {
            pbx.bytes(api_frame("name|strategy\nrepair@beijing|ring-all\n+OK\n"));
        } else if (command.starts_with("api show")) {
            pbx.bytes(api_frame(R"({"row_count":0})"));
        } else {
            pbx.bytes(api_frame("+OK\n"));
        }
    }
    EXPECT_FALSE(pbx.session.ready());
    EXPECT_EQ(pbx.take_commands(), std::vector<std::string>{"api callcenter_config queue list members repair@beijing"});
    pbx.bytes(api_frame("+OK\n"));
    EXPECT_TRUE(pbx.session.ready());
}

TEST(SessionLogin, APbxWithoutCallcenterIsOfUseAllTheSame) {
    PbxScript pbx;
    pbx.log_in();
    pbx.take_commands();
    pbx.pass(kTableLag);
    for (const std::string& command : pbx.take_commands()) {
        pbx.bytes(api_frame(command.starts_with("api show") ? R"({"row_count":0})"
                                                            : "-ERR callcenter_config Command not found!\n"));
    }
    EXPECT_TRUE(pbx.session.ready());
    EXPECT_EQ(std::count_if(pbx.log.begin(), pbx.log.end(),
                            [](const LogLine& line) { return line.code == "freeswitch.no_callcenter"; }),
              1);
}

TEST(SessionLogin, ANoticeOfTheEndIsAnOutageAndShutdownIsTheEndOfAllCalls) {
    PbxScript pbx;
    pbx.make_ready();
    pbx.bytes("Content-Type: text/disconnect-notice\nContent-Length: 31\n\nThe system is being shut down.\n");
    ASSERT_TRUE(pbx.closed.has_value());
    pbx.close(pbx.closed->code);
    ASSERT_EQ(pbx.signals_of<signal::LinkDown>().size(), 1U);
    EXPECT_FALSE(pbx.signals_of<signal::LinkDown>()[0].pbx_stopped) << "reload of mod_event_socket says the same";

    PbxScript other;
    other.make_ready();
    other.event({{"Event-Name", "SHUTDOWN"}});
    ASSERT_EQ(other.signals_of<signal::LinkDown>().size(), 1U);
    EXPECT_TRUE(other.signals_of<signal::LinkDown>()[0].pbx_stopped);
    other.close("link.peer_closed");
    EXPECT_EQ(other.signals_of<signal::LinkDown>().size(), 1U) << "told once";
}

TEST(SessionLogin, ALingeringNoticeIsNotTheEnd) {
    PbxScript pbx;
    pbx.make_ready();
    pbx.bytes(
        "Content-Type: text/disconnect-notice\nContent-Disposition: linger\nLinger-Time: 5\nContent-Length: 0\n\n");
    EXPECT_FALSE(pbx.closed.has_value());
}

TEST(SessionLogin, AnUnansweredPingIsACutLink) {
    PbxScript pbx;
    pbx.make_ready();
    pbx.pass(Millis(10'000));
    EXPECT_EQ(pbx.take_commands(), std::vector<std::string>{"api status"});
    pbx.pass(Millis(5'000));
    ASSERT_TRUE(pbx.closed.has_value());
    EXPECT_EQ(pbx.closed->code, "freeswitch.ping_timeout");
}

TEST(SessionLogin, WaitsGrowUntilALinkIsOfUse) {
    PbxScript pbx;
    pbx.connect();
    const Millis first = pbx.close("link.refused");
    const Millis second = pbx.close("link.refused");
    EXPECT_GT(second, first);
    pbx.make_ready();
    EXPECT_LE(pbx.close("link.lost"), Millis(600));
}

}  // namespace
}  // namespace citybridge::freeswitch
