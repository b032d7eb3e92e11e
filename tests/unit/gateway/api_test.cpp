// Contacts, agents, commands and operation over loopback.
#include <prometheus/counter.h>

#include <thread>

#include "tests/unit/gateway/gateway_fixture.h"

namespace citybridge::test {
namespace {

struct Api : GatewayTest {
    void SetUp() override {
        start();
        for (int i = 0; i < 5; ++i) {
            Contact contact = make_contact("c" + std::to_string(i), i < 2 ? "SIP/1001" : "SIP/1002");
            contact.started_at = at_ms(100 - i);
            contact.queue = i % 2 ? "sales" : "repair";
            live_.publish_contact(contact);
        }
        for (const char* id : {"SIP/1001", "SIP/1002", "SIP/1003"}) live_.publish_agent(make_agent(id));
        Contact ended = make_contact("old");
        ended.state = ContactState::ended;
        live_.add_ended(ended);
        admin_ = log_in("admin");
        agent_ = log_in("agent1");
    }
    std::vector<std::string> ids(const Reply& reply) {
        std::vector<std::string> out;
        const nlohmann::json page = reply.json();
        for (const auto& item : page.at("items")) out.push_back(item["id"]);
        return out;
    }
    using Ids = std::vector<std::string>;
    std::string admin_, agent_;
};

TEST_F(Api, contacts_are_listed_in_the_order_they_began) {
    EXPECT_EQ(ids(ask("GET", "/v1/contacts", admin_)), (Ids{"c4", "c3", "c2", "c1", "c0"}));
    EXPECT_EQ(ids(ask("GET", "/v1/contacts?queue=sales", admin_)), (Ids{"c3", "c1"}));
    EXPECT_EQ(ids(ask("GET", "/v1/contacts?agent=SIP%2F1001", admin_)), (Ids{"c1", "c0"}));
    EXPECT_EQ(ids(ask("GET", "/v1/contacts?state=talking&queue=repair", admin_)), (Ids{"c4", "c2", "c0"}));
    EXPECT_EQ(ids(ask("GET", "/v1/contacts?state=ended", admin_)), (Ids{"old"}));
    EXPECT_EQ(ids(ask("GET", "/v1/contacts", agent_)), (Ids{"c1", "c0"})) << "an agent sees his own";
}

TEST_F(Api, pages_hold_every_item_once_though_the_list_changes) {
    Reply page = ask("GET", "/v1/contacts?limit=2", admin_);
    Ids seen = ids(page);
    Contact early = make_contact("early");
    early.started_at = at_ms(-50);
    live_.publish_contact(early);
    while (!page.json()["next_cursor"].is_null()) {
        const std::string cursor = page.json()["next_cursor"];
        page = ask("GET", "/v1/contacts?limit=2&cursor=" + cursor, admin_);
        ASSERT_EQ(page.status, 200);
        for (const auto& id : ids(page)) seen.push_back(id);
    }
    EXPECT_EQ(seen, (Ids{"c4", "c3", "c2", "c1", "c0"}));
    EXPECT_EQ(ids(ask("GET", "/v1/agents?limit=2", admin_)), (Ids{"SIP/1001", "SIP/1002"}));
}

TEST_F(Api, wrong_parameters_are_named) {
    for (const auto& [query, code] :
         std::vector<std::pair<std::string, std::string>>{{"limit=0", "request.bad_parameter"},
                                                          {"limit=201", "request.bad_parameter"},
                                                          {"limit=x", "request.bad_parameter"},
                                                          {"limit=1&limit=2", "request.bad_parameter"},
                                                          {"cursor=!!", "request.bad_parameter"},
                                                          {"state=asleep", "request.bad_parameter"},
                                                          {"colour=red", "request.unknown_parameter"}}) {
        const Reply reply = ask("GET", "/v1/contacts?" + query, admin_);
        EXPECT_EQ(reply.status, 400) << query;
        EXPECT_EQ(reply.code(), code) << query;
    }
    EXPECT_EQ(ask("GET", "/v1/agents/SIP%2F1001?x=1", admin_).code(), "request.unknown_parameter");
}

TEST_F(Api, one_contact_and_one_agent_by_id) {
    EXPECT_EQ(ask("GET", "/v1/contacts/c4", admin_).json()["id"], "c4");
    EXPECT_EQ(ask("GET", "/v1/contacts/old", admin_).json()["state"], "ended");
    EXPECT_EQ(ask("GET", "/v1/contacts/nothing", admin_).code(), "contact.unknown");
    EXPECT_EQ(ask("GET", "/v1/contacts/c4", agent_).code(), "contact.unknown") << "not his";
    EXPECT_EQ(ask("GET", "/v1/agents/SIP%2F1002", admin_).json()["id"], "SIP/1002");
    EXPECT_EQ(ask("GET", "/v1/agents/SIP/1002", admin_).code(), "route.not_found");
    EXPECT_EQ(ask("GET", "/v1/agents/SIP%2F9", admin_).code(), "agent.unknown");
    EXPECT_EQ(ask("GET", "/v1/agents/SIP%2F1001", agent_).json()["id"], "SIP/1001");
    EXPECT_EQ(ask("GET", "/v1/agents/SIP%2F1002", agent_).code(), "agent.unknown");
}

TEST_F(Api, a_busy_node_says_so_and_recovers) {
    live_.busy = true;
    for (const char* path : {"/v1/contacts", "/v1/contacts/c1", "/v1/agents", "/v1/agents/SIP%2F1001"}) {
        const Reply reply = ask("GET", path, admin_);
        EXPECT_EQ(reply.status, 503);
        EXPECT_EQ(reply.code(), "node.busy");
        EXPECT_EQ(reply.headers.at("retry-after"), "1");
    }
    live_.busy = false;
    EXPECT_EQ(ask("GET", "/v1/contacts", admin_).status, 200);
}

TEST_F(Api, an_agent_dials_for_himself_and_leaders_for_anybody) {
    const Reply own = ask("POST", "/v1/calls", agent_, R"({"number":"+8613800138000"})");
    ASSERT_EQ(own.status, 202);
    ASSERT_EQ(live_.dials.size(), 1U);
    EXPECT_EQ(live_.dials[0].agent, "SIP/1001");
    EXPECT_EQ(live_.dials[0].number, "+8613800138000");
    EXPECT_EQ(live_.dials[0].user, "agent1");
    EXPECT_EQ(live_.dials[0].command_id, own.json()["command_id"]);
    EXPECT_EQ(ask("POST", "/v1/calls", agent_, R"({"agent":"SIP/1002","number":"1"})").code(), "auth.forbidden");
    EXPECT_EQ(ask("POST", "/v1/calls", log_in("team_lead"), R"({"agent":"SIP/1002","number":"1"})").status, 202);
    EXPECT_EQ(ask("POST", "/v1/calls", log_in("team_lead"), R"({"number":"1"})").code(), "request.missing_field");
    EXPECT_EQ(ask("POST", "/v1/calls", agent_, R"({"number":"1;DROP"})").code(), "request.bad_field");
    EXPECT_EQ(ask("POST", "/v1/calls", agent_, "").code(), "request.bad_json");
    EXPECT_EQ(live_.dials.size(), 2U);
}

TEST_F(Api, a_command_is_followed_to_its_end) {
    const std::string id = ask("POST", "/v1/calls", agent_, R"({"number":"1"})").json()["command_id"];
    const std::string path = "/v1/commands/" + id;
    EXPECT_EQ(ask("GET", path, agent_).json()["state"], "accepted");
    live_.publish(CommandFinished{id, "agent1", CommandOutcome::failed, "busy", ""});
    const auto entry = ask("GET", path, agent_).json();
    EXPECT_EQ(entry["state"], "failed");
    EXPECT_EQ(entry["reason"], "busy");
    EXPECT_EQ(ask("GET", path, admin_).status, 200);
    EXPECT_EQ(ask("GET", path, log_in("agent2")).code(), "command.unknown") << "somebody else's";
    EXPECT_EQ(ask("GET", "/v1/commands/nothing", agent_).code(), "command.unknown");
}

TEST_F(Api, a_refused_command_is_a_problem_and_leaves_no_entry) {
    for (const auto& [code, status] : std::vector<std::pair<std::string, int>>{
             {"agent.unknown", 404}, {"contact.ended", 409}, {"pbx.link_down", 503}, {"node.busy", 503}}) {
        live_.refuse = {code, "Because."};
        const Reply reply = ask("POST", "/v1/calls", agent_, R"({"number":"1"})");
        EXPECT_EQ(reply.status, status);
        EXPECT_EQ(reply.code(), code);
        EXPECT_EQ(reply.json()["detail"], "Because.");
    }
}

TEST_F(Api, states_are_set_for_oneself_or_by_leaders) {
    EXPECT_EQ(ask("PUT", "/v1/agents/SIP%2F1001/state", agent_, R"({"state":"not_ready","reason":"lunch"})").status,
              202);
    ASSERT_EQ(live_.states.size(), 1U);
    EXPECT_EQ(live_.states[0].agent, "SIP/1001");
    EXPECT_EQ(live_.states[0].wish, AgentWish::not_ready);
    EXPECT_EQ(live_.states[0].reason, "lunch");
    EXPECT_EQ(ask("PUT", "/v1/agents/SIP%2F1002/state", agent_, R"({"state":"ready"})").code(), "auth.forbidden");
    EXPECT_EQ(ask("PUT", "/v1/agents/SIP%2F1002/state", admin_, R"({"state":"ready"})").status, 202);
    EXPECT_EQ(ask("PUT", "/v1/agents/SIP%2F1001/state", agent_, R"({"state":"ready","reason":"x"})").code(),
              "request.bad_field");
    EXPECT_EQ(ask("PUT", "/v1/agents/SIP%2F1001/state", agent_, R"({"state":"talking"})").code(), "request.bad_field");
}

TEST_F(Api, an_agent_logs_in_to_queues_and_out_of_them) {
    const std::string path = "/v1/agents/SIP%2F1001/state";
    EXPECT_EQ(ask("PUT", path, agent_, R"({"state":"logged_in","queues":["sales","repair"]})").status, 202);
    EXPECT_EQ(ask("PUT", path, agent_, R"({"state":"logged_out"})").status, 202);
    ASSERT_EQ(live_.states.size(), 2U);
    EXPECT_EQ(live_.states[0].wish, AgentWish::log_in);
    EXPECT_EQ(live_.states[0].queues, (std::vector<std::string>{"sales", "repair"}));
    EXPECT_EQ(live_.states[1].wish, AgentWish::log_out);
    EXPECT_TRUE(live_.states[1].queues.empty());
    for (const char* wrong : {R"({"state":"ready","queues":["sales"]})", R"({"state":"logged_out","reason":"home"})",
                              R"({"state":"logged_in","queues":"sales"})", R"({"state":"logged_in","queues":[1]})"})
        EXPECT_EQ(ask("PUT", path, agent_, wrong).code(), "request.bad_field") << wrong;
    EXPECT_EQ(live_.states.size(), 2U);
}

TEST_F(Api, an_agent_hangs_up_only_where_he_takes_part) {
    EXPECT_EQ(ask("POST", "/v1/contacts/c1/hangup", agent_).status, 202);
    ASSERT_EQ(live_.hangups.size(), 1U);
    EXPECT_EQ(live_.hangups[0].contact_id, "c1");
    EXPECT_EQ(live_.hangups[0].agent, "SIP/1001");
    EXPECT_EQ(ask("POST", "/v1/contacts/c4/hangup", agent_).code(), "contact.unknown") << "not his to see";
    Contact left = make_contact("c1", "SIP/1001");
    left.legs[0].left_at = at_ms(5);
    live_.publish_contact(left);
    EXPECT_EQ(ask("POST", "/v1/contacts/c1/hangup", agent_).code(), "auth.forbidden") << "he has left it";
    EXPECT_EQ(ask("POST", "/v1/contacts/c4/hangup", log_in("supervisor")).status, 202);
    EXPECT_EQ(ask("POST", "/v1/contacts/c1/hangup", admin_, R"({"x":1})").code(), "request.unexpected_body");
}

TEST_F(Api, a_repeated_key_dials_once) {
    const std::string key = "Idempotency-Key: 8e03978e-40d5\r\n", body = R"({"number":"10086"})";
    const Reply first = ask("POST", "/v1/calls", agent_, body, key),
                again = ask("POST", "/v1/calls", agent_, body, key);
    EXPECT_EQ(first.status, 202);
    EXPECT_EQ(again.status, 202);
    EXPECT_EQ(first.body, again.body);
    EXPECT_EQ(first.headers.count("idempotency-replayed"), 0U);
    EXPECT_EQ(again.headers.at("idempotency-replayed"), "true");
    EXPECT_EQ(live_.dials.size(), 1U);
    const Reply other = ask("POST", "/v1/calls", agent_, R"({"number":"10087"})", key);
    EXPECT_EQ(other.status, 422);
    EXPECT_EQ(other.code(), "idempotency.mismatch");
    EXPECT_EQ(ask("POST", "/v1/calls", agent_, body, "Idempotency-Key: \xe9\r\n").code(), "idempotency.bad_key");
    EXPECT_EQ(live_.dials.size(), 1U);
}

TEST_F(Api, a_key_of_a_request_the_node_could_not_take_may_be_tried_again) {
    const std::string key = "Idempotency-Key: k1\r\n", body = R"({"number":"10086"})";
    live_.refuse = {"pbx.link_down", "The PBX is away."};
    EXPECT_EQ(ask("POST", "/v1/calls", agent_, body, key).status, 503);
    live_.refuse = {};
    EXPECT_EQ(ask("POST", "/v1/calls", agent_, body, key).status, 202);
    EXPECT_EQ(live_.dials.size(), 1U);
}

TEST_F(Api, concurrent_repetitions_of_a_key_dial_once) {
    const std::string key = "Idempotency-Key: k2\r\n", body = R"({"number":"10086"})";
    std::vector<std::thread> threads;
    threads.reserve(8);
    std::atomic<int> accepted{0}, in_flight{0};
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] {
            const Reply reply = ask("POST", "/v1/calls", agent_, body, key);
            accepted += reply.status == 202;
            in_flight += reply.status == 409;
        });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(accepted + in_flight, 8);
    EXPECT_GE(accepted, 1);
    EXPECT_EQ(live_.dials.size(), 1U);
}

struct Operation : GatewayTest {};

TEST_F(Operation, readiness_names_every_reason) {
    std::vector<std::string> reasons{"PBX beijing is not connected", "starting"};
    hooks_.not_ready = [&] { return reasons; };
    hooks_.plugins = [] { return nlohmann::ordered_json::array({{{"name", "pbx"}, {"plugin", "asterisk"}}}); };
    start();
    const Reply reply = ask("GET", "/readyz");
    EXPECT_EQ(reply.status, 503);
    EXPECT_EQ(reply.json()["detail"], "PBX beijing is not connected; starting");
    EXPECT_EQ(ask("GET", "/healthz").status, 200);
    reasons.clear();
    EXPECT_EQ(ask("GET", "/readyz").status, 200);
    EXPECT_EQ(ask("GET", "/v1/admin/plugins", log_in("admin")).json()["items"][0]["plugin"], "asterisk");
}

TEST_F(Operation, metrics_count_requests_by_route_and_status) {
    hooks_.metrics = std::make_shared<prometheus::Registry>();
    prometheus::BuildCounter().Name("node_own").Register(*hooks_.metrics).Add({}).Increment(7);
    start();
    ask("GET", "/v1/contacts/17", log_in("admin"));
    ask("GET", "/no/such/thing");
    const std::string text = ask("GET", "/metrics").body;
    EXPECT_NE(text.find("citybridge_http_requests_total{route=\"/v1/contacts/{id}\",status=\"404\"} 1"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("citybridge_http_requests_total{route=\"none\",status=\"404\"} 1"), std::string::npos);
    EXPECT_NE(text.find("node_own 7"), std::string::npos);
}

}  // namespace
}  // namespace citybridge::test
