// Links of a HostLane over real sockets on loopback.
#include <gtest/gtest.h>

#include <future>

#include "core/host/host_lane.h"
#include "tests/unit/host/loopback.h"
#include "tests/unit/host/test_support.h"

namespace citybridge {
namespace {

using namespace std::chrono_literals;
using test::eventually;

class LinkTest : public testing::Test {
protected:
    LinkTest() {
        LaneOptions options;
        options.name = "links";
        options.on_exception = [this](std::string_view) { ++exceptions_; };
        lane_ = HostLane::start(std::move(options));
    }
    ~LinkTest() override {
        on_lane([&] { link_.reset(); });
        lane_->finish(30s);
    }
    void on_lane(const std::function<void()>& work) { ASSERT_TRUE(lane_->run(work, 30s)); }

    LinkCallbacks recording() {
        return {.opened = [this] { opened_ = true; },
                .received =
                    [this](std::string_view bytes) {
                        received_ += bytes;
                        received_size_ = received_.size();
                    },
                .closed =
                    [this](const Error& why) {
                        why_ = why;
                        ++closed_;
                    }};
    }
    void connect(LinkOptions options, LinkCallbacks callbacks) {
        on_lane([&] { link_ = lane_->connect(options, std::move(callbacks)); });
    }
    void connect(std::uint16_t port) { connect({.host = "127.0.0.1", .port = port}, recording()); }
    void send(std::string_view bytes) {
        on_lane([&] { link_->send(bytes); });
    }
    std::string why_closed() {
        EXPECT_TRUE(eventually([&] { return closed_ > 0; }));
        return why_.code;
    }

    std::shared_ptr<HostLane> lane_;
    std::unique_ptr<Link> link_;  // lane thread
    std::atomic<bool> opened_{false};
    std::string received_;  // lane thread until received_size_ says it is complete
    std::atomic<std::size_t> received_size_{0};
    Error why_;  // written before closed_
    std::atomic<int> closed_{0};
    std::atomic<int> exceptions_{0};
};

TEST_F(LinkTest, BytesGoBothWays) {
    test::Listener server;
    connect(server.port());
    const auto peer = server.accept();
    ASSERT_TRUE(eventually([&] { return opened_.load(); }));
    send("ping");
    EXPECT_EQ(peer.read(4), "ping");
    peer.write("pong");
    ASSERT_TRUE(eventually([&] { return received_size_ == 4; }));
    EXPECT_EQ(received_, "pong");
}

TEST_F(LinkTest, BytesSentBeforeItOpensArriveInOrder) {
    test::Listener server;
    on_lane([&] {
        link_ = lane_->connect({.host = "127.0.0.1", .port = server.port()}, recording());
        link_->send("one ");
        link_->send("two");
    });
    EXPECT_EQ(server.accept().read(7), "one two");
}

TEST_F(LinkTest, LocalhostNeedsNoNameServer) {
    test::Listener server;
    connect({.host = "localhost", .port = server.port()}, recording());
    const auto peer = server.accept();
    EXPECT_TRUE(eventually([&] { return opened_.load(); }));
}

TEST_F(LinkTest, AnUnknownHostNameIsAnError) {
    connect({.host = "no-such-host.invalid", .port = 5038}, recording());
    EXPECT_EQ(why_closed(), "link.resolve");
    EXPECT_FALSE(opened_);
}

TEST_F(LinkTest, EightMegabytesPassUnchangedBothWays) {
    test::Listener server;
    LinkOptions options{.host = "127.0.0.1", .port = server.port()};
    options.send_buffer_bytes = 16 << 20;
    connect(options, recording());
    const auto peer = server.accept();
    std::string sent;
    for (int i = 0; sent.size() < (8U << 20); ++i) sent += std::to_string(i) + '\n';
    send(sent);
    EXPECT_EQ(peer.read(sent.size()), sent);
    EXPECT_EQ(closed_, 0);
    std::thread writer([&] { peer.write(sent); });
    EXPECT_TRUE(eventually([&] { return received_size_ == sent.size(); }));
    writer.join();
    EXPECT_EQ(received_, sent);
}

TEST_F(LinkTest, APeerThatNeverReadsClosesTheLinkWithOverflow) {
    test::Listener server;
    LinkOptions options{.host = "127.0.0.1", .port = server.port()};
    options.send_buffer_bytes = 100'000;
    connect(options, recording());
    const auto peer = server.accept();
    const std::string chunk(50'000, 'x');
    for (int i = 0; i < 2'000 && closed_ == 0; ++i) send(chunk);
    EXPECT_EQ(why_closed(), "link.overflow");
    send("ignored");
    on_lane([] {});
    EXPECT_EQ(closed_, 1);
}

TEST_F(LinkTest, APeerThatClosesIsToldOnceAndAfterItsLastBytes) {
    test::Listener server;
    connect(server.port());
    {
        const auto peer = server.accept();
        peer.write("bye");
    }
    EXPECT_EQ(why_closed(), "link.peer_closed");
    EXPECT_EQ(received_, "bye");
    on_lane([] {});
    EXPECT_EQ(closed_, 1);
}

TEST_F(LinkTest, AResetConnectionIsLost) {
    test::Listener server;
    connect(server.port());
    server.accept().reset();
    const auto code = why_closed();
    // A reset before the link was reported open may show as a failed connect.
    EXPECT_TRUE(code == "link.lost" || code == "link.connect") << code;
}

TEST_F(LinkTest, AClosedPortRefuses) {
    test::Listener server;
    const auto port = server.port();
    server.close();
    connect(port);
    EXPECT_EQ(why_closed(), "link.refused");
    EXPECT_NE(why_.detail.find("127.0.0.1:" + std::to_string(port)), std::string::npos);
    EXPECT_FALSE(opened_);
}

TEST_F(LinkTest, APeerThatDoesNotAnswerEndsWithTheConnectTimeout) {
    test::Listener server(0);
    const auto waiting = server.fill();
    LinkOptions options{.host = "127.0.0.1", .port = server.port()};
    options.connect_timeout = 50ms;
    connect(options, recording());
    EXPECT_EQ(why_closed(), "link.connect_timeout");
    EXPECT_FALSE(opened_);
}

TEST_F(LinkTest, TheHandleMayBeDestroyedInEachOfItsCallbacks) {
    test::Listener server;
    for (const std::string where : {"opened", "received", "closed"}) {
        std::atomic<bool> reached{false};
        // Longer than the small buffer of std::function: freed memory would be noticed.
        const std::array<std::string, 4> payload{where, where, where, where};
        const auto drop_at = [&, payload](const std::string& here) {
            if (payload[0] != here) return;
            link_.reset();
            EXPECT_EQ(payload[3], where);
            reached = true;
        };
        connect({.host = "127.0.0.1", .port = server.port()},
                {.opened = [=] { drop_at("opened"); },
                 .received = [=](std::string_view) { drop_at("received"); },
                 .closed = [=](const Error&) { drop_at("closed"); }});
        {
            const auto peer = server.accept();
            if (where != "opened") peer.write("x");
        }
        EXPECT_TRUE(eventually([&] { return reached.load(); })) << where;
        on_lane([&] { EXPECT_EQ(link_, nullptr); });
    }
}

TEST_F(LinkTest, NoCallbackComesAfterTheHandleIsGone) {
    test::Listener server;
    connect(server.port());
    const auto peer = server.accept();
    ASSERT_TRUE(eventually([&] { return opened_.load(); }));
    peer.write("unread");
    on_lane([&] { link_.reset(); });
    const auto before = received_size_.load();
    EXPECT_EQ(peer.read(1), "") << "the far end sees it closed";
    on_lane([] {});
    EXPECT_EQ(closed_, 0);
    EXPECT_EQ(received_size_, before);
}

TEST_F(LinkTest, NoCallbackComesAfterTheLaneIsQuiet) {
    test::Listener server;
    connect(server.port());
    const auto peer = server.accept();
    ASSERT_TRUE(eventually([&] { return opened_.load(); }));
    on_lane([&] { lane_->quiesce(); });
    EXPECT_EQ(peer.read(1), "") << "the far end sees it closed";
    on_lane([&] {
        link_->send("ignored");
        const auto late = lane_->connect({.host = "127.0.0.1", .port = server.port()}, recording());
        late->send("ignored");
    });
    EXPECT_EQ(closed_, 0);
}

TEST_F(LinkTest, AnExceptionInACallbackLeavesTheLinkWorking) {
    test::Listener server;
    auto callbacks = recording();
    callbacks.received = [this](std::string_view bytes) {
        received_ += bytes;
        received_size_ = received_.size();
        throw std::runtime_error("on purpose");
    };
    connect({.host = "127.0.0.1", .port = server.port()}, callbacks);
    const auto peer = server.accept();
    peer.write("a");
    ASSERT_TRUE(eventually([&] { return received_size_ == 1; }));
    peer.write("b");
    ASSERT_TRUE(eventually([&] { return received_size_ == 2; }));
    send("still here");
    EXPECT_EQ(peer.read(10), "still here");
    EXPECT_EQ(exceptions_, 2);
}

TEST_F(LinkTest, EveryCallbackMayBeMissing) {
    test::Listener server;
    connect({.host = "127.0.0.1", .port = server.port()}, {});
    server.accept().write("x");
    on_lane([&] { link_->send("y"); });
    on_lane([] {});
    EXPECT_EQ(exceptions_, 0);
}

TEST_F(LinkTest, ALinkMayReplaceItselfWhenItIsClosed) {
    test::Listener server;
    std::atomic<int> opened{0};
    std::function<void()> connect_again = [&] {
        link_ = lane_->connect(
            {.host = "127.0.0.1", .port = server.port()},
            {.opened = [&] { ++opened; }, .received = {}, .closed = [&](const Error&) { connect_again(); }});
    };
    on_lane([&] { connect_again(); });
    for (int i = 1; i <= 5; ++i) {
        const auto peer = server.accept();
        EXPECT_TRUE(eventually([&] { return opened >= i; }));
    }
    on_lane([&] { link_.reset(); });
}

}  // namespace
}  // namespace citybridge
