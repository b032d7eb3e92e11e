// What agents and leaders do with contacts that are going on.
#include "tests/unit/gateway/gateway_fixture.h"

namespace citybridge::test {
namespace {

class Actions : public GatewayTest {
protected:
    void SetUp() override {
        start();
        live_.publish_contact(make_contact("mine", "SIP/1001"));
        live_.publish_contact(make_contact("other", "SIP/1002"));
        Contact ended = make_contact("old", "SIP/1001");
        ended.state = ContactState::ended;
        live_.add_ended(ended);
        agent_ = log_in("agent1");
    }
    Reply act(const std::string& what, const std::optional<std::string>& body = {}, const std::string& headers = {}) {
        return ask("POST", "/v1/contacts/mine/" + what, agent_, body, headers);
    }
    const CallOrder& last() { return live_.actions.back(); }

    std::string agent_;
};

TEST_F(Actions, each_becomes_its_order_and_is_followed_by_its_id) {
    struct Case {
        std::string what;
        std::optional<std::string> body;
        CallAction action;
        std::string to;
    };
    const std::vector<Case> cases{
        {"hold", {}, CallAction::hold, ""},
        {"retrieve", {}, CallAction::retrieve, ""},
        {"park", {}, CallAction::park, ""},
        {"transfer", R"({"to":"1002"})", CallAction::transfer, "1002"},
        {"transfer", R"({"to":"1002","kind":"blind"})", CallAction::transfer, "1002"},
        {"transfer", R"({"kind":"attended"})", CallAction::attended_transfer, ""},
        {"consult", R"({"to":"1002"})", CallAction::consult, "1002"},
        {"consult", R"({"cancel":true})", CallAction::cancel_consult, ""},
        {"conference", R"({"to":"1003"})", CallAction::conference, "1003"},
        {"conference", "{}", CallAction::conference, ""},
        {"conference", {}, CallAction::conference, ""},
        {"record", R"({"action":"start"})", CallAction::record, ""},
        {"record", R"({"action":"stop"})", CallAction::stop_recording, ""},
        {"record", R"({"action":"mute"})", CallAction::mute_recording, ""},
        {"record", R"({"action":"unmute"})", CallAction::unmute_recording, ""},
    };
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const Case& each = cases[i];
        const Reply reply = act(each.what, each.body);
        ASSERT_EQ(reply.status, 202) << each.what << reply.body;
        ASSERT_EQ(live_.actions.size(), i + 1);
        EXPECT_EQ(last().action, each.action) << each.what;
        EXPECT_EQ(last().to, each.to);
        EXPECT_EQ(last().agent, "SIP/1001");
        EXPECT_EQ(last().user, "agent1");
        EXPECT_EQ(last().contact_id, "mine");
        EXPECT_EQ(last().command_id, reply.json()["command_id"]);
        EXPECT_EQ(reply.headers.at("location"), "/v1/commands/" + last().command_id);
        EXPECT_EQ(ask("GET", "/v1/commands/" + last().command_id, agent_).json()["contact"], "mine");
    }
}

TEST_F(Actions, bad_bodies_are_named_and_nothing_is_sent) {
    for (const auto& [what, body, code] : std::vector<std::tuple<std::string, std::string, std::string>>{
             {"transfer", "{}", "request.missing_field"},
             {"transfer", R"({"to":"1002","kind":"slow"})", "request.bad_field"},
             {"transfer", R"({"to":"1002 "})", "request.bad_field"},
             {"transfer", R"({"to":"1;2"})", "request.bad_field"},
             {"transfer", R"({"to":1002})", "request.bad_field"},
             {"transfer", R"({"to":"1002","now":true})", "request.unknown_field"},
             {"consult", "{}", "request.missing_field"},
             {"consult", R"({"cancel":false})", "request.missing_field"},
             {"consult", R"({"cancel":"yes"})", "request.bad_field"},
             {"consult", R"({"cancel":true,"to":"1002"})", "request.bad_field"},
             {"consult", "[]", "request.bad_json"},
             {"conference", R"({"to":""})", "request.bad_field"},
             {"record", "{}", "request.missing_field"},
             {"record", R"({"action":"pause"})", "request.bad_field"},
             {"hold", R"({"x":1})", "request.unexpected_body"}})
        EXPECT_EQ(act(what, body).code(), code) << what << body;
    EXPECT_TRUE(live_.actions.empty());
}

TEST_F(Actions, an_attended_transfer_may_name_only_whom_the_agent_consults) {
    EXPECT_EQ(act("transfer", R"({"kind":"attended","to":"1002"})").code(), "command.not_possible");
    Contact consulting = make_contact("mine", "SIP/1001");
    Leg colleague;
    colleague.role = LegRole::consult;
    colleague.agent = "SIP/1002";
    consulting.legs.push_back(colleague);
    live_.publish_contact(consulting);
    EXPECT_EQ(act("transfer", R"({"kind":"attended","to":"1003"})").code(), "command.not_possible");
    EXPECT_EQ(act("transfer", R"({"kind":"attended","to":"1002"})").status, 202);
    EXPECT_EQ(last().action, CallAction::attended_transfer);
}

TEST_F(Actions, an_agent_acts_only_in_calls_he_is_in) {
    for (const char* what : {"hold", "retrieve", "park"}) {
        const std::string end = std::string("/") + what;
        EXPECT_EQ(ask("POST", "/v1/contacts/other" + end, agent_).code(), "contact.unknown") << "not his to see";
        EXPECT_EQ(ask("POST", "/v1/contacts/nothing" + end, agent_).code(), "contact.unknown");
        EXPECT_EQ(ask("POST", "/v1/contacts/old" + end, agent_).code(), "contact.ended");
    }
    Contact left = make_contact("mine", "SIP/1001");
    left.legs[0].left_at = at_ms(5);
    live_.publish_contact(left);
    EXPECT_EQ(act("hold").code(), "auth.forbidden") << "he has left it";
    Contact rings = make_contact("mine");
    rings.offers.push_back({"o1", "SIP/1001", "SIP/1001", OfferState::shown, at_ms(1), {}});
    live_.publish_contact(rings);
    EXPECT_EQ(act("hold").code(), "auth.forbidden") << "he has not answered";
    EXPECT_TRUE(live_.actions.empty());
}

TEST_F(Actions, leaders_transfer_and_record_calls_of_others_and_touch_nobodys_phone) {
    const std::string lead = log_in("team_lead");
    EXPECT_EQ(ask("POST", "/v1/contacts/other/transfer", lead, R"({"to":"1003"})").status, 202);
    EXPECT_EQ(last().agent, "") << "whoever talks with the customer";
    EXPECT_EQ(ask("POST", "/v1/contacts/other/record", lead, R"({"action":"start"})").status, 202);
    EXPECT_EQ(ask("POST", "/v1/contacts/other/hangup", lead).status, 202);
    for (const auto& [what, body] :
         std::vector<std::pair<std::string, std::optional<std::string>>>{{"hold", {}},
                                                                         {"retrieve", {}},
                                                                         {"park", {}},
                                                                         {"consult", R"({"to":"1003"})"},
                                                                         {"conference", R"({"to":"1003"})"},
                                                                         {"transfer", R"({"kind":"attended"})"}})
        EXPECT_EQ(ask("POST", "/v1/contacts/other/" + what, lead, body).code(), "auth.forbidden") << what;
    EXPECT_EQ(live_.actions.size(), 2U);
}

TEST_F(Actions, what_is_not_possible_now_is_a_409) {
    for (const char* code : {"command.not_possible", "contact.not_part", "command.under_way"}) {
        live_.refuse = {code, "Because."};
        EXPECT_EQ(act("hold").status, 409);
        EXPECT_EQ(act("hold").code(), code);
        EXPECT_EQ(act("consult", R"({"to":"1002"})").code(), code);
    }
    EXPECT_TRUE(durable_.recorded.empty()) << "refused before anything is committed";
}

// ---- P6 ---------------------------------------------------------------------

TEST_F(Actions, a_full_disk_takes_away_only_what_makes_a_phone_ring) {
    durable_.refuse = Error{"store.full", "The disk is full."};
    EXPECT_EQ(act("hold").status, 202);
    EXPECT_EQ(act("transfer", R"({"to":"1002"})").status, 202);
    EXPECT_EQ(act("consult", R"({"cancel":true})").status, 202);
    EXPECT_EQ(act("conference").status, 202);
    EXPECT_EQ(act("record", R"({"action":"start"})").status, 202);
    EXPECT_EQ(act("hangup").status, 202);
    EXPECT_EQ(live_.actions.size(), 5U);
    EXPECT_EQ(act("consult", R"({"to":"1002"})").code(), "store.full");
    EXPECT_EQ(act("conference", R"({"to":"1002"})").code(), "store.full");
    EXPECT_EQ(live_.actions.size(), 5U) << "nobody was rung";
}

TEST_F(Actions, a_repeated_key_acts_once) {
    const std::string key = "Idempotency-Key: k1\r\n";
    for (int i = 0; i < 2; ++i) EXPECT_EQ(act("hold", {}, key).status, 202);
    EXPECT_EQ(live_.actions.size(), 1U);
    const std::string ring = "Idempotency-Key: k2\r\n", body = R"({"to":"1002"})";
    const Reply first = act("consult", body, ring), again = act("consult", body, ring);
    EXPECT_EQ(first.body, again.body);
    EXPECT_EQ(again.headers.at("idempotency-replayed"), "true");
    EXPECT_EQ(live_.actions.size(), 2U);
    EXPECT_EQ(act("consult", R"({"to":"1003"})", ring).code(), "idempotency.mismatch");
    EXPECT_EQ(live_.actions.size(), 2U);
}

TEST_F(Actions, one_that_could_not_be_handed_over_after_its_commit_fails_on_the_stream) {
    StreamClient stream = stream_of(agent_);
    live_.refuse_action = {"contact.ended", "It has ended meanwhile."};
    const Reply reply = act("consult", R"({"to":"1002"})");
    EXPECT_EQ(reply.status, 202);
    const auto result = stream.next();
    EXPECT_EQ(result["type"], "command.result");
    EXPECT_EQ(result["command_id"], reply.json()["command_id"]);
    EXPECT_EQ(result["outcome"], "failed");
    EXPECT_EQ(result["reason"], "contact.ended");
}

// ---- Colleagues -------------------------------------------------------------

class Colleagues : public GatewayTest {
protected:
    void SetUp() override {
        std::vector<User> users = users_of_every_role();
        for (User& user : users) {
            if (user.name == "agent1") user.groups = {"sales", "night"};
            if (user.name == "agent2") user.groups = {"night"};
        }
        users.push_back(make_user("agent3", Role::agent, "SIP/1003"));
        users.back().groups = {"repair"};
        start({}, std::move(users));
        for (const char* id : {"SIP/1001", "SIP/1002", "SIP/1003"}) {
            Agent agent = make_agent(id);
            agent.name = "somebody";
            agent.state = AgentPresence::not_ready;
            agent.queues = {"q"};
            agent.reason = agent.cause = agent.contact = "private";
            live_.publish_agent(agent);
        }
        agent_ = log_in("agent1");
    }
    std::string agent_;
};

TEST_F(Colleagues, of_his_groups_are_seen_with_name_state_and_queues_only) {
    const auto items = ask("GET", "/v1/agents", agent_).json()["items"];
    ASSERT_EQ(items.size(), 2U);
    EXPECT_EQ(items[0]["id"], "SIP/1001");
    EXPECT_EQ(items[0]["contact"], "private");
    EXPECT_EQ(items[1]["id"], "SIP/1002");
    EXPECT_EQ(items[1]["name"], "somebody");
    EXPECT_EQ(items[1]["state"], "not_ready");
    EXPECT_EQ(items[1]["queues"][0], "q");
    for (const char* field : {"reason", "cause", "contact"}) EXPECT_TRUE(items[1][field].is_null()) << field;
    EXPECT_EQ(ask("GET", "/v1/agents/SIP%2F1002", agent_).json()["state"], "not_ready");
    EXPECT_EQ(ask("GET", "/v1/agents/SIP%2F1003", agent_).code(), "agent.unknown");
}

TEST_F(Colleagues, do_not_appear_on_the_stream_and_in_nobody_elses_list) {
    EXPECT_EQ(ask("GET", "/v1/agents", log_in("agent3")).json()["items"].size(), 1U);
    StreamClient stream = stream_of(agent_);
    live_.publish_agent(make_agent("SIP/1002"));
    live_.publish_agent(make_agent("SIP/1001"));
    EXPECT_EQ(stream.next()["agent"]["id"], "SIP/1001");
}

}  // namespace
}  // namespace citybridge::test
