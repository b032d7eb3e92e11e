#include "adapters/asterisk/replay_peer.h"

#include <gtest/gtest.h>

#include "adapters/asterisk/framer.h"
#include "tests/wire/asterisk/replayed.h"
#include "tests/wire/capture_file.h"

namespace citybridge::asterisk {
namespace {

std::vector<std::string> names_of(ReplayPeer& peer) {
    std::vector<std::string> out;
    while (const auto chunk = peer.next()) out.push_back(chunk->bytes.substr(0, chunk->bytes.find("\r\n")));
    return out;
}

TEST(ReplayPeer, PlaysEventsAndDropsBannerResponsesAndListItems) {
    ReplayPeer peer(capture("asterisk/14-lists-admin.ami"));
    const auto names = names_of(peer);
    // From the capture's table of events: all live ones, none of the lists'.
    const auto count = [&](const std::string& name) {
        return std::count(names.begin(), names.end(), "Event: " + name);
    };
    EXPECT_EQ(count("FullyBooted"), 1);
    EXPECT_EQ(count("VarSet"), 117);
    EXPECT_EQ(count("UserEvent"), 3);
    EXPECT_EQ(count("QueueMemberAdded"), 1);
    for (const auto* list : {"QueueMember", "QueueParams", "CoreShowChannel", "CoreShowChannelsComplete", "Status",
                             "BridgeListItem", "EndpointList", "DBGetResponse"})
        EXPECT_EQ(count(list), 0) << list;
    for (const std::string& name : names) EXPECT_TRUE(name.starts_with("Event: ")) << name;
}

TEST(ReplayPeer, KeepsAnswersToOriginateWhichAreEvents) {
    ReplayPeer peer(capture("asterisk/08b-originate-fail.ami"));
    const auto names = names_of(peer);
    EXPECT_EQ(std::count(names.begin(), names.end(), "Event: OriginateResponse"), 6);
}

TEST(ReplayPeer, AnswersLoginInBothWaysAndBootsItselfIfTheCaptureDoesNot) {
    ReplayPeer peer("");
    EXPECT_EQ(peer.on_connected(), "Asterisk Call Manager/9.0.0\r\n");
    EXPECT_NE(peer.on_client_bytes("Action: Ping\r\nActionID: 1\r\n\r\n").find("Permission denied"), std::string::npos);
    EXPECT_NE(peer.on_client_bytes("Action: Challenge\r\nActionID: 2\r\nAuthType: MD5\r\n\r\n").find("Challenge: "),
              std::string::npos);
    EXPECT_FALSE(peer.logged_in());
    const std::string login = peer.on_client_bytes("action:login\r\nActionID: 3\r\nUsername: a\r\nSecret: b\r\n\r\n");
    EXPECT_TRUE(peer.logged_in());
    EXPECT_TRUE(login.starts_with("Response: Success\r\nActionID: 3\r\n")) << login;
    EXPECT_NE(login.find("Event: FullyBooted\r\n"), std::string::npos);
}

TEST(ReplayPeer, LeavesBootingToACaptureThatBoots) {
    ReplayPeer peer(capture("asterisk/25c-connect-while-booting.ami"));
    const std::string login = peer.on_client_bytes("Action: Login\r\nActionID: 1\r\n\r\n");
    EXPECT_EQ(login.find("FullyBooted"), std::string::npos);
    EXPECT_NE(peer.on_client_bytes("Action: Ping\r\nActionID: 2\r\n\r\n").find("Pong"), std::string::npos);
    const auto names = names_of(peer);
    EXPECT_EQ(names.back(), "Event: FullyBooted");
}

TEST(ReplayPeer, AnswersListsEmptyAndUnknownActionsWithAnError) {
    ReplayPeer peer("");
    (void)peer.on_client_bytes("Action: Login\r\n\r\n");
    const std::string list = peer.on_client_bytes("Action: QueueStatus\r\nActionID: q\r\n\r\n");
    EXPECT_EQ(list,
              "Response: Success\r\nActionID: q\r\nEventList: start\r\nMessage: List will follow\r\n\r\n"
              "Event: QueueStatusComplete\r\nActionID: q\r\nEventList: Complete\r\nListItems: 0\r\n\r\n");
    const std::string unknown = peer.on_client_bytes("Action: NoSuchAction\r\nActionID: u\r\n\r\n");
    EXPECT_TRUE(unknown.starts_with("Response: Error\r\nActionID: u\r\nMessage: Invalid/unknown command")) << unknown;
}

TEST(ReplayPeer, TakesTheClientsBytesInAnySplit) {
    ReplayPeer peer("");
    std::string answers;
    for (const char c : std::string("Action: Login\r\nActionID: 1\r\n\r\nAction: Ping\r\nActionID: 2\r\n\r\n"))
        answers += peer.on_client_bytes(std::string_view(&c, 1));
    EXPECT_NE(answers.find("ActionID: 1"), std::string::npos);
    EXPECT_NE(answers.find("ActionID: 2\r\nPing: Pong"), std::string::npos);
}

TEST(ReplayPeer, GivesEachEventTheTimeOfTheReadInWhichItEnds) {
    const std::string bytes =
        "Asterisk Call Manager/9.0.0\r\nEvent: Hold\r\nA: 1\r\n\r\nEvent: Unhold\r\nA: 2\r\n\r\nEvent: Hangup\r\n\r\n";
    const std::size_t unhold_ends = bytes.find("Event: Hangup");
    const std::string times = "1795289701.5 0 40\n1795289702.75 40 " + std::to_string(unhold_ends - 40 - 1) +
                              "\n1795289704 " + std::to_string(unhold_ends - 1) + " 100\n";
    ReplayPeer peer(bytes, times);
    ASSERT_TRUE(peer.has_times());
    const auto hold = peer.next();
    const auto unhold = peer.next();
    const auto hangup = peer.next();
    ASSERT_TRUE(hold && unhold && hangup);
    EXPECT_EQ(hold->offset, Millis(1'250)) << "ends in the second read";
    EXPECT_EQ(*hold->wall, WallTime(Millis(1'795'289'702'750)));
    EXPECT_EQ(unhold->offset, Millis(2'500)) << "its last byte came with the third";
    EXPECT_EQ(hangup->offset, Millis(2'500));
    EXPECT_FALSE(peer.next());
    (void)peer.on_client_bytes("Action: Login\r\n\r\n");
    const std::string status = peer.on_client_bytes("Action: CoreStatus\r\n\r\n");
    EXPECT_NE(status.find("CoreStartupDate: 2026-11-21\r\nCoreStartupTime: 19:35:01\r\n"), std::string::npos) << status;
}

TEST(ReplayPeer, PlaysGarbageCutStreamsAndStreamsWithoutBannerAsFarAsTheyGo) {
    EXPECT_EQ(ReplayPeer("").events(), 0U);
    EXPECT_EQ(ReplayPeer("garbage without end").events(), 0U);
    EXPECT_EQ(ReplayPeer(std::string(300'000, 'x')).events(), 0U);
    EXPECT_EQ(ReplayPeer("Event: Hold\r\nA: 1\r\n\r\nEvent: Unhold\r\nUni").events(), 1U);
    EXPECT_FALSE(ReplayPeer("Event: Hold\r\n\r\n", "not a line\n1 2\n\n").has_times());
    const std::string bytes = capture("asterisk/02-inbound-queue-hold.ami");
    const std::size_t all = ReplayPeer(bytes).events();
    for (std::size_t cut = 0; cut < bytes.size(); cut += 997) EXPECT_LE(ReplayPeer(bytes.substr(0, cut)).events(), all);
}

}  // namespace
}  // namespace citybridge::asterisk
