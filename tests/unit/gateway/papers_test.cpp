// Dispositions, knowledge base, notices, shifts and help at the door: who sees
// what, what is handed to the desk, and who is not made ready.
#include "core/api/model_json.h"
#include "tests/unit/gateway/gateway_fixture.h"

namespace citybridge::test {
namespace {

using Json = nlohmann::json;

struct Papers : GatewayTest {
    Papers() {
        desk::Centre centre;
        centre.dispositions.roots = {{"business", "业务", "business", {{"rental", "租赁", "business/rental", {}}}}};
        centre.disposition_required = true;
        durable_.centre_->put(std::move(centre));
    }
    void begin() {
        auto users = users_of_every_role();
        users[0].groups = users[2].groups = {"sales"};
        start({}, std::move(users));
    }
    static PaperRecord paper(const std::string& id, const std::string& kind, const std::string& state) {
        PaperRecord row;
        row.id = id;
        row.kind = kind;
        row.state = state;
        row.title = "题目";
        row.city = "beijing";
        row.author = "somebody";
        return row;
    }
    // A conversation that ended a moment ago.
    Contact ended_with(const std::string& id, const std::string& agent) {
        Contact contact = make_contact(id, agent);
        contact.state = ContactState::ended;
        contact.ended_at = system_now().wall;
        contact.queue = "sales";
        for (Leg& leg : contact.legs) leg.joined_at = contact.started_at;
        live_.publish_contact(contact, ContactChanged::What::ended);
        live_.add_ended(contact);
        return contact;
    }
    desk::ActOnPaper last_act() {
        if (!durable_.submitted.empty()) return std::get<desk::ActOnPaper>(durable_.submitted.back().what);
        ADD_FAILURE() << "nothing was submitted";
        return {};
    }
};

TEST_F(Papers, the_tree_of_dispositions_is_shown) {
    begin();
    const Json body = ask("GET", "/v1/dispositions", log_in("agent1")).json();
    EXPECT_EQ(body["required"], true);
    EXPECT_EQ(body["items"][0]["leaf"], false);
    EXPECT_EQ(body["items"][0]["children"][0]["path"], "business/rental");
}

TEST_F(Papers, who_talked_with_the_customer_says_what_it_was_about) {
    begin();
    ended_with("c1", "SIP/1001");
    const Reply reply = ask("PUT", "/v1/contacts/c1/disposition", log_in("agent1"), R"({"code":"rental"})");
    EXPECT_LT(reply.status, 300) << reply.body;
    const auto& request = std::get<desk::SetDisposition>(durable_.submitted.back().what);
    EXPECT_EQ(request.contact, "c1");
    EXPECT_EQ(request.code, "rental");
    EXPECT_EQ(request.agent, "SIP/1001");
    EXPECT_EQ(request.queue, "sales");
    EXPECT_EQ(ask("PUT", "/v1/contacts/c1/disposition", log_in("agent2"), R"({"code":"rental"})").code(),
              "contact.unknown")
        << "it is not his";
    EXPECT_LT(ask("PUT", "/v1/contacts/c1/disposition", log_in("team_lead"), R"({"code":"rental"})").status, 300);
    EXPECT_EQ(ask("PUT", "/v1/contacts/c9/disposition", log_in("team_lead"), R"({"code":"rental"})").code(),
              "contact.unknown");
}

TEST_F(Papers, a_contact_of_long_ago_is_found_in_the_journal) {
    begin();
    Contact contact = make_contact("c0", "SIP/1001");
    contact.ended_at = contact.started_at;
    for (Leg& leg : contact.legs) leg.joined_at = contact.started_at;
    durable_.readers_.journal_row = JournalRecord{"c0", "+8613800138000", contact.started_at, *contact.ended_at, {}};
    write_json(durable_.readers_.journal_row->body, contact);
    ask("PUT", "/v1/contacts/c0/disposition", log_in("agent1"), R"({"code":"rental"})");
    ASSERT_FALSE(durable_.submitted.empty());
    EXPECT_EQ(std::get<desk::SetDisposition>(durable_.submitted.back().what).agent, "SIP/1001");
}

TEST_F(Papers, an_agent_is_not_made_ready_before_every_contact_has_its_disposition) {
    // One of before the node was started, one that ended a moment ago.
    durable_.readers_.papers_.missing_rows = {{{"c7", "SIP/1001", "sales", {}, system_now().wall}, {}}};
    Contact before = make_contact("c7", "SIP/1001");
    for (Leg& leg : before.legs) leg.joined_at = before.started_at;
    durable_.readers_.journal_row = JournalRecord{"c7", "", before.started_at, before.started_at, {}};
    write_json(durable_.readers_.journal_row->body, before);
    begin();
    ended_with("c1", "SIP/1001");
    const std::string agent = log_in("agent1");
    const auto ready = [&](const std::string& token) {
        return ask("PUT", "/v1/agents/SIP%2F1001/state", token, R"({"state":"ready"})");
    };
    const Reply refused = ready(agent);
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.code(), "disposition.missing");
    const std::string detail = refused.json()["detail"];
    EXPECT_NE(detail.find("c1"), std::string::npos) << detail;
    EXPECT_NE(detail.find("c7"), std::string::npos) << detail;
    EXPECT_EQ(ask("PUT", "/v1/agents/SIP%2F1001/state", agent, R"({"state":"not_ready"})").status, 202)
        << "a break is no way around it, but it is not refused";
    EXPECT_EQ(ready(log_in("team_lead")).status, 202) << "a team lead may help out";
    ask("PUT", "/v1/contacts/c1/disposition", agent, R"({"code":"rental"})");
    EXPECT_EQ(ready(agent).status, 409) << "the other one is still open";
    ask("PUT", "/v1/contacts/c7/disposition", agent, R"({"code":"rental"})");
    EXPECT_EQ(ready(agent).status, 202);
}

TEST_F(Papers, a_refused_disposition_does_not_count) {
    begin();
    ended_with("c1", "SIP/1001");
    durable_.refuse = {"disposition.unknown", "there is no such disposition"};
    const std::string agent = log_in("agent1");
    EXPECT_EQ(ask("PUT", "/v1/contacts/c1/disposition", agent, R"({"code":"weather"})").status, 422);
    EXPECT_EQ(ask("PUT", "/v1/agents/SIP%2F1001/state", agent, R"({"state":"ready"})").status, 409);
}

TEST_F(Papers, where_the_city_does_not_ask_for_it_nobody_is_held_up) {
    durable_.centre_->put({});
    begin();
    ended_with("c1", "SIP/1001");
    EXPECT_EQ(ask("PUT", "/v1/agents/SIP%2F1001/state", log_in("agent1"), R"({"state":"ready"})").status, 202);
}

TEST_F(Papers, a_contact_shows_its_disposition_and_an_agent_his_skills) {
    durable_.readers_.papers_.skill_rows = {{"agent1", "mortgage", "ntc_1", {}, {}},
                                            {"agent1", "old", "ntc_2", {}, system_now().wall},
                                            {"agent2", "other", "ntc_1", {}, {}}};
    begin();
    ended_with("c1", "SIP/1001");
    live_.publish_agent(make_agent("SIP/1001"));
    ask("PUT", "/v1/contacts/c1/disposition", log_in("agent1"), R"({"code":"rental"})");
    const std::string token = log_in("team_lead");
    EXPECT_EQ(ask("GET", "/v1/contacts/c1", token).json()["disposition"], "rental");
    EXPECT_EQ(ask("GET", "/v1/contacts?state=ended", token).json()["items"][0]["disposition"], "rental");
    const Json mortgage = Json::array({"mortgage"});
    EXPECT_EQ(ask("GET", "/v1/agents", token).json()["items"][0]["skills"], mortgage);
    EXPECT_EQ(ask("GET", "/v1/agents/SIP%2F1001", token).json()["skills"], mortgage);
    EXPECT_EQ(ask("GET", "/v1/skills", log_in("agent1")).json()["items"].size(), 1U) << "revoked ones are not shown";
    EXPECT_EQ(ask("GET", "/v1/skills?user=agent2", log_in("agent1")).code(), "auth.forbidden");
}

TEST_F(Papers, an_agent_sees_what_he_left_open_and_a_team_lead_all_of_it) {
    begin();
    durable_.readers_.papers_.missing_rows = {{{"c1", "SIP/1001", "sales", {}, {}}, {}},
                                              {{"c2", "SIP/1002", "", {}, {}}, system_now().wall}};
    const Json his = ask("GET", "/v1/dispositions/missing", log_in("agent1")).json()["items"];
    ASSERT_EQ(his.size(), 1U);
    EXPECT_EQ(his[0]["contact"], "c1");
    EXPECT_EQ(ask("GET", "/v1/dispositions/missing?agent=SIP%2F1002", log_in("agent1")).code(), "auth.forbidden");
    const Json all = ask("GET", "/v1/dispositions/missing", log_in("team_lead")).json()["items"];
    ASSERT_EQ(all.size(), 2U);
    EXPECT_FALSE(all[1]["left_at"].is_null());
}

TEST_F(Papers, a_search_takes_a_text_apart_as_the_index_does) {
    begin();
    durable_.readers_.papers_.rows = {paper("art_1", "article", "published")};
    const Reply reply = ask("GET", "/v1/knowledge/search?q=%E5%85%AC%E7%A7%AF%E9%87%91%20ABC", log_in("agent1"));
    EXPECT_EQ(reply.json()["items"].size(), 1U);
    EXPECT_EQ(durable_.readers_.papers_.asked_words, (std::vector<std::string>{"abc", "公积", "积金"}));
    EXPECT_EQ(ask("GET", "/v1/knowledge/search?q=%2C%2C", log_in("agent1")).code(), "request.bad_parameter");
}

TEST_F(Papers, drafts_others_questions_and_calls_for_help_are_not_everybodys) {
    begin();
    auto& rows = durable_.readers_.papers_.rows;
    rows = {paper("art_1", "article", "draft"), paper("art_2", "article", "published"),
            paper("qst_1", "question", "open"), paper("hlp_1", "help", "open"), paper("shf_1", "shift", "open")};
    rows[2].group = rows[3].group = rows[4].group = "sales";
    const std::string agent1 = log_in("agent1"), agent2 = log_in("agent2"), lead = log_in("team_lead");
    const auto sees = [&](const std::string& target, const std::string& token) {
        return ask("GET", target, token).status == 200;
    };
    EXPECT_FALSE(sees("/v1/knowledge/articles/art_1", agent1));
    EXPECT_TRUE(sees("/v1/knowledge/articles/art_2", agent2));
    EXPECT_TRUE(sees("/v1/knowledge/articles/art_1", lead));
    EXPECT_TRUE(sees("/v1/knowledge/questions/qst_1", agent1)) << "his group's";
    EXPECT_FALSE(sees("/v1/knowledge/questions/qst_1", agent2));
    EXPECT_FALSE(sees("/v1/help/hlp_1", agent1)) << "until it is solved";
    EXPECT_TRUE(sees("/v1/shifts/shf_1", agent1));
    EXPECT_FALSE(sees("/v1/shifts/shf_1", agent2));
    EXPECT_FALSE(sees("/v1/notices/art_2", lead)) << "it is no notice";
    EXPECT_EQ(ask("GET", "/v1/knowledge/articles", agent1).json()["items"].size(), 1U);
    EXPECT_EQ(ask("POST", "/v1/help/hlp_1/solve", agent2, R"({"text":"x"})").code(), "paper.unknown");
}

TEST_F(Papers, the_right_choices_of_a_test_are_the_team_leads) {
    begin();
    PaperRecord notice = paper("ntc_1", "notice", "published");
    notice.body = {{"groups", Json::array({"sales"})},
                   {"questions", {{{"text", "?"}, {"choices", {"a", "b"}}, {"right", 2}}}}};
    durable_.readers_.papers_.rows = {notice};
    const std::string agent = ask("GET", "/v1/notices/ntc_1", log_in("agent1")).body;
    EXPECT_EQ(agent.find("\"right\""), std::string::npos) << agent;
    EXPECT_EQ(ask("GET", "/v1/notices", log_in("agent1")).body.find("\"right\""), std::string::npos);
    EXPECT_NE(ask("GET", "/v1/notices/ntc_1", log_in("team_lead")).body.find("\"right\""), std::string::npos);
    EXPECT_EQ(ask("GET", "/v1/notices/ntc_1", log_in("agent2")).code(), "paper.unknown") << "it is for sales";
}

TEST_F(Papers, who_has_read_and_passed_and_who_has_not_is_a_list) {
    begin();
    PaperRecord notice = paper("ntc_1", "notice", "published");
    notice.body = {{"roles", Json::array({"agent"})},
                   {"questions", {{{"text", "?"}, {"choices", {"a", "b"}}, {"right", 2}}}}};
    durable_.readers_.papers_.rows = {notice};
    durable_.readers_.papers_.mark_rows = {{"ntc_1", "agent1", "read", {}, 1, Fields::object()},
                                           {"ntc_1", "agent1", "passed", {}, 90, Fields::object()},
                                           {"ntc_1", "agent2", "read", {}, 1, Fields::object()}};
    const std::string lead = log_in("team_lead");
    const Json all = ask("GET", "/v1/notices/ntc_1/readers", lead).json()["items"];
    ASSERT_EQ(all.size(), 2U) << "only agents are addressed";
    EXPECT_EQ(all[0]["score"], 90);
    EXPECT_EQ(all[0]["done"], true);
    const Json missing = ask("GET", "/v1/notices/ntc_1/readers?missing=true", lead).json()["items"];
    ASSERT_EQ(missing.size(), 1U) << "read, not passed";
    EXPECT_EQ(missing[0]["user"], "agent2");
}

TEST_F(Papers, a_question_goes_to_the_groups_team_lead_and_an_agent_asks_for_his_own_group) {
    begin();
    const std::string agent = log_in("agent1");
    ask("POST", "/v1/knowledge/questions", agent, R"({"text":"?","level":"high"})");
    EXPECT_EQ(last_act().fields["owner"], "team_lead");
    EXPECT_EQ(last_act().fields["group"], "sales");
    EXPECT_EQ(last_act().action, "open");
    EXPECT_EQ(ask("POST", "/v1/knowledge/questions", agent, R"({"text":"?","group":"service"})").code(),
              "auth.forbidden");
    EXPECT_EQ(ask("POST", "/v1/knowledge/questions", agent, R"({"text":"?","order":"ord_9"})").code(), "order.unknown");
    EXPECT_EQ(ask("POST", "/v1/knowledge/questions", agent, R"({"text":"?","colour":"red"})").code(),
              "request.unknown_field");
    ask("POST", "/v1/help", log_in("team_lead"), R"({"text":"?"})");
    EXPECT_EQ(last_act().fields["owner"], "supervisor") << "a team lead calls the manager";
}

TEST_F(Papers, a_sign_out_sees_the_open_help_and_a_solution_the_open_shift) {
    begin();
    auto& rows = durable_.readers_.papers_.rows;
    rows = {paper("shf_1", "shift", "open"), paper("hlp_1", "help", "open"), paper("hlp_2", "help", "open")};
    rows[0].group = rows[1].group = "sales";
    rows[2].group = "service";
    const std::string lead = log_in("team_lead");
    ask("POST", "/v1/shifts/shf_1/sign_out", lead, "{}");
    EXPECT_EQ(last_act().others, (std::vector<std::string>{"hlp_1"}));
    ask("POST", "/v1/help/hlp_1/solve", lead, R"({"text":"so"})");
    EXPECT_EQ(last_act().others, (std::vector<std::string>{"shf_1"}));
    ask("POST", "/v1/help/hlp_1/solve", lead, R"({"text":"so","revision":3})");
    EXPECT_EQ(last_act().revision, 3);
    EXPECT_FALSE(last_act().fields.contains("revision"));
}

TEST_F(Papers, skills_are_given_and_taken_by_team_leads) {
    begin();
    const std::string lead = log_in("team_lead");
    EXPECT_EQ(ask("POST", "/v1/skills", lead, R"({"user":"nobody","skill":"x"})").code(), "user.unknown");
    EXPECT_EQ(ask("POST", "/v1/skills", lead, R"({"user":"agent1","skill":"x"})").status, 200);
    EXPECT_EQ(durable_.recorded.back().papers.skills.at(0).source, "user:team_lead");
    EXPECT_EQ(ask("DELETE", "/v1/skills/agent1/x", lead).code(), "skill.unknown");
    durable_.readers_.papers_.skill_rows = {{"agent1", "x", "ntc_1", {}, {}}};
    EXPECT_EQ(ask("DELETE", "/v1/skills/agent1/x", lead).status, 200);
    EXPECT_TRUE(durable_.recorded.back().papers.skills.at(0).revoked_at);
    EXPECT_EQ(ask("POST", "/v1/skills", log_in("agent1"), R"({"user":"agent1","skill":"x"})").code(), "auth.forbidden");
}

TEST_F(Papers, events_reach_those_they_name_and_team_leads) {
    begin();
    auto agent1 = stream_of(log_in("agent1")), agent2 = stream_of(log_in("agent2")),
         lead = stream_of(log_in("team_lead"));
    const std::string json = R"({"id":"hlp_1","kind":"help"})";
    live_.publish(PaperChanged{"help.opened", "hlp_1", {"agent2"}, {}, false, json});
    live_.publish(PaperChanged{"help.solved", "hlp_1", {}, {"sales"}, false, json});
    live_.publish(PaperChanged{"notice.published", "ntc_1", {}, {}, true, json});
    const auto types = [](StreamClient& stream, std::size_t count) {
        std::vector<std::string> out;
        out.reserve(count);
        while (out.size() < count) out.push_back(stream.next().value("type", ""));
        return out;
    };
    EXPECT_EQ(types(lead, 3), (std::vector<std::string>{"help.opened", "help.solved", "notice.published"}));
    EXPECT_EQ(types(agent1, 2), (std::vector<std::string>{"help.solved", "notice.published"}));
    EXPECT_EQ(types(agent2, 2), (std::vector<std::string>{"help.opened", "notice.published"}));
}

}  // namespace
}  // namespace citybridge::test
