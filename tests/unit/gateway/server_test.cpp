// The front door over loopback: honest HTTP in all its shapes, and clients
// that are slow, idle, lying or talking something else.
#include <thread>

#include "tests/unit/gateway/gateway_fixture.h"

namespace citybridge::test {
namespace {

using Server = GatewayTest;

TEST_F(Server, keeps_a_connection_for_many_requests) {
    start();
    Client client(port());
    for (int i = 0; i < 50; ++i) ASSERT_EQ(client.ask("GET", "/healthz").status, 200);
}

TEST_F(Server, answers_head_like_get_without_a_body) {
    start();
    Client client(port());
    const Reply get = client.ask("GET", "/openapi.json"), head = client.ask("HEAD", "/openapi.json");
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.headers.at("content-length"), std::to_string(get.body.size()));
    EXPECT_EQ(client.ask("GET", "/healthz").body, R"({"status":"ok"})") << "the connection is still in step";
}

TEST_F(Server, answers_pipelined_requests_in_order) {
    start();
    Client client(port());
    std::string requests;
    for (int i = 0; i < 60; ++i)
        requests += (i % 3 == 0   ? "GET /healthz"
                     : i % 3 == 1 ? "GET /nowhere"
                                  : "POST /healthz") +
                    std::string(" HTTP/1.1\r\nHost: x\r\n\r\n");
    ASSERT_TRUE(client.send(requests));
    for (int i = 0; i < 60; ++i) ASSERT_EQ(client.reply().status, i % 3 == 0 ? 200 : i % 3 == 1 ? 404 : 405) << i;
}

TEST_F(Server, invites_the_body_after_expect_continue) {
    start();
    Client client(port());
    const std::string body = credentials("admin", "admin");
    client.send(
        "POST /v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n"
        "Content-Length: " +
        std::to_string(body.size()) + "\r\n\r\n");
    EXPECT_EQ(client.reply().status, 100);
    client.send(body);
    EXPECT_EQ(client.reply().status, 201);
}

TEST_F(Server, closes_when_asked_and_after_http_1_0) {
    start();
    for (const std::string request :
         {"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "GET /healthz HTTP/1.0\r\n\r\n"}) {
        Client client(port());
        client.send(request);
        EXPECT_EQ(client.reply().status, 200);
        EXPECT_TRUE(client.closes());
    }
}

TEST_F(Server, a_client_that_shuts_its_writing_side_still_gets_its_answer) {
    start();
    Client client(port());
    client.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    client.shut_write();
    EXPECT_EQ(client.reply().status, 200);
    EXPECT_TRUE(client.closes());
}

struct Refusal {
    std::string name, bytes;
    int status;
    std::string code;
};

TEST_F(Server, refuses_bad_bytes_with_a_problem_and_closes) {
    start();
    const std::vector<Refusal> refusals{
        {"tls hello", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc", 9), 400, "http.bad_request"},
        {"both lengths",
         "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz "
         "HTTP/1.1\r\nHost: x\r\n\r\n",
         400, "http.bad_request"},
        {"two lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 40\r\n\r\nabcd", 400,
         "http.bad_request"},
        {"chunked", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n", 411,
         "http.length_required"},
        {"big body", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 65537\r\n\r\n" + std::string(65537, 'x'), 413,
         "http.body_too_large"},
        {"big head", "GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(20'000, 'a') + "\r\n\r\n", 431,
         "http.head_too_large"},
        {"http 2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "http.version"},
    };
    for (const Refusal& refusal : refusals) {
        Client client(port());
        client.send(refusal.bytes);
        const Reply reply = client.reply();
        EXPECT_EQ(reply.status, refusal.status) << refusal.name;
        EXPECT_EQ(reply.code(), refusal.code) << refusal.name;
        EXPECT_EQ(reply.headers.at("content-type"), "application/problem+json") << refusal.name;
        EXPECT_EQ(client.read_to_end(), "") << refusal.name << ": nothing smuggled behind it may be answered";
    }
    EXPECT_EQ(ask("GET", "/healthz").status, 200);
}

TEST_F(Server, a_body_shorter_than_its_length_gets_a_408) {
    GatewaySettings settings;
    settings.request_timeout_ms = 200;
    start(settings);
    Client client(port());
    client.send("POST /v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nshort");
    const Reply reply = client.reply();
    EXPECT_EQ(reply.status, 408);
    EXPECT_EQ(reply.code(), "http.timeout");
    EXPECT_TRUE(client.closes());
    Client silent(port());
    EXPECT_EQ(silent.read_to_end(), "") << "one that never said anything is closed without a word";
}

TEST_F(Server, a_dribbling_request_is_cut_though_bytes_keep_coming) {
    GatewaySettings settings;
    settings.request_timeout_ms = 300;
    start(settings);
    Client client(port());
    std::atomic<bool> done{false};
    std::thread dribble([&] {
        client.send("GET / HTTP/1.1\r\nHost: x\r\nX: ");
        while (!done && client.send("a")) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    });
    EXPECT_EQ(client.reply().status, 408);
    done = true;
    dribble.join();
}

TEST_F(Server, slow_idle_and_silent_clients_do_not_hold_back_an_honest_one) {
    GatewaySettings settings;
    settings.stream_lag_bytes = 1 << 20;
    settings.max_streams_per_user = 100;
    start(settings);
    live_.publish_agent(make_agent("SIP/1001"));
    const std::string token = log_in("admin");
    std::vector<std::unique_ptr<Client>> slow, idle;
    std::vector<std::unique_ptr<StreamClient>> silent;
    for (int i = 0; i < 300; ++i) {
        slow.push_back(std::make_unique<Client>(port()));
        slow.back()->send("POST /v1/session HTTP/1.1\r\nHost: x\r\nX-Sl");
    }
    for (int i = 0; i < 500; ++i) {
        idle.push_back(std::make_unique<Client>(port()));
        ASSERT_EQ(idle.back()->ask("GET", "/healthz").status, 200);
    }
    for (int i = 0; i < 20; ++i) {
        silent.push_back(std::make_unique<StreamClient>(port(), 4096));
        ASSERT_EQ(silent.back()->connect(token).status, 101);
    }
    StreamClient reader = stream_of(log_in("team_lead"));
    Contact big = make_contact("big");
    big.attributes["text"] = std::string(2000, 'x');
    Client honest(port());
    for (int round = 0; round < 300; ++round) {
        live_.publish_contact(big);
        ASSERT_EQ(reader.next()["contact"]["id"], "big");
        ASSERT_TRUE(slow[static_cast<std::size_t>(round)]->send("o"));
        ASSERT_EQ(honest.ask("GET", "/v1/agents", token).status, 200);
        ASSERT_EQ(ask("GET", "/healthz").status, 200);
    }
    for (auto& client : idle) ASSERT_EQ(client->ask("GET", "/healthz").status, 200) << "an idle one is still welcome";
}

TEST_F(Server, a_new_client_takes_the_place_of_the_one_that_waits_longest) {
    GatewaySettings settings;
    settings.max_connections = 8;
    start(settings);
    std::vector<std::unique_ptr<Client>> waiting;
    for (int i = 0; i < 8; ++i) {
        waiting.push_back(std::make_unique<Client>(port()));
        ASSERT_EQ(waiting.back()->ask("GET", "/healthz").status, 200);
    }
    EXPECT_EQ(ask("GET", "/healthz").status, 200);
    EXPECT_TRUE(waiting[0]->closes());
    EXPECT_EQ(waiting[7]->ask("GET", "/healthz").status, 200);
}

TEST_F(Server, attackers_filling_every_place_cannot_keep_an_honest_client_out) {
    GatewaySettings settings;
    settings.max_connections = 16;
    start(settings);
    std::vector<std::unique_ptr<Client>> attackers;
    for (int i = 0; i < 100; ++i) {
        attackers.push_back(std::make_unique<Client>(port()));
        attackers.back()->send("GET / HTTP/1.1\r\nHo");
        if (i % 5 == 0) {
            ASSERT_EQ(ask("GET", "/healthz").status, 200) << i;
        }
    }
}

TEST_F(Server, a_client_that_does_not_read_its_answers_is_dropped) {
    GatewaySettings settings;
    settings.write_timeout_ms = 200;
    start(settings);
    Client client(port(), 4096);
    std::string requests;
    for (int i = 0; i < 2000; ++i) requests += "GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n";
    std::thread sender([&] { client.send(requests); });
    Client honest(port());
    for (int i = 0; i < 20; ++i) ASSERT_EQ(honest.ask("GET", "/healthz").status, 200);
    sender.join();  // returns because the server dropped the connection
    std::string metrics;
    for (int i = 0; i < 500 && metrics.find("slow_reader") == std::string::npos; ++i) {
        metrics = honest.ask("GET", "/metrics").body;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    EXPECT_NE(metrics.find("citybridge_http_connections_dropped_total{why=\"slow_reader\"} 1"), std::string::npos);
}

TEST_F(Server, a_full_queue_is_told_and_other_lanes_go_on) {
    // Password checks are made slow; they fill their own lane only.
    auto users = users_of_every_role();
    users[3].password_hash = gateway::hash_password("supervisor", {32'768, 8, 3});
    GatewaySettings settings;
    settings.queue = 1;
    settings.password_workers = 1;
    start(settings, users);
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 5; ++i) {
        clients.push_back(std::make_unique<Client>(port()));
        const std::string body = credentials("supervisor", "supervisor");
        clients.back()->send(
            "POST /v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            "Content-Length: " +
            std::to_string(body.size()) + "\r\n\r\n" + body);
    }
    EXPECT_EQ(ask("GET", "/healthz").status, 200);
    int served = 0, busy = 0;
    for (auto& client : clients) {
        const Reply reply = client->reply();
        served += reply.status == 201;
        busy += reply.status == 503 && reply.code() == "http.busy" && reply.headers.count("retry-after") == 1;
    }
    EXPECT_EQ(served + busy, 5);
    EXPECT_GE(served, 1);
    EXPECT_GE(busy, 1);
}

TEST_F(Server, a_taken_port_is_a_clear_error) {
    start();
    GatewaySettings settings;
    settings.port = port();
    Gateway second(settings, {}, live_, durable_, {});
    const Result<> started = second.start();
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, "gateway.listen_failed");
    EXPECT_NE(started.error().detail.find(std::to_string(port())), std::string::npos);
}

TEST_F(Server, stops_with_clients_of_every_kind_connected) {
    start();
    const std::string token = log_in("admin");
    Client idle(port()), slow(port());
    idle.ask("GET", "/healthz");
    slow.send("GET /");
    StreamClient stream = stream_of(token);
    gateway_->stop();
    EXPECT_EQ(stream.frame().close_code(), 1001);
    EXPECT_TRUE(idle.closes());
    EXPECT_TRUE(slow.closes());
    live_.publish_contact(make_contact("after"));  // the listener outlives the gateway
    gateway_.reset();
    live_.publish_contact(make_contact("later"));
}

}  // namespace
}  // namespace citybridge::test
