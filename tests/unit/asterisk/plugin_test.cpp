// The plugin's glue on a lane of virtual time: connect, drop, connect again,
// and what happens when the live strand takes nothing.
#include "core/api/plugin.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "adapters/asterisk/replay_peer.h"
#include "tools/support/temp_folder.h"

extern "C" const citybridge::Manifest citybridge_manifest;

namespace citybridge::asterisk {
namespace {

class FakeHost final : public Host, public Lane, public HttpClient {
public:
    std::string_view city() const override { return "beijing"; }
    std::string_view instance() const override { return "pbx"; }
    Lane& lane() override { return *this; }
    HttpClient& http() override { return *this; }
    // This plugin speaks no HTTP.
    bool allow(std::string_view) override { return false; }
    void send(HttpOutgoing, std::function<void(HttpOutcome)>) override { ADD_FAILURE() << "an HTTP request"; }
    void log(LogLevel, std::string_view code, std::string_view) override { codes.emplace_back(code); }
    void take(InboundMessage /*message*/, std::function<void(Result<>)> /*done*/) override {}
    bool signal(std::span<PbxSignal> batch) override {
        if (full) return false;
        for (PbxSignal& s : batch) signals.push_back(s);
        return true;
    }

    Now now() const override { return {WallTime(Millis(1'000'000) + time), MonoTime(time)}; }
    bool post(std::function<void()> task) override {
        after(Millis(0), std::move(task));
        return true;
    }
    TimerId after(Millis delay, std::function<void()> task) override {
        timers.emplace(std::pair(time + delay, ++last_timer), std::move(task));
        return last_timer;
    }
    void cancel(TimerId timer) override {
        std::erase_if(timers, [&](const auto& entry) { return entry.first.second == timer; });
    }
    std::unique_ptr<Link> connect(const LinkOptions& options, LinkCallbacks given) override {
        struct FakeLink final : Link {
            explicit FakeLink(FakeHost& owner) : host(owner) { ++host.links; }
            ~FakeLink() override { --host.links; }
            void send(std::string_view bytes) override { host.to_peer.append(bytes); }
            FakeHost& host;
        };
        port = options.port;
        ++connects;
        callbacks = std::move(given);
        return std::make_unique<FakeLink>(*this);
    }

    void pass(Millis duration) {
        const Millis end = time + duration;
        while (!timers.empty() && timers.begin()->first.first <= end) {
            auto node = timers.extract(timers.begin());
            time = std::max(time, node.key().first);
            node.mapped()();
        }
        time = end;
    }
    // A small Asterisk answers until nothing is left to say.
    void serve() {
        ReplayPeer peer("");
        callbacks.opened();
        std::string bytes = peer.on_connected();
        while (!bytes.empty()) {
            callbacks.received(bytes);
            bytes = peer.on_client_bytes(std::exchange(to_peer, {}));
        }
    }
    template <class T>
    std::size_t count() const {
        return static_cast<std::size_t>(std::count_if(signals.begin(), signals.end(),
                                                      [](const auto& s) { return std::holds_alternative<T>(s.body); }));
    }

    Millis time{0};
    std::map<std::pair<Millis, TimerId>, std::function<void()>> timers;
    TimerId last_timer = 0;
    LinkCallbacks callbacks;
    std::string to_peer;
    std::vector<PbxSignal> signals;
    std::vector<std::string> codes;
    int connects = 0;
    int links = 0;
    std::uint16_t port = 0;
    bool full = false;
};

struct PluginTest : ::testing::Test {
    PluginTest() {
        Problems problems;
        plugin.reset(citybridge_manifest.create(host));
        plugin->configure({{"city.xml", 1, 1}, {{"host", "127.0.0.1", {}}, {"user", "cti", {}}, {"secret", "s", {}}}},
                          problems);
        EXPECT_TRUE(problems.empty());
        EXPECT_EQ(host.connects, 0) << "no socket before start";
        EXPECT_TRUE(plugin->start());
    }

    FakeHost host;
    std::unique_ptr<Plugin> plugin;
};

TEST_F(PluginTest, ConnectsToTheManagerPortAndSaysThatTheLinkIsUp) {
    EXPECT_EQ(host.port, 5038);
    host.serve();
    EXPECT_EQ(host.count<signal::LinkUp>(), 1U);
    EXPECT_EQ(host.count<signal::Snapshot>(), 1U);
}

TEST_F(PluginTest, SaysAtOnceThatALinkIsDownAndConnectsAgainLater) {
    host.serve();
    host.callbacks.closed({"link.closed", "closed by the peer"});
    EXPECT_EQ(host.count<signal::LinkDown>(), 1U);
    EXPECT_EQ(host.connects, 1);
    host.pass(Millis(700));
    EXPECT_EQ(host.connects, 2);
    EXPECT_EQ(host.links, 1) << "the old link is gone";
    host.serve();
    EXPECT_EQ(host.count<signal::LinkUp>(), 2U);
}

TEST_F(PluginTest, AFullStrandIsACutLinkAndTheEndIsToldBeforeANewBeginning) {
    host.serve();
    host.full = true;
    host.callbacks.received("Event: Hold\r\nUniqueid: 1.1\r\n\r\n");
    EXPECT_EQ(host.codes.back(), "asterisk.strand_full");
    host.pass(Millis(5'000));
    EXPECT_EQ(host.connects, 1) << "the end of the first link is still owed";
    host.full = false;
    host.pass(Millis(100));
    EXPECT_EQ(host.count<signal::LinkDown>(), 1U);
    EXPECT_EQ(host.connects, 2);
}

TEST_F(PluginTest, ASilentPeerIsDroppedAndLateBytesOfItAreIgnored) {
    host.callbacks.opened();
    const LinkCallbacks old = host.callbacks;
    host.pass(Millis(5'001));
    EXPECT_EQ(host.codes.back(), "asterisk.no_banner");
    old.received("Asterisk Call Manager/9.0.0\r\n");
    EXPECT_TRUE(host.to_peer.empty());
}

TEST_F(PluginTest, CommandsAreAnsweredOnceAlsoWhenThePluginStops) {
    host.serve();
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
    host.pass(Millis(0));
    EXPECT_NE(host.to_peer.find("Action: Hangup"), std::string::npos);
    EXPECT_TRUE(replies.empty());
    pbx->hangup("1.2", done);  // still queued when the plugin stops
    plugin->stop(Millis(1'000));
    EXPECT_EQ(replies.size(), 2U) << "a lane that stops runs nothing any more";
    EXPECT_EQ(host.links, 0);
    host.pass(Millis(100'000));
    ASSERT_EQ(replies.size(), 2U);
    EXPECT_EQ(replies[0].outcome, CommandOutcome::unknown);
    EXPECT_EQ(replies[1].reason, "link_down");
    EXPECT_EQ(host.connects, 1);
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
    FakeHost host;
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
    host.serve();
    host.callbacks.received(
        "Event: Newchannel\r\nPrivilege: call,all\r\nChannel: SIP/trunk-0\r\nChannelState: 4\r\n"
        "Uniqueid: seen\r\nLinkedid: seen\r\n\r\n");
    ASSERT_EQ(host.count<signal::ChannelStarted>(), 1U);
    host.callbacks.closed({"link.closed", "closed by the peer"});
    host.pass(Millis(70'000));  // the lane begins at 00:16:40; waits vary by a fifth
    ASSERT_EQ(host.connects, 2);
    std::ofstream(folder / "Master.csv") << row("seen", "00:16:41", "00:17:00")
                                         << row("missed", "00:16:45", "00:17:20");
    host.serve();
    EXPECT_EQ(host.count<signal::PastCall>(), 0U) << "the PBX may still be writing";
    host.pass(Millis(5'000));
    ASSERT_EQ(host.count<signal::PastCall>(), 1U);
    EXPECT_EQ(host.signals.back().channel, "missed");
    EXPECT_EQ(std::get<signal::PastCall>(host.signals.back().body).agent, "SIP/1001");
    host.pass(Millis(100'000));
    EXPECT_EQ(host.count<signal::PastCall>(), 1U);
    plugin->stop(Millis(100));
}

}  // namespace
}  // namespace citybridge::asterisk
