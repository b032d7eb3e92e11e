// What stream clients may not do, and what happens to those that do.
#include <thread>

#include "tests/unit/gateway/gateway_fixture.h"

namespace citybridge::test {
namespace {

using StreamLimits = GatewayTest;

const std::string kUpgrade = "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n";
const std::string kVersion = "Sec-WebSocket-Version: 13\r\n";
const std::string kKey = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

Contact big_contact() {
    Contact contact = make_contact("big");
    contact.attributes["text"] = std::string(8000, 'x');
    return contact;
}

// Reads on until the stream ends; the code of the close frame, 0 if there was none.
int close_code_of(StreamClient& stream) {
    for (;;) {
        const Frame frame = stream.frame();
        if (frame.opcode == 8) return frame.close_code();
        if (frame.opcode < 0) return 0;
    }
}

TEST_F(StreamLimits, bad_handshakes_are_refused_with_a_problem) {
    start();
    const std::string token = log_in("admin");
    const std::vector<std::tuple<std::string, int, std::string>> cases{
        {"", 426, "stream.upgrade_required"},
        {"Upgrade: h2c\r\nConnection: Upgrade\r\n" + kVersion + kKey, 426, "stream.upgrade_required"},
        {"Upgrade: websocket\r\n" + kVersion + kKey, 426, "stream.upgrade_required"},
        {kUpgrade + "Sec-WebSocket-Version: 8\r\n" + kKey, 426, "stream.upgrade_required"},
        {kUpgrade + kVersion, 400, "stream.bad_handshake"},
        {kUpgrade + kVersion + "Sec-WebSocket-Key: c2hvcnQ=\r\n", 400, "stream.bad_handshake"},
        {kUpgrade + kVersion + "Sec-WebSocket-Key: not base64!\r\n", 400, "stream.bad_handshake"},
        {kUpgrade + kVersion + kKey + "Sec-WebSocket-Protocol: chat\r\n", 400, "stream.bad_handshake"},
    };
    for (const auto& [headers, status, code] : cases) {
        Client client(port());
        const Reply reply = client.ask("GET", "/v1/stream", token, {}, headers);
        EXPECT_EQ(reply.status, status) << headers;
        EXPECT_EQ(reply.code(), code) << headers;
        if (status == 426) {
            EXPECT_EQ(reply.headers.at("sec-websocket-version"), "13");
        }
        EXPECT_EQ(client.ask("GET", "/healthz").status, 200) << "a refused handshake leaves plain HTTP";
    }
    EXPECT_EQ(Client(port()).ask("GET", "/v1/stream", {}, {}, kUpgrade + kVersion + kKey).status, 401);
    EXPECT_EQ(Client(port()).ask("GET", "/v1/stream", "node-token", {}, kUpgrade + kVersion + kKey).status, 403);
}

TEST_F(StreamLimits, browsers_log_in_by_subprotocol) {
    start();
    StreamClient stream(port());
    const Reply reply =
        stream.connect({}, {}, "Sec-WebSocket-Protocol: citybridge.v1, bearer." + log_in("admin") + "\r\n");
    ASSERT_EQ(reply.status, 101);
    EXPECT_EQ(reply.headers.at("sec-websocket-protocol"), "citybridge.v1") << "never the one with the token";
    EXPECT_EQ(stream.next()["type"], "snapshot");
    StreamClient wrong(port());
    EXPECT_EQ(wrong.connect({}, {}, "Sec-WebSocket-Protocol: citybridge.v1, bearer.wrong\r\n").status, 401);
}

TEST_F(StreamLimits, frames_sent_with_the_handshake_are_not_lost) {
    start();
    StreamClient stream(port());
    stream.send("GET /v1/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + log_in("admin") + "\r\n" + kUpgrade +
                kVersion + kKey + "\r\n" + client_frame(9, "early"));
    ASSERT_EQ(stream.reply().status, 101);
    for (;;) {
        const Frame frame = stream.frame();
        ASSERT_GE(frame.opcode, 0);
        if (frame.opcode != 10) continue;
        EXPECT_EQ(frame.payload, "early");
        break;
    }
}

TEST_F(StreamLimits, pings_are_answered_and_texts_are_taken_without_effect) {
    start();
    StreamClient stream = stream_of(log_in("admin"));
    stream.send_frame(1, "hel", false);
    stream.send_frame(9, "beat");
    const Frame pong = stream.frame();
    EXPECT_EQ(pong.opcode, 10);
    EXPECT_EQ(pong.payload, "beat");
    stream.send_frame(0, "lo");
    live_.publish_contact(make_contact("c1"));
    EXPECT_EQ(stream.next()["contact"]["id"], "c1");
}

TEST_F(StreamLimits, broken_frames_close_with_their_code) {
    start();
    const std::string token = log_in("admin");
    for (const auto& [bytes, code] : std::vector<std::pair<std::string, int>>{
             {client_frame(1, "unmasked", true, false), 1002},
             {client_frame(2, "binary"), 1003},
             {client_frame(1, "\xff\xff"), 1007},
             {client_frame(1, std::string(5000, 'a')), 1009},
             {client_frame(0, "continuation"), 1002},
             {client_frame(8, std::string("\x03\xe8", 2)), 1000},
         }) {
        StreamClient stream = stream_of(token);
        stream.send(bytes);
        EXPECT_EQ(stream.frame().close_code(), code);
        stream.send_frame(8, std::string("\x03\xe8", 2));
        EXPECT_TRUE(stream.closes());
    }
}

TEST_F(StreamLimits, a_flood_of_messages_is_closed) {
    start();
    StreamClient stream = stream_of(log_in("admin"));
    std::string flood;
    for (int i = 0; i < 2000; ++i) flood += client_frame(1, "x");
    stream.send(flood);
    EXPECT_TRUE(stream.closes());
}

TEST_F(StreamLimits, a_client_that_does_not_read_is_closed_by_time_and_others_go_on) {
    GatewaySettings settings;
    settings.stream_stall_ms = 300;
    settings.stream_socket_bytes = 8192;
    start(settings);
    const std::string token = log_in("admin");
    StreamClient silent(port(), 4096);
    ASSERT_EQ(silent.connect(token).status, 101);
    StreamClient reader = stream_of(token);
    std::string metrics;
    while (metrics.find("citybridge_stream_closed_total{code=\"1013\"} 1") == std::string::npos) {
        for (int i = 0; i < 10; ++i) {
            live_.publish_contact(big_contact());
            ASSERT_EQ(reader.next()["contact"]["id"], "big");
        }
        metrics = ask("GET", "/metrics").body;
    }
    EXPECT_TRUE(silent.closes());
}

TEST_F(StreamLimits, a_client_that_reads_too_slowly_is_told_1013) {
    GatewaySettings settings;
    settings.stream_lag_bytes = 50'000;
    settings.stream_socket_bytes = 8192;
    start(settings);
    StreamClient slow(port(), 4096);
    ASSERT_EQ(slow.connect(log_in("admin")).status, 101);
    for (int i = 0; i < 100; ++i) live_.publish_contact(big_contact());
    // Starts to read only once the node has made up its mind.
    while (ask("GET", "/metrics").body.find("citybridge_stream_closed_total{code=\"1013\"} 1") == std::string::npos)
        std::this_thread::yield();
    EXPECT_EQ(close_code_of(slow), 1013);
}

TEST_F(StreamLimits, a_client_that_fell_out_of_the_ring_is_told_1013) {
    GatewaySettings settings;
    settings.stream_ring_events = 5;
    settings.stream_socket_bytes = 8192;
    start(settings);
    StreamClient slow(port(), 4096);
    ASSERT_EQ(slow.connect(log_in("admin")).status, 101);
    for (int i = 0; i < 200; ++i) live_.publish_contact(big_contact());
    EXPECT_EQ(close_code_of(slow), 1013);
}

TEST_F(StreamLimits, a_client_that_answers_no_ping_is_closed) {
    GatewaySettings settings;
    settings.stream_ping_ms = 100;
    start(settings);
    const std::string token = log_in("admin");
    StreamClient deaf = stream_of(token), alive = stream_of(token);
    std::atomic<bool> done{false};
    std::thread answering([&] {
        // next() answers pings on the way to the text frame that ends this.
        EXPECT_EQ(alive.next()["contact"]["id"], "c1");
        done = true;
    });
    int pings = 0;
    for (;;) {
        const Frame frame = deaf.frame();
        if (frame.opcode == 9) ++pings;
        if (frame.opcode != 8) {
            ASSERT_EQ(frame.opcode, 9);
            continue;
        }
        EXPECT_EQ(frame.close_code(), 1013);
        break;
    }
    EXPECT_EQ(pings, 2);
    EXPECT_FALSE(done);
    live_.publish_contact(make_contact("c1"));
    answering.join();
}

TEST_F(StreamLimits, places_are_bounded_per_user_and_in_all_and_given_back) {
    GatewaySettings settings;
    settings.max_streams = 3;
    settings.max_streams_per_user = 2;
    start(settings);
    const std::string admin = log_in("admin"), lead = log_in("team_lead"), erp = "erp-token";
    {
        StreamClient one = stream_of(admin), two = stream_of(admin);
        StreamClient over(port());
        const Reply reply = over.connect(admin);
        EXPECT_EQ(reply.status, 429);
        EXPECT_EQ(reply.code(), "stream.too_many_of_user");
        StreamClient three = stream_of(lead);
        StreamClient full(port());
        EXPECT_EQ(full.connect(erp).code(), "stream.too_many");
        // A handshake that fails after its place was taken gives it back.
        live_.busy = true;
        EXPECT_EQ(StreamClient(port()).connect(lead).status, 503);
        live_.busy = false;
    }
    int status = 0;
    for (int i = 0; i < 1000 && status != 101; ++i) {
        StreamClient again(port());
        status = again.connect(admin).status;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    EXPECT_EQ(status, 101);
}

TEST_F(StreamLimits, failed_handshakes_never_use_up_places) {
    GatewaySettings settings;
    settings.max_streams_per_user = 1;
    start(settings);
    const std::string token = log_in("admin");
    live_.busy = true;
    for (int i = 0; i < 20; ++i) ASSERT_EQ(StreamClient(port()).connect(token).code(), "node.busy");
    live_.busy = false;
    EXPECT_EQ(StreamClient(port()).connect(token).status, 101);
}

TEST_F(StreamLimits, everybody_sees_only_his_own) {
    start();
    live_.publish_contact(make_contact("theirs", "SIP/1002"));
    live_.publish_agent(make_agent("SIP/1001"));
    live_.publish_agent(make_agent("SIP/1002"));
    StreamClient agent(port()), erp(port()), admin = stream_of(log_in("admin")), lead = stream_of(log_in("team_lead"));
    ASSERT_EQ(agent.connect(log_in("agent1")).status, 101);
    ASSERT_EQ(erp.connect("erp-token").status, 101);
    const auto first = agent.next(), erp_first = erp.next();
    EXPECT_TRUE(first["contacts"].empty());
    ASSERT_EQ(first["agents"].size(), 1U);
    EXPECT_EQ(first["agents"][0]["id"], "SIP/1001");
    EXPECT_EQ(erp_first["contacts"].size(), 1U);
    EXPECT_TRUE(erp_first["agents"].empty());

    live_.publish_agent(make_agent("SIP/1002"));
    live_.publish(PbxLinkChanged{"pbx", false, "gone"});
    live_.publish(CommandFinished{"cmd", "agent1", CommandOutcome::succeeded, "", "mine"});
    live_.publish_contact(make_contact("mine", "SIP/1001"));
    EXPECT_EQ(agent.next()["type"], "command.result");
    EXPECT_EQ(agent.next()["contact"]["id"], "mine");
    EXPECT_EQ(erp.next()["contact"]["id"], "mine");
    for (const char* type : {"agent.state", "pbx.link", "command.result", "contact.changed"})
        EXPECT_EQ(admin.next()["type"], type);
    for (const char* type : {"agent.state", "pbx.link", "contact.changed"}) EXPECT_EQ(lead.next()["type"], type);
}

}  // namespace
}  // namespace citybridge::test
