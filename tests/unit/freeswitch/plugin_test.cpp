// The plugin's glue on a lane of virtual time: connect, drop, connect again,
// and what happens when the live strand takes nothing.
#include "core/api/plugin.h"

#include <gtest/gtest.h>

#include <map>

#include "adapters/freeswitch/replay_peer.h"

extern "C" const citybridge::Manifest citybridge_manifest;

namespace citybridge::freeswitch {
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
    // A small FreeSWITCH answers until nothing is left to say.
    void serve() {
        ReplayPeer peer("");
        bool settled = false;
        callbacks.opened();
        std::string bytes = peer.on_connected();
        while (!bytes.empty()) {
            callbacks.received(bytes);
            bytes = peer.on_client_bytes(std::exchange(to_peer, {}));
            if (bytes.empty() && !settled) {
                settled = true;
                pass(Millis(300));  // the tables lag the events
                bytes = peer.on_client_bytes(std::exchange(to_peer, {}));
            }
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
        plugin->configure({{"city.xml", 1, 1}, {{"host", "127.0.0.1", {}}, {"password", "s", {}}}}, problems);
        EXPECT_TRUE(problems.empty());
        EXPECT_EQ(host.connects, 0) << "no socket before start";
        EXPECT_TRUE(plugin->start());
    }

    FakeHost host;
    std::unique_ptr<Plugin> plugin;
};

TEST_F(PluginTest, ConnectsToTheEventSocketAndSaysThatTheLinkIsUp) {
    EXPECT_EQ(host.port, 8021);
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
    host.callbacks.received(
        "Content-Length: 50\nContent-Type: text/event-plain\n\nEvent-Name: CHANNEL_HOLD\nUnique-ID: 1111-2222-33\n\n");
    EXPECT_EQ(host.codes.back(), "freeswitch.strand_full");
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
    EXPECT_EQ(host.codes.back(), "freeswitch.no_greeting");
    old.received("Content-Type: auth/request\n\n");
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
    EXPECT_TRUE(offered(CallAction::hangup) && offered(CallAction::hold) && offered(CallAction::conference));
    EXPECT_FALSE(offered(CallAction::record)) << "no folder is set";
    pbx->hangup("1.1", done);
    host.pass(Millis(0));
    EXPECT_NE(host.to_peer.find("api uuid_kill 1.1"), std::string::npos);
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

}  // namespace
}  // namespace citybridge::freeswitch
