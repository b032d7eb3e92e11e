// The stream over loopback: what comes first, who sees what, resuming.
#include <thread>

#include "tests/unit/gateway/gateway_fixture.h"

namespace citybridge::test {
namespace {

using Stream = GatewayTest;

std::uint64_t sequence_of(const nlohmann::json& frame) {
    const auto id = frame.at("id").get<std::string>();
    return std::stoull(id.substr(id.find('-') + 1));
}

TEST_F(Stream, begins_with_a_snapshot_and_goes_on_with_events) {
    start();
    live_.publish_contact(make_contact("c1"));
    live_.publish_agent(make_agent("SIP/1001"));
    StreamClient stream(port());
    const Reply shake = stream.connect(log_in("team_lead"));
    ASSERT_EQ(shake.status, 101);
    // The example of RFC 6455 section 1.3.
    EXPECT_EQ(shake.headers.at("sec-websocket-accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    const auto first = stream.next();
    EXPECT_EQ(first["type"], "snapshot");
    EXPECT_EQ(first["contacts"].at(0)["id"], "c1");
    EXPECT_EQ(first["agents"].at(0)["id"], "SIP/1001");
    EXPECT_EQ(sequence_of(first), 2U);
    live_.publish_contact(make_contact("c2"), ContactChanged::What::started);
    const auto event = stream.next();
    EXPECT_EQ(event["type"], "contact.started");
    EXPECT_EQ(event["contact"]["id"], "c2");
    EXPECT_EQ(sequence_of(event), 3U);
}

TEST_F(Stream, a_known_last_event_id_gets_exactly_what_was_missed) {
    start();
    const std::string token = log_in("admin");
    std::string last;
    {
        StreamClient stream = stream_of(token);
        live_.publish_contact(make_contact("c1"));
        last = stream.next()["id"];
    }
    live_.publish_contact(make_contact("c2"));
    live_.publish_contact(make_contact("c3"));
    StreamClient again(port());
    ASSERT_EQ(again.connect(token, "?last_event_id=" + last).status, 101);
    EXPECT_EQ(again.next()["contact"]["id"], "c2");
    EXPECT_EQ(again.next()["contact"]["id"], "c3");
    live_.publish_contact(make_contact("c4"));
    EXPECT_EQ(again.next()["contact"]["id"], "c4");
}

TEST_F(Stream, an_unknown_last_event_id_gets_a_snapshot) {
    GatewaySettings settings;
    settings.stream_ring_events = 2;
    start(settings);
    const std::string token = log_in("admin");
    StreamClient stream = stream_of(token);
    live_.publish_contact(make_contact("c1"));
    const std::string first = stream.next()["id"];
    for (int i = 0; i < 4; ++i) live_.publish_contact(make_contact("c2"));
    const std::string generation = first.substr(0, first.find('-'));
    // Older than the ring; another process; from the future; not an id.
    for (const std::string& id : {first, std::string("0123456789abcdef-5"), generation + "-99", generation + "-",
                                  generation + "-5x", std::string("nonsense")}) {
        StreamClient again(port());
        ASSERT_EQ(again.connect(token, "?last_event_id=" + id).status, 101) << id;
        EXPECT_EQ(again.next()["type"], "snapshot") << id;
    }
}

TEST_F(Stream, resuming_while_events_are_published_loses_and_repeats_nothing) {
    start();
    const std::string token = log_in("admin");
    constexpr std::uint64_t kEvents = 3000;
    std::thread strand([&] {
        for (std::uint64_t i = 0; i < kEvents; ++i) live_.publish_contact(make_contact("c" + std::to_string(i % 7)));
    });
    std::uint64_t seen = 0;
    std::string last;
    while (seen < kEvents) {
        StreamClient stream(port());
        ASSERT_EQ(stream.connect(token, last.empty() ? "" : "?last_event_id=" + last).status, 101);
        for (int i = 0; i < 97 && seen < kEvents; ++i) {
            const auto frame = stream.next();
            ASSERT_TRUE(frame.is_object());
            if (last.empty()) {
                ASSERT_EQ(frame["type"], "snapshot");
            } else {
                ASSERT_EQ(sequence_of(frame), seen + 1);
            }
            seen = sequence_of(frame);
            last = frame["id"];
        }
    }
    strand.join();
}

TEST_F(Stream, every_snapshot_continues_without_gap_under_publishing) {
    start();
    const std::string token = log_in("admin");
    std::atomic<bool> done{false};
    std::thread strand([&] {
        while (!done) {
            live_.publish_contact(make_contact("c1"));
            std::this_thread::yield();
        }
    });
    for (int round = 0; round < 20; ++round) {
        StreamClient stream(port());
        ASSERT_EQ(stream.connect(token).status, 101);
        std::uint64_t last = sequence_of(stream.next());
        for (int i = 0; i < 20; ++i) {
            const auto frame = stream.next();
            EXPECT_EQ(sequence_of(frame), last + 1);
            last = sequence_of(frame);
        }
    }
    done = true;
    strand.join();
}

}  // namespace
}  // namespace citybridge::test
