// The plugin's glue on a lane of virtual time: connect, drop, connect again,
// and what happens when the live strand takes nothing.
#include "core/api/plugin.h"

#include <gtest/gtest.h>

#include <fstream>

#include "adapters/asterisk/replay_peer.h"
#include "tests/support/plugin_host.h"
#include "tools/support/temp_folder.h"

extern "C" const citybridge::Manifest citybridge_manifest;

namespace citybridge::asterisk {
namespace {

// A small Asterisk answers until nothing is left to say.
void serve(tests::PluginHost& host) {
    ReplayPeer peer("");
    host.kept_lane.callbacks.opened();
    std::string bytes = peer.on_connected();
    while (!bytes.empty()) {
        host.kept_lane.callbacks.received(bytes);
        bytes = peer.on_client_bytes(std::exchange(host.kept_lane.sent, {}));
    }
}

struct PluginTest : ::testing::Test {
    PluginTest() {
        Problems problems;
        plugin.reset(citybridge_manifest.create(host));
        plugin->configure({{"city.xml", 1, 1}, {{"host", "127.0.0.1", {}}, {"user", "cti", {}}, {"secret", "s", {}}}},
                          problems);
        EXPECT_TRUE(problems.empty());
        EXPECT_EQ(host.kept_lane.connects, 0) << "no socket before start";
        EXPECT_TRUE(plugin->start());
    }

    tests::PluginHost host{"pbx"};
    std::unique_ptr<Plugin> plugin;
};

TEST_F(PluginTest, ConnectsToTheManagerPortAndSaysThatTheLinkIsUp) {
    EXPECT_EQ(host.kept_lane.asked.port, 5038);
    serve(host);
    EXPECT_EQ(host.count<signal::LinkUp>(), 1U);
    EXPECT_EQ(host.count<signal::Snapshot>(), 1U);
}

TEST_F(PluginTest, SaysAtOnceThatALinkIsDownAndConnectsAgainLater) {
    serve(host);
    host.kept_lane.callbacks.closed({"link.closed", "closed by the peer"});
    EXPECT_EQ(host.count<signal::LinkDown>(), 1U);
    EXPECT_EQ(host.kept_lane.connects, 1);
    host.kept_lane.run(Millis(700));
    EXPECT_EQ(host.kept_lane.connects, 2);
    EXPECT_EQ(host.kept_lane.links, 1) << "the old link is gone";
    serve(host);
    EXPECT_EQ(host.count<signal::LinkUp>(), 2U);
}

TEST_F(PluginTest, AFullStrandIsACutLinkAndTheEndIsToldBeforeANewBeginning) {
    serve(host);
    host.full = true;
    host.kept_lane.callbacks.received("Event: Hold\r\nUniqueid: 1.1\r\n\r\n");
    EXPECT_EQ(host.codes.back(), "asterisk.strand_full");
    host.kept_lane.run(Millis(5'000));
    EXPECT_EQ(host.kept_lane.connects, 1) << "the end of the first link is still owed";
    host.full = false;
    host.kept_lane.run(Millis(100));
    EXPECT_EQ(host.count<signal::LinkDown>(), 1U);
    EXPECT_EQ(host.kept_lane.connects, 2);
}

TEST_F(PluginTest, ASilentPeerIsDroppedAndLateBytesOfItAreIgnored) {
    host.kept_lane.callbacks.opened();
    const LinkCallbacks old = host.kept_lane.callbacks;
    host.kept_lane.run(Millis(5'001));
    EXPECT_EQ(host.codes.back(), "asterisk.no_banner");
    old.received("Asterisk Call Manager/9.0.0\r\n");
    EXPECT_TRUE(host.kept_lane.sent.empty());
}

TEST_F(PluginTest, CommandsAreAnsweredOnceAlsoWhenThePluginStops) {
    serve(host);
    std::vector<CommandReply> replies;
    const auto done = [&](CommandReply reply) { replies.push_back(std::move(reply)); };
    PbxAdapter* pbx = plugin->offers().pbx;
    ASSERT_NE(pbx, nullptr);
    const auto actions = pbx->call_actions();
    const auto offered = [&](CallAction action) { return std::count(actions.begin(), actions.end(), action) == 1; };
    EXPECT_TRUE(offered(CallAction::hangup) && offered(CallAction::transfer) && offered(CallAction::record));
    EXPECT_FALSE(offered(CallAction::hold)) << "the manager has none";
    EXPECT_FALSE(offered(CallAction::conference)) << "no context of rooms is set";
    pbx->hangup("1.1", done);
    host.kept_lane.run(Millis(0));
    EXPECT_NE(host.kept_lane.sent.find("Action: Hangup"), std::string::npos);
    EXPECT_TRUE(replies.empty());
    pbx->hangup("1.2", done);  // still queued when the plugin stops
    plugin->stop(Millis(1'000));
    EXPECT_EQ(replies.size(), 2U) << "a lane that stops runs nothing any more";
    EXPECT_EQ(host.kept_lane.links, 0);
    host.kept_lane.run(Millis(100'000));
    ASSERT_EQ(replies.size(), 2U);
    EXPECT_EQ(replies[0].outcome, CommandOutcome::unknown);
    EXPECT_EQ(replies[1].reason, "link_down");
    EXPECT_EQ(host.kept_lane.connects, 1);
}

// The link is cut for a minute, in which one call comes and goes; the PBX's own record of it is told when the link is
// back, and that of a call that was seen is not.
TEST(PluginRecords, CallsOfAnOutageAreToldFromThePbxsOwnRecords) {
    const TempFolder folder("citybridge-plugin-records");
    const auto row = [](const std::string& id, const std::string& start, const std::string& end) {
        return "\"\",\"13901234567\",\"sales\",\"queues\",\"\"\"\"\"\" <13901234567>\",\"SIP/trunk-1\",\"SIP/1001-2\","
               "\"Queue\",\"sales\",\"1970-01-01 " +
               start + "\",\"1970-01-01 " + start + "\",\"1970-01-01 " + end +
               "\",4,4,\"ANSWERED\",\"DOCUMENTATION\",\"" + id + "\",\"\"\n";
    };
    tests::PluginHost host{"pbx"};
    const std::unique_ptr<Plugin> plugin(citybridge_manifest.create(host));
    Problems problems;
    plugin->configure({{"city.xml", 1, 1},
                       {{"host", "127.0.0.1", {}},
                        {"user", "cti", {}},
                        {"secret", "s", {}},
                        {"reconnect_min_ms", "50000", {}},
                        {"reconnect_max_ms", "50000", {}},
                        {"cdr_file", folder / "Master.csv", {}},
                        {"cdr_time_zone", "UTC", {}}}},
                      problems);
    ASSERT_TRUE(problems.empty()) << to_string(problems.front());
    ASSERT_TRUE(plugin->start());
    serve(host);
    host.kept_lane.callbacks.received(
        "Event: Newchannel\r\nPrivilege: call,all\r\nChannel: SIP/trunk-0\r\nChannelState: 4\r\n"
        "Uniqueid: seen\r\nLinkedid: seen\r\n\r\n");
    ASSERT_EQ(host.count<signal::ChannelStarted>(), 1U);
    host.kept_lane.callbacks.closed({"link.closed", "closed by the peer"});
    host.kept_lane.run(Millis(70'000));  // the lane begins at 00:16:40; waits vary by a fifth
    ASSERT_EQ(host.kept_lane.connects, 2);
    std::ofstream(folder / "Master.csv") << row("seen", "00:16:41", "00:17:00")
                                         << row("missed", "00:16:45", "00:17:20");
    serve(host);
    EXPECT_EQ(host.count<signal::PastCall>(), 0U) << "the PBX may still be writing";
    host.kept_lane.run(Millis(5'000));
    ASSERT_EQ(host.count<signal::PastCall>(), 1U);
    EXPECT_EQ(host.signals.back().channel, "missed");
    EXPECT_EQ(std::get<signal::PastCall>(host.signals.back().body).agent, "SIP/1001");
    host.kept_lane.run(Millis(100'000));
    EXPECT_EQ(host.count<signal::PastCall>(), 1U);
    plugin->stop(Millis(100));
}

}  // namespace
}  // namespace citybridge::asterisk
