// Users of the store: made, changed and removed over the API, and who may not be.
#include <gmock/gmock.h>

#include "tests/unit/gateway/gateway_fixture.h"

namespace citybridge::test {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Users : GatewayTest {
    void begin() {
        start();
        admin_ = log_in("admin");
    }
    Reply add(const std::string& body) { return ask("POST", "/v1/admin/users", admin_, body); }
    int log_in_status(const std::string& name, const std::string& password) {
        return ask("POST", "/v1/session", {}, credentials(name, password)).status;
    }
    std::string token_of(const std::string& name, const std::string& password) {
        return ask("POST", "/v1/session", {}, credentials(name, password)).json().value("token", "");
    }
    std::string admin_;
};

const std::string kWang =
    R"({"name":"wang","role":"agent","agent":"SIP/1005","device":"SIP/1005","groups":["sales"],"password":"correct horse"})";

TEST_F(Users, a_new_user_is_committed_and_then_logs_in) {
    begin();
    const Reply made = add(kWang);
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.json(), nlohmann::json({{"name", "wang"},
                                           {"role", "agent"},
                                           {"groups", {"sales"}},
                                           {"device", "SIP/1005"},
                                           {"agent", "SIP/1005"}}));
    ASSERT_EQ(durable_.recorded.size(), 1U);
    ASSERT_EQ(durable_.recorded[0].users.size(), 1U);
    const UserRecord& row = durable_.recorded[0].users[0];
    EXPECT_EQ(row.name, "wang");
    EXPECT_TRUE(gateway::is_password_hash(row.password_hash)) << "never the password itself";
    EXPECT_EQ(row.token_hash, "");
    const std::string token = token_of("wang", "correct horse");
    EXPECT_EQ(ask("GET", "/v1/session", token).json()["user"]["agent"], "SIP/1005");
    EXPECT_THAT(ask("GET", "/v1/admin/users", admin_).body, HasSubstr("wang"));
}

TEST_F(Users, a_store_that_refuses_leaves_no_user) {
    begin();
    durable_.refuse = {"store.full", "the disk is full"};
    EXPECT_EQ(add(kWang).code(), "store.full");
    EXPECT_EQ(log_in_status("wang", "correct horse"), 401);
    durable_.refuse = {};
    EXPECT_EQ(add(kWang).status, 201) << "the name is still free";
}

TEST_F(Users, what_cannot_log_in_or_is_too_weak_is_refused) {
    begin();
    const std::vector<std::tuple<std::string, int, std::string>> wrong{
        {R"({"name":"a","role":"admin","password":"1234567"})", 400, "request.bad_field"},
        {R"({"name":"a","role":"admin"})", 400, "request.missing_field"},
        {R"({"role":"admin","password":"correct horse"})", 400, "request.missing_field"},
        {R"({"name":"a","role":"king","password":"correct horse"})", 400, "request.bad_field"},
        {R"({"name":"a","role":"admin","password":"correct horse","groups":"x"})", 400, "request.bad_field"},
        {R"({"name":"a","role":"agent","password":"correct horse"})", 422, "gateway.users_invalid"},
        {R"({"name":"a","role":"erp","password":"correct horse"})", 422, "gateway.users_invalid"},
        {R"({"name":"admin","role":"admin","password":"correct horse"})", 409, "user.exists"}};
    for (const auto& [body, status, code] : wrong) {
        const Reply reply = add(body);
        EXPECT_EQ(reply.status, status) << body;
        EXPECT_EQ(reply.code(), code) << body;
    }
    EXPECT_TRUE(durable_.recorded.empty());
    ASSERT_EQ(add(kWang).status, 201);
    EXPECT_EQ(add(kWang).code(), "user.exists");
}

TEST_F(Users, a_systems_token_is_told_once_and_can_be_renewed) {
    begin();
    const Reply made = add(R"({"name":"erp2","role":"erp"})");
    ASSERT_EQ(made.status, 201);
    const std::string token = made.json().value("token", "");
    EXPECT_EQ(token.size(), 64U) << "256 random bits";
    EXPECT_EQ(ask("GET", "/v1/session", token).json()["user"]["role"], "erp");
    EXPECT_THAT(ask("GET", "/v1/admin/users", admin_).body, Not(HasSubstr(token)));
    EXPECT_EQ(durable_.recorded.at(0).users.at(0).token_hash, gateway::sha256_hex(token));
    const Reply unchanged = ask("PATCH", "/v1/admin/users/erp2", admin_, R"({"device":"x"})");
    EXPECT_EQ(unchanged.status, 200);
    EXPECT_FALSE(unchanged.json().contains("token"));
    const Reply renewed = ask("PATCH", "/v1/admin/users/erp2", admin_, R"({"new_token":"true"})");
    ASSERT_EQ(renewed.status, 200);
    EXPECT_EQ(ask("GET", "/v1/session", token).status, 401) << "the old one is worth nothing";
    EXPECT_EQ(ask("GET", "/v1/session", renewed.json()["token"]).status, 200);
}

TEST_F(Users, a_change_ends_the_log_ins_and_their_streams) {
    begin();
    ASSERT_EQ(add(kWang).status, 201);
    const std::string old = token_of("wang", "correct horse");
    StreamClient stream = stream_of(old);
    const Reply changed =
        ask("PATCH", "/v1/admin/users/wang", admin_, R"({"role":"team_lead","password":"battery staple"})");
    ASSERT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(changed.json()["role"], "team_lead");
    EXPECT_EQ(changed.json()["agent"], "SIP/1005") << "what is not given stays";
    EXPECT_EQ(ask("GET", "/v1/session", old).status, 401);
    EXPECT_EQ(stream.frame().close_code(), 1008);
    EXPECT_EQ(log_in_status("wang", "correct horse"), 401);
    EXPECT_EQ(ask("GET", "/v1/session", token_of("wang", "battery staple")).json()["user"]["role"], "team_lead");
}

TEST_F(Users, a_person_made_a_system_changes_his_credential_with_his_role) {
    begin();
    ASSERT_EQ(add(kWang).status, 201);
    const Reply changed = ask("PATCH", "/v1/admin/users/wang", admin_, R"({"role":"erp","new_token":"true"})");
    ASSERT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(ask("GET", "/v1/session", changed.json()["token"]).json()["user"]["role"], "erp");
    EXPECT_EQ(log_in_status("wang", "correct horse"), 401);
}

TEST_F(Users, a_removed_user_is_gone_with_his_log_ins) {
    begin();
    ASSERT_EQ(add(kWang).status, 201);
    const std::string token = token_of("wang", "correct horse");
    EXPECT_EQ(ask("DELETE", "/v1/admin/users/wang", admin_).status, 204);
    EXPECT_EQ(durable_.recorded.back().removed_users, std::vector<std::string>{"wang"});
    EXPECT_EQ(ask("GET", "/v1/session", token).status, 401);
    EXPECT_EQ(log_in_status("wang", "correct horse"), 401);
    EXPECT_EQ(ask("DELETE", "/v1/admin/users/wang", admin_).code(), "user.unknown");
    EXPECT_EQ(ask("PATCH", "/v1/admin/users/wang", admin_, "{}").code(), "user.unknown");
}

TEST_F(Users, log_ins_can_be_ended_without_touching_the_user) {
    begin();
    const std::string token = log_in("agent1");
    StreamClient stream = stream_of(token);
    EXPECT_EQ(ask("DELETE", "/v1/admin/users/agent1/sessions", admin_).status, 204);
    EXPECT_EQ(ask("GET", "/v1/session", token).status, 401);
    EXPECT_EQ(stream.frame().close_code(), 1008);
    EXPECT_EQ(log_in_status("agent1", "agent1"), 201);
    EXPECT_EQ(ask("DELETE", "/v1/admin/users/nobody/sessions", admin_).code(), "user.unknown");
}

TEST_F(Users, the_files_users_are_changed_in_the_file_only) {
    begin();
    EXPECT_EQ(ask("PATCH", "/v1/admin/users/agent1", admin_, R"({"role":"admin"})").code(), "user.in_configuration");
    EXPECT_EQ(ask("DELETE", "/v1/admin/users/agent1", admin_).code(), "user.in_configuration");
    EXPECT_TRUE(durable_.recorded.empty());
    EXPECT_EQ(log_in_status("agent1", "agent1"), 201);
}

TEST_F(Users, stored_users_log_in_after_a_start_and_the_file_wins_over_them) {
    UserRecord row;
    row.name = "li";
    row.role = "quality";
    row.password_hash = gateway::hash_password("from the store", {16, 1, 1});
    durable_.readers_.stored_users.push_back(row);
    row.name = "agent1";
    row.role = "admin";
    durable_.readers_.stored_users.push_back(row);
    begin();
    EXPECT_EQ(ask("GET", "/v1/session", token_of("li", "from the store")).json()["user"]["role"], "quality");
    EXPECT_EQ(log_in_status("agent1", "from the store"), 401);
    EXPECT_EQ(ask("GET", "/v1/session", log_in("agent1")).json()["user"]["role"], "agent");
    ASSERT_TRUE(gateway_->set_users({make_user("admin", Role::admin)}));
    EXPECT_EQ(log_in_status("li", "from the store"), 201) << "a reload of the file keeps the store's users";
}

}  // namespace
}  // namespace citybridge::test
