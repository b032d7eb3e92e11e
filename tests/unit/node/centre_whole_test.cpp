// The centre's own papers through a whole node: the store, the desk, the API,
// the stream; conversations of the simulator and what they were about.
#include "core/store/store.h"
#include "tests/unit/node/whole_node.h"

namespace citybridge::test {
namespace {

using Json = nlohmann::json;

struct WholeCentre : WholeNode {
    Json post(const std::string& target, const std::string& user, const Json& body = Json::object()) {
        const Reply reply = ask("POST", target, user, body);
        EXPECT_LT(reply.status, 300) << target << " " << reply.body;
        return reply.json();
    }
    Json missing(const std::string& user = "lead") {
        return ask("GET", "/v1/dispositions/missing?limit=200", user).json()["items"];
    }
    void require_dispositions() {
        setup_.callers_per_minute = 60;
        setup_.more_sections = "  <centre disposition_required=\"true\"/>\n";
    }
};

TEST_F(WholeCentre, a_conversation_without_a_disposition_is_listed_told_and_holds_its_agent_up) {
    require_dispositions();
    begin();
    auto stream = stream_of("lead");
    // The simulator's PBX makes its agents ready by itself: the truth is told.
    const Json told = next_of(*stream, "disposition.missing");
    ASSERT_FALSE(told.is_null());
    const std::string contact = told["disposition"]["contact"];
    ASSERT_TRUE(eventually([&] {
        for (const Json& row : missing())
            if (row["contact"] == contact && !row["left_at"].is_null()) return true;
        return false;
    }));
    ASSERT_TRUE(eventually([&] { return !missing("agent1").empty(); }));
    const Reply refused = ask("PUT", "/v1/agents/SIM%2F1001/state", "agent1", {{"state", "ready"}});
    EXPECT_EQ(refused.status, 409) << refused.body;
    EXPECT_EQ(refused.code(), "disposition.missing");

    const std::string his = missing("agent1").back()["contact"];  // the newest: the API shows those that ended lately
    EXPECT_EQ(ask("PUT", "/v1/contacts/" + his + "/disposition", "agent2", {{"code", "rental"}}).code(),
              "contact.unknown");
    EXPECT_EQ(ask("PUT", "/v1/contacts/" + his + "/disposition", "agent1", {{"code", "business_inquiry"}}).code(),
              "disposition.not_a_leaf");
    const Reply said = ask("PUT", "/v1/contacts/" + his + "/disposition", "agent1", {{"code", "rental"}});
    ASSERT_EQ(said.status, 200) << said.body;
    EXPECT_EQ(said.json()["path"], "business_inquiry/rental");
    EXPECT_EQ(said.json()["agent"], "SIM/1001");
    EXPECT_EQ(ask("GET", "/v1/contacts/" + his, "agent1").json()["disposition"], "rental");
    for (const Json& row : missing("agent1")) EXPECT_NE(row["contact"], his);
    const Json counts =
        ask("GET", "/v1/dispositions/counts?from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z", "lead").json();
    EXPECT_EQ(counts["items"][0]["count"], 1);
    restart();
    EXPECT_EQ(ask("GET", "/v1/dispositions/counts?from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z", "lead").json(),
              counts);
}

TEST_F(WholeCentre, what_was_not_found_is_asked_answered_and_found_the_next_time) {
    begin();
    EXPECT_TRUE(ask("GET", "/v1/knowledge/search?q=%E8%BF%9D%E7%BA%A6%E9%87%91", "agent1").json()["items"].empty());
    auto stream = stream_of("lead");
    const std::string id =
        post("/v1/knowledge/questions", "agent1", {{"text", "提前还款有违约金吗？"}, {"level", "highest"}})["id"];
    const Json opened = next_of(*stream, "question.opened");
    EXPECT_EQ(opened["question"]["id"], id);
    EXPECT_EQ(opened["question"]["owner"], "lead");
    EXPECT_FALSE(opened["question"]["due_at"].is_null());
    EXPECT_EQ(ask("POST", "/v1/knowledge/questions/" + id + "/answer", "agent1", {{"text", "x"}}).code(),
              "auth.forbidden");
    const Json answered = post("/v1/knowledge/questions/" + id + "/answer", "lead",
                               {{"title", "提前还款"}, {"text", "一年内违约金为百分之一。"}});
    const std::string article = answered["about"];
    const auto search = [&] {
        return ask("GET", "/v1/knowledge/search?q=%E8%BF%9D%E7%BA%A6%E9%87%91", "agent1").json()["items"];
    };
    ASSERT_EQ(search().size(), 1U);
    EXPECT_EQ(search()[0]["id"], article);
    restart();
    EXPECT_EQ(search().size(), 1U);
    EXPECT_EQ(ask("GET", "/v1/knowledge/questions/" + id, "agent1").json()["entries"].size(), 2U);
    EXPECT_EQ(post("/v1/knowledge/questions/" + id + "/close", "agent1")["state"], "closed");
    EXPECT_EQ(post("/v1/knowledge/articles/" + article + "/retire", "lead")["state"], "retired");
    EXPECT_TRUE(search().empty());
}

TEST_F(WholeCentre, a_repeated_request_with_its_key_asks_once) {
    begin();
    const std::string key = "Idempotency-Key: 41ac\r\n";
    const Json body{{"text", "提前还款？"}};
    const Reply first = ask("POST", "/v1/knowledge/questions", "agent1", body, key);
    const Reply again = ask("POST", "/v1/knowledge/questions", "agent1", body, key);
    EXPECT_EQ(first.status, 201) << first.body;
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(ask("GET", "/v1/knowledge/questions", "lead").json()["items"].size(), 1U);
}

TEST_F(WholeCentre, who_passes_the_test_has_the_skill) {
    begin();
    const std::string id =
        post("/v1/notices", "lead", {{"title", "新产品"}, {"text", "x"}, {"skill", "mortgage"}})["id"];
    post("/v1/notices/" + id + "/add_question", "lead", {{"text", "?"}, {"choices", {"a", "b"}}, {"right", 2}});
    EXPECT_EQ(ask("GET", "/v1/notices/" + id, "agent1").code(), "paper.unknown") << "not published yet";
    post("/v1/notices/" + id + "/publish", "lead");
    post("/v1/notices/" + id + "/read", "agent1");
    EXPECT_EQ(post("/v1/notices/" + id + "/attempt", "agent1", {{"answers", {"1"}}})["passed"], false);
    EXPECT_EQ(post("/v1/notices/" + id + "/attempt", "agent1", {{"answers", {"2"}}})["passed"], true);
    EXPECT_EQ(ask("GET", "/v1/skills", "agent1").json()["items"][0]["skill"], "mortgage");
    ASSERT_TRUE(eventually([&] { return ask("GET", "/v1/agents/SIM%2F1001", "lead").status == 200; }));
    EXPECT_EQ(ask("GET", "/v1/agents/SIM%2F1001", "lead").json()["skills"], Json::array({"mortgage"}));
    std::size_t open = 0;
    const Json readers = ask("GET", "/v1/notices/" + id + "/readers?missing=true", "lead").json();
    for (const Json& row : readers["items"]) open += row["user"] == "agent1" ? 0U : 1U;
    EXPECT_GE(open, 3U) << "agent2, lead, chief, ... have not read it";
    EXPECT_EQ(post("/v1/skills", "lead", {{"user", "agent2"}, {"skill", "mortgage"}})["source"], "user:lead");
    EXPECT_EQ(ask("DELETE", "/v1/skills/agent2/mortgage", "lead").status, 200);
}

TEST_F(WholeCentre, a_shift_is_signed_over_when_its_report_is_in_and_its_matters_are_taken) {
    setup_.more_sections = "  <centre shift_reports=\"group_report\"/>\n";
    begin();
    const std::string id = post("/v1/shifts", "lead", {{"group", "sales"}, {"title", "早班"}})["id"];
    const std::string path = "/v1/shifts/" + id;
    EXPECT_EQ(ask("POST", "/v1/shifts", "chief", {{"group", "sales"}, {"title", "x"}}).code(),
              "paper.action_not_possible");
    post(path + "/matter", "lead", {{"text", "客户等回电"}});
    EXPECT_EQ(ask("POST", path + "/sign_out", "lead", Json::object()).code(), "shift.reports_missing");
    post(path + "/report", "lead", {{"name", "group_report"}});
    post("/v1/help", "lead", {{"text", "客户要见经理"}, {"group", "sales"}});
    EXPECT_EQ(post(path + "/sign_out", "lead")["body"]["matters"].size(), 2U) << "the open call for help, too";
    EXPECT_EQ(ask("POST", path + "/sign_in", "chief", {{"title", "晚班"}}).code(), "shift.matters_open");
    post(path + "/take_over", "chief", {{"number", 0}});
    const std::string next = post(path + "/sign_in", "chief", {{"title", "晚班"}})["body"]["next"];
    const Json log = ask("GET", "/v1/shifts/" + next, "chief").json();
    EXPECT_EQ(log["body"]["matters"].size(), 2U);
    EXPECT_EQ(log["about"], id);
}

TEST_F(WholeCentre, a_question_that_fell_due_while_the_node_was_down_rings_when_it_is_back) {
    PaperRecord row;
    row.id = "qst_1";
    row.kind = "question";
    row.state = "open";
    row.title = "?";
    row.city = "beijing";
    row.author = "agent1";
    row.owner = "lead";
    row.body = {{"text", "?"}, {"level", "highest"}};
    row.entries = row.revision = 1;
    row.created_at = row.updated_at = system_now().wall - std::chrono::hours(3);
    DeadlineRecord due;
    due.order = row.id;
    due.name = "due";
    due.n = 1;
    due.due_at = row.created_at + std::chrono::hours(2);
    row.due_at = due.due_at;
    Changes changes;
    changes.papers.rows = {row};
    changes.deadlines = {due};
    {
        store::StoreSettings settings;
        settings.path = store_path();
        auto opened = store::open_store(settings);
        ASSERT_TRUE(opened);
        ASSERT_EQ((*opened)->commit("test", changes, system_now().wall).commit, store::Commit::done);
    }
    begin();
    ASSERT_TRUE(eventually(
        [&] { return ask("GET", "/v1/knowledge/questions/qst_1", "agent1").json()["body"].value("overdue", false); }));
    const Json entries = ask("GET", "/v1/knowledge/questions/qst_1", "agent1").json()["entries"];
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries[0]["action"], "overdue");
    restart();
    EXPECT_EQ(ask("GET", "/v1/knowledge/questions/qst_1", "agent1").json()["entries"].size(), 1U) << "only once";
}

}  // namespace
}  // namespace citybridge::test
