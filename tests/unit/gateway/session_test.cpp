// Log-in, log-out and what slows down guessing, over loopback.
#include <thread>

#include "tests/unit/gateway/gateway_fixture.h"

namespace citybridge::test {
namespace {

using SessionApi = GatewayTest;

TEST_F(SessionApi, a_log_in_tells_who_and_until_when) {
    start();
    const Reply reply = ask("POST", "/v1/session", {}, credentials("agent1", "agent1"));
    ASSERT_EQ(reply.status, 201);
    EXPECT_EQ(reply.json()["user"]["role"], "agent");
    EXPECT_EQ(reply.json()["user"]["agent"], "SIP/1001");
    EXPECT_TRUE(from_rfc3339(reply.json()["expires_at"].get<std::string>()));
    const std::string token = reply.json()["token"];
    const Reply mine = ask("GET", "/v1/session", token);
    EXPECT_EQ(mine.json()["user"]["name"], "agent1");
    EXPECT_EQ(mine.json()["expires_at"], reply.json()["expires_at"]);
    EXPECT_FALSE(mine.json().contains("token"));
}

TEST_F(SessionApi, a_log_out_ends_the_log_in_and_its_streams) {
    start();
    const std::string token = log_in("team_lead"), other = log_in("team_lead");
    StreamClient stream = stream_of(token), stays = stream_of(other);
    ASSERT_EQ(ask("DELETE", "/v1/session", token).status, 204);
    EXPECT_EQ(ask("GET", "/v1/session", token).status, 401);
    EXPECT_EQ(stream.frame().close_code(), 1008);
    EXPECT_EQ(ask("GET", "/v1/session", other).status, 200);
    live_.publish_contact(make_contact("c1"));
    EXPECT_EQ(stays.next()["contact"]["id"], "c1");
}

TEST_F(SessionApi, an_expired_log_in_is_refused_and_its_stream_closed) {
    GatewaySettings settings;
    settings.session_lifetime_s = 1;
    start(settings);
    const std::string token = log_in("admin");
    StreamClient stream = stream_of(token);
    EXPECT_EQ(stream.frame().close_code(), 1008);
    EXPECT_EQ(ask("GET", "/v1/session", token).status, 401);
}

TEST_F(SessionApi, removed_users_lose_their_log_ins_and_streams) {
    start();
    const std::string token = log_in("admin");
    StreamClient stream = stream_of(token);
    ASSERT_TRUE(gateway_->set_users({make_user("somebody", Role::admin)}));
    EXPECT_EQ(ask("GET", "/v1/session", token).status, 401);
    EXPECT_EQ(stream.frame().close_code(), 1008);
    EXPECT_EQ(ask("POST", "/v1/session", {}, credentials("somebody", "somebody")).status, 201);
    EXPECT_FALSE(gateway_->set_users({make_user("x", Role::admin), make_user("x", Role::admin)}));
    EXPECT_EQ(ask("POST", "/v1/session", {}, credentials("somebody", "somebody")).status, 201)
        << "a bad list changes nothing";
}

TEST_F(SessionApi, wrong_passwords_unknown_users_and_systems_get_the_same_answer) {
    start();
    for (const auto& [name, password] : std::vector<std::pair<std::string, std::string>>{
             {"admin", "wrong"}, {"nobody", "x"}, {"erp", "erp-token"}, {"admin ", "admin"}}) {
        const Reply reply = ask("POST", "/v1/session", {}, credentials(name, password));
        EXPECT_EQ(reply.status, 401) << name;
        EXPECT_EQ(reply.code(), "auth.failed") << name;
        EXPECT_EQ(reply.json()["detail"], "Check the name and the password.");
    }
}

TEST_F(SessionApi, guessing_is_slowed_down_per_user) {
    start();
    for (int i = 0; i < 5; ++i)
        ASSERT_EQ(ask("POST", "/v1/session", {}, credentials("admin", "guess")).status, 401) << i;
    const Reply reply = ask("POST", "/v1/session", {}, credentials("admin", "admin"));
    EXPECT_EQ(reply.status, 429) << "the right password does not help either";
    EXPECT_EQ(reply.code(), "auth.throttled");
    EXPECT_GE(std::stoi(reply.headers.at("retry-after")), 1);
    EXPECT_EQ(ask("POST", "/v1/session", {}, credentials("quality", "quality")).status, 201) << "others log in";
}

TEST_F(SessionApi, guessing_is_slowed_down_per_address) {
    std::vector<User> users;
    users.reserve(40);
    for (int i = 0; i < 40; ++i) users.push_back(make_user("user" + std::to_string(i), Role::quality));
    start({}, users);
    int throttled = 0;
    for (int i = 0; i < 40; ++i)
        throttled += ask("POST", "/v1/session", {}, credentials("user" + std::to_string(i), "x")).status == 429;
    EXPECT_GE(throttled, 1);
}

TEST_F(SessionApi, bad_input_is_a_clear_problem) {
    start();
    const auto code = [&](const std::string& body) { return ask("POST", "/v1/session", {}, body).code(); };
    EXPECT_EQ(code("{"), "request.bad_json");
    EXPECT_EQ(code(R"({"name":"a"})"), "request.missing_field");
    EXPECT_EQ(code(R"({"name":1,"password":"x"})"), "request.bad_field");
    EXPECT_EQ(code(R"({"name":"a","password":"x","role":"admin"})"), "request.unknown_field");
    EXPECT_EQ(code(std::string(60'000, '[')), "request.bad_json");
    EXPECT_EQ(Client(port()).ask("POST", "/v1/session", {}, {}, "Content-Type: text/plain\r\n").code(),
              "request.media_type");
}

TEST_F(SessionApi, no_secret_appears_in_users_metrics_or_log) {
    std::string logged;
    std::mutex mutex;
    hooks_.log = [&](LogLevel, std::string_view code, std::string_view text) {
        const std::lock_guard lock(mutex);
        logged += std::string(code) + " " + std::string(text) + "\n";
    };
    start();
    const std::string token = log_in("admin");
    const std::string seen = ask("GET", "/v1/admin/users", token).body + ask("GET", "/metrics").body +
                             ask("GET", "/v1/session", token).body + logged;
    EXPECT_NE(seen.find("team_lead"), std::string::npos);
    EXPECT_EQ(seen.find(token), std::string::npos);
    EXPECT_EQ(seen.find("scrypt$"), std::string::npos);
    EXPECT_EQ(seen.find(gateway::sha256_hex("erp-token")), std::string::npos);
}

}  // namespace
}  // namespace citybridge::test
