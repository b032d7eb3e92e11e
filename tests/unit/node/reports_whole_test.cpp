// Calls of the simulator, orders and scores through a whole node into reports.
#include "core/store/report_reader.h"
#include "tests/unit/node/whole_node.h"

namespace citybridge::test {
namespace {

using Json = nlohmann::json;

struct WholeReports : WholeNode {
    Json report(const std::string& name, const std::string& user = "chief", const std::string& more = {}) {
        const Reply reply = ask("GET", "/v1/reports/" + name + more, user);
        EXPECT_EQ(reply.status, 200) << reply.body;
        return reply.json();
    }
    template <class Fact, class Read>
    static std::vector<Fact> all(Read read) {
        std::vector<Fact> out;
        EXPECT_TRUE(read([&](const Fact& fact) {
            out.push_back(fact);
            return true;
        }));
        return out;
    }
    std::unique_ptr<store::ReportReader> reader() const {
        store::StoreSettings settings;
        settings.path = store_path();
        auto opened = store::open_report_reader(settings);
        EXPECT_TRUE(opened);
        return std::move(*opened);
    }
};

TEST_F(WholeReports, count_what_the_node_saw) {
    setup_.callers_per_minute = 60;
    begin();
    ASSERT_TRUE(eventually([&] {
        const Json made = report("queues");
        return made["total"].is_object() && made["total"]["answered"].get<int>() >= 5;
    }));
    const Json queues = report("queues");
    EXPECT_EQ(queues["zone"], "Asia/Shanghai");
    EXPECT_EQ(queues["complete"], false);
    int offered = 0;
    for (const Json& row : queues["rows"]) offered += row["offered"].get<int>();
    EXPECT_EQ(queues["total"]["offered"], offered);
    for (const Json& column : queues["columns"])
        if (column.contains("unit")) {
            EXPECT_FALSE(column["definition"]["formula"]["zh"].get<std::string>().empty());
        }
    ASSERT_TRUE(eventually([&] { return report("agents")["total"]["signed_in"].is_number(); }));
    EXPECT_GT(report("agents")["total"]["signed_in"].get<double>(), 0);
    const Reply csv = ask("GET", "/v1/reports/queues?format=csv", "lead");
    EXPECT_EQ(csv.headers.at("content-type"), "text/csv; charset=utf-8");
    EXPECT_NE(csv.headers.at("content-disposition").find("queues_"), std::string::npos);
    EXPECT_EQ(csv.body.substr(0, 3), "\xEF\xBB\xBF");
    EXPECT_EQ(ask("GET", "/v1/reports/queues?format=xlsx", "lead").body.substr(0, 2), "PK");
    end();
    // Every contact of the journal is a fact, with the outcome it was published with.
    const auto facts =
        all<ContactFact>([&](auto take) { return reader()->contacts(WallTime{}, system_now().wall, false, take); });
    store::StoreSettings settings;
    settings.path = store_path();
    auto readers = store::open_readers(settings, 1);
    ASSERT_TRUE(readers);
    ASSERT_FALSE(facts.empty());
    for (const ContactFact& fact : facts) {
        const auto entry = (*readers)->journal_entry(fact.contact);
        ASSERT_TRUE(entry && *entry);
        const Json body = Json::parse((*entry)->body);
        EXPECT_EQ(body["outcome"], fact.outcome);
        EXPECT_EQ(body["talk_ms"], fact.talk_ms);
    }
}

TEST_F(WholeReports, know_what_agents_did_also_over_a_stop) {
    begin();
    ASSERT_TRUE(eventually([&] {
        const auto open = reader()->open_intervals();
        return open && !open->empty();
    }));
    end();
    // All closed, and from now on nobody sees anything.
    const auto left = reader()->open_intervals();
    ASSERT_TRUE(left);
    ASSERT_EQ(left->size(), 1U);
    EXPECT_EQ(left->front().state, "node_down");
    begin();
    ASSERT_TRUE(eventually([&] {
        const auto now_open = reader()->open_intervals();
        return now_open && now_open->size() > 1;
    }));
    const auto back = reader()->open_intervals();
    ASSERT_TRUE(back) << back.error().detail;
    for (const AgentInterval& interval : *back) EXPECT_NE(interval.state, "node_down");
}

TEST_F(WholeReports, have_orders_by_whom_they_belong_to) {
    begin();
    open_order("agent1");
    const std::string second = open_order("agent1", "13900139000")["id"];
    ask("POST", "/v1/orders/" + second + "/cancel", "agent1", {{"note", "twice"}});
    Json row;
    ASSERT_TRUE(eventually([&] {
        const Json made = report("agents");
        for (const Json& each : made["rows"])
            if (each["agent"] == "SIM/1001") row = each;
        return !row.is_null() && row["orders_opened"] == 2;
    }));
    EXPECT_EQ(row["user"], "agent1");
    EXPECT_EQ(row["sales_leads"], 2);
    const Json kinds = report("departments", "chief", "?kind=sales_lead");
    EXPECT_EQ(kinds["total"]["orders_opened"], 2);
    EXPECT_EQ(kinds["total"]["orders_closed"], 1);
    // An agent reads himself and nobody else, and not what has no agents in it.
    const Json own = report("agents", "agent1");
    for (const Json& each : own["rows"]) EXPECT_EQ(each["agent"], "SIM/1001");
    EXPECT_EQ(ask("GET", "/v1/reports/queues", "agent1").code(), "auth.forbidden");
    EXPECT_EQ(ask("GET", "/v1/reports/agents?queue=sales", "chief").code(), "report.bad_filter");
    EXPECT_EQ(ask("GET", "/v1/reports", "erp").status, 403);
}

TEST_F(WholeReports, have_scores_of_the_quality_staff) {
    setup_.callers_per_minute = 60;
    begin();
    Json contact;
    ASSERT_TRUE(eventually([&] {
        const Json ended = ask("GET", "/v1/contacts?state=ended", "chief").json();
        for (const Json& each : ended["items"])
            if (each["outcome"] == "answered") contact = each;
        return !contact.is_null();
    }));
    Json answers;
    const Json forms = ask("GET", "/v1/quality/forms", "quality").json();
    for (const Json& item : forms["items"][0]["items"])
        answers[item["name"].get<std::string>()] = item["points"].get<int>() - 1;
    const std::string path = "/v1/contacts/" + contact["id"].get<std::string>() + "/scores";
    std::string agent;
    for (const Json& leg : contact["legs"])
        if (leg["role"] == "agent" && leg["joined_at"].is_string()) agent = leg["agent"];
    const Json body{
        {"form", "conversation"}, {"agent", agent}, {"answers", answers}, {"remark", "语速稍快"}, {"training", true}};
    Reply scored;
    ASSERT_TRUE(eventually([&] { return (scored = ask("POST", path, "quality", body)).status == 201; })) << scored.body;
    EXPECT_EQ(scored.json()["points"], 93);
    EXPECT_EQ(ask("POST", path, "agent1", body).code(), "auth.forbidden");
    Json wrong = body;
    wrong["answers"]["greeting"] = 99;
    EXPECT_EQ(ask("POST", path, "quality", wrong).code(), "score.bad_answers");
    wrong = body;
    wrong["form"] = "none";
    EXPECT_EQ(ask("POST", path, "quality", wrong).code(), "score.unknown_form");
    EXPECT_EQ(ask("GET", path, "lead").json()["items"][0]["remark"], "语速稍快");
    EXPECT_EQ(report("quality")["total"]["score_average"], 93);
    EXPECT_EQ(report("quality_remarks")["rows"][0]["remark"], "语速稍快");
}

}  // namespace
}  // namespace citybridge::test
