#pragma once
// A whole gateway on loopback with one user of every role. Passwords equal
// names; the hashes are cheap ones, so that log-ins do not dominate the tests.
#include <gtest/gtest.h>

#include "core/gateway/crypto.h"
#include "core/gateway/gateway.h"
#include "core/gateway/passwords.h"
#include "tests/unit/gateway/fake_durable.h"
#include "tests/unit/gateway/fake_live.h"
#include "tests/unit/gateway/test_client.h"

namespace citybridge::test {

inline User make_user(const std::string& name, Role role, const std::string& agent = {}) {
    User user;
    user.name = name;
    user.role = role;
    user.agent = agent;
    user.device = agent;
    if (role == Role::erp || role == Role::node)
        user.token_hash = gateway::sha256_hex(name + "-token");
    else
        user.password_hash = gateway::hash_password(name, {16, 1, 1});
    return user;
}

inline std::vector<User> users_of_every_role() {
    return {make_user("agent1", Role::agent, "SIP/1001"),
            make_user("agent2", Role::agent, "SIP/1002"),
            make_user("team_lead", Role::team_lead),
            make_user("supervisor", Role::supervisor),
            make_user("quality", Role::quality),
            make_user("admin", Role::admin),
            make_user("erp", Role::erp),
            make_user("node", Role::node)};
}

class GatewayTest : public ::testing::Test {
protected:
    void start(GatewaySettings settings = {}, std::vector<User> users = users_of_every_role()) {
        settings.port = 0;
        gateway_ = std::make_unique<Gateway>(settings, std::move(users), live_, durable_, hooks_);
        const Result<> started = gateway_->start();
        ASSERT_TRUE(started) << started.error().detail;
    }
    std::uint16_t port() const { return gateway_->port(); }

    Reply ask(const std::string& method, const std::string& target, const std::string& token = {},
              const std::optional<std::string>& body = {}, const std::string& headers = {}) {
        return Client(port()).ask(method, target, token, body, headers);
    }
    static std::string credentials(const std::string& name, const std::string& password) {
        return nlohmann::json{{"name", name}, {"password", password}}.dump();
    }
    // A token of this user; systems have a fixed one.
    std::string log_in(const std::string& name) {
        if (name == "erp" || name == "node") return name + "-token";
        const Reply reply = ask("POST", "/v1/session", {}, credentials(name, name));
        EXPECT_EQ(reply.status, 201) << reply.body;
        return reply.json().value("token", "");
    }
    // Connected, and with its snapshot read.
    StreamClient stream_of(const std::string& token) {
        StreamClient stream(port());
        EXPECT_EQ(stream.connect(token).status, 101);
        EXPECT_EQ(stream.next().value("type", ""), "snapshot");
        return stream;
    }

    FakeLive live_;
    FakeDurable durable_;
    GatewayHooks hooks_;
    std::unique_ptr<Gateway> gateway_;
};

}  // namespace citybridge::test
