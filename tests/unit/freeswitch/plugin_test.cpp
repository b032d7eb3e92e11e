// The plugin's glue on a lane of virtual time: connect, drop, connect again,
// and what happens when the live strand takes nothing.
#include "core/api/plugin.h"

#include <gtest/gtest.h>

#include "adapters/freeswitch/replay_peer.h"
#include "tests/support/plugin_host.h"

extern "C" const citybridge::Manifest citybridge_manifest;

namespace citybridge::freeswitch {
namespace {

// A small FreeSWITCH answers until nothing is left to say.
void serve(tests::PluginHost& host) {
    ReplayPeer peer("");
    bool settled = false;
    host.kept_lane.callbacks.opened();
    std::string bytes = peer.on_connected();
    while (!bytes.empty()) {
        host.kept_lane.callbacks.received(bytes);
        bytes = peer.on_client_bytes(std::exchange(host.kept_lane.sent, {}));
        if (!bytes.empty() || settled) continue;
        settled = true;
        host.kept_lane.run(Millis(300));  // the tables lag the events
        bytes = peer.on_client_bytes(std::exchange(host.kept_lane.sent, {}));
    }
}

struct PluginTest : ::testing::Test {
    PluginTest() {
        Problems problems;
        plugin.reset(citybridge_manifest.create(host));
        plugin->configure({{"city.xml", 1, 1}, {{"host", "127.0.0.1", {}}, {"password", "s", {}}}}, problems);
        EXPECT_TRUE(problems.empty());
        EXPECT_EQ(host.kept_lane.connects, 0) << "no socket before start";
        EXPECT_TRUE(plugin->start());
    }

    tests::PluginHost host{"pbx"};
    std::unique_ptr<Plugin> plugin;
};

TEST_F(PluginTest, ConnectsToTheEventSocketAndSaysThatTheLinkIsUp) {
    EXPECT_EQ(host.kept_lane.asked.port, 8021);
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
    host.kept_lane.callbacks.received(
        "Content-Length: 50\nContent-Type: text/event-plain\n\nEvent-Name: CHANNEL_HOLD\nUnique-ID: 1111-2222-33\n\n");
    EXPECT_EQ(host.codes.back(), "freeswitch.strand_full");
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
    EXPECT_EQ(host.codes.back(), "freeswitch.no_greeting");
    old.received("Content-Type: auth/request\n\n");
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
    EXPECT_TRUE(offered(CallAction::hangup) && offered(CallAction::hold) && offered(CallAction::conference));
    EXPECT_FALSE(offered(CallAction::record)) << "no folder is set";
    pbx->hangup("1.1", done);
    host.kept_lane.run(Millis(0));
    EXPECT_NE(host.kept_lane.sent.find("api uuid_kill 1.1"), std::string::npos);
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

}  // namespace
}  // namespace citybridge::freeswitch
