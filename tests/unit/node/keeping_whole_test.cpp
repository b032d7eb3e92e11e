// Open orders over changes of their flow, of the configuration and of the node's own age, through a whole node.
#include <filesystem>
#include <fstream>

#include "core/node/doctor.h"
#include "tests/support/sql.h"
#include "tests/unit/node/whole_node.h"

namespace citybridge::test {
namespace {

using Json = nlohmann::json;

const std::string kErrand = R"xml(<flow kind="errand" version="1" title="Errand" open_roles="agent" note_roles="agent">
  <field name="what" type="text" required="true" title="What"/>
  <state name="open" initial="true" title="Open"/>
  <state name="done" closed="true" title="Done"/>
  <action name="finish" from="open" to="done" roles="agent" title="Finish"/>
  <action name="ask" from="open" roles="agent" title="Ask"/>
  <follow_up name="look" after="2h" question="?" set_by="open" settled_by="finish"/>
  <tell on="action:ask" to="owner" channel="screen" template="asked" confirm_within="1d" unconfirmed="late"/>
  <escalation name="late" start="overdue:look" stop="finish"><step to="owner" channel="screen" template="asked"/></escalation>
  <template name="asked">{what}</template>
</flow>
)xml";

std::string with(std::string text, const std::string& what, const std::string& by) {
    return text.replace(text.find(what), what.size(), by);
}

const std::string kNewer = with(with(kErrand, "version=\"1\"", "version=\"2\""), "after=\"2h\"", "after=\"9h\"");

struct Keeping : WholeNode {
    void put_flow(const std::string& text) {
        std::filesystem::create_directories(folder() + "/flows");
        std::ofstream(folder() + "/flows/errand.xml") << text;
    }
    std::string open_errand(const std::string& what = "paper", const std::string& name = "") {
        Json body{{"kind", "errand"}, {"fields", {{"what", what}}}};
        if (!name.empty()) body["customer_name"] = name, body["phone"] = "13800138000";
        const Reply opened = ask("POST", "/v1/orders", "agent1", body);
        EXPECT_EQ(opened.status, 201) << opened.body;
        return opened.json().value("id", "");
    }
    Reply reload(const std::string& user = "admin") { return ask("POST", "/v1/admin/config/reload", user); }
    Reply migrate(const Json& body, const std::string& user = "chief") {
        return ask("POST", "/v1/flows/errand/migration", user, body);
    }
    Json versions() { return ask("GET", "/v1/flows/errand/versions", "lead").json(); }
    bool has_migrated() {
        return eventually([&] {
            const Json now = versions();
            return now["migration"].is_null() && now["in_use"].size() == 1 && now["in_use"][0]["version"] == 2;
        });
    }
    Json found(const std::string& words) { return ask("GET", "/v1/orders?text=" + words, "admin").json()["items"]; }
    void sql(const std::string& statement) { tests::run_sql(store_path(), statement); }
};

TEST_F(Keeping, open_orders_go_over_to_the_newest_version_when_asked) {
    put_flow(kErrand);
    begin();
    std::vector<std::string> orders;
    orders.reserve(150);
    for (int i = 0; i < 150; ++i) orders.push_back(open_errand());
    const std::string due = order(orders[0])["deadlines"][0]["due_at"];
    put_flow(kNewer);
    ASSERT_EQ(reload().status, 200);
    const Json before = versions();
    EXPECT_EQ(before["version"], 2);
    EXPECT_EQ(before["in_use"], (Json::array({{{"version", 1}, {"orders", 150}}})));

    EXPECT_EQ(migrate(Json::object(), "lead").status, 403);
    const Json looked = migrate({{"check", true}}).json();
    EXPECT_EQ(looked["state"], "checked");
    EXPECT_EQ(looked["orders"], 150);
    EXPECT_EQ(order(orders[0])["flow_version"], 1);
    EXPECT_EQ(migrate({{"version", 1}}).code(), "flow.unknown");

    const Reply begun = migrate(Json::object());
    ASSERT_EQ(begun.status, 200) << begun.body;
    EXPECT_EQ(begun.json()["state"], "started");
    ASSERT_TRUE(has_migrated()) << versions().dump();
    for (const std::string& id : orders) EXPECT_EQ(order(id)["flow_version"], 2);
    EXPECT_GT(order(orders[0])["deadlines"][0]["due_at"].get<std::string>(), due);
    const Json last = history(orders[0]).back();
    EXPECT_EQ(last["action"], "migrated");
    EXPECT_EQ(last["actor"], "chief");
    EXPECT_EQ(migrate(Json::object()).json()["state"], "nothing_to_do");
}

TEST_F(Keeping, one_that_cannot_go_over_refuses_all_unless_the_others_may_go_alone) {
    put_flow(kErrand);
    begin();
    const std::string plain = open_errand("paper"), odd = open_errand("ink and pens");
    put_flow(with(kNewer, "type=\"text\" required", "type=\"text\" max_length=\"6\" required"));
    ASSERT_EQ(reload().status, 200);
    const Reply refused = migrate(Json::object());
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.code(), "flow.migration_refused");
    ASSERT_EQ(refused.json()["orders"].size(), 1U) << refused.body;
    EXPECT_EQ(refused.json()["orders"][0]["id"], odd);
    EXPECT_EQ(refused.json()["orders"][0]["why"][0], "field \"what\" must have at most 6 characters");
    EXPECT_EQ(versions()["in_use"][0]["orders"], 2);
    const Json begun = migrate({{"only_possible", true}}).json();
    EXPECT_EQ(begun["orders"], 1);
    EXPECT_EQ(begun["staying"], 1);
    ASSERT_TRUE(eventually([&] { return order(plain)["flow_version"] == 2; }));
    EXPECT_EQ(order(odd)["flow_version"], 1);
}

// What was asked for is in the store before it is answered: a node that dies on the way goes on.
TEST_F(Keeping, a_migration_goes_on_after_a_restart) {
    put_flow(kErrand);
    begin();
    open_errand();
    open_errand();
    end();
    put_flow(kNewer);
    sql("insert into meta(name,value) values ('flow_migration:errand','{\"version\":2,\"user\":\"chief\"}')");
    begin();
    EXPECT_TRUE(has_migrated()) << versions().dump();
}

TEST_F(Keeping, a_reload_with_mistakes_names_them_all_and_changes_nothing) {
    put_flow(kErrand);
    begin();
    put_flow(with(with(kNewer, "to=\"done\"", "to=\"gone\""), "roles=\"agent\" title=\"Finish\"",
                  "roles=\"cat\" title=\"Finish\""));
    EXPECT_EQ(reload("chief").status, 403);
    const Reply refused = reload();
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.code(), "config.invalid");
    const Json problems = refused.json()["problems"];
    ASSERT_GE(problems.size(), 2U) << refused.body;
    for (const Json& each : problems) {
        EXPECT_EQ(each["file"], folder() + "/flows/errand.xml");
        EXPECT_EQ(each["line"], 5);
        EXPECT_GT(each["column"], 1);
    }
    EXPECT_EQ(versions()["version"], 1);
    // Another text under a version that open orders are on.
    open_errand();
    put_flow(with(kErrand, "Errand", "Walk"));
    EXPECT_EQ(reload().code(), "flow.version_in_use");
    put_flow(kNewer);
    EXPECT_EQ(reload().status, 200);
    EXPECT_EQ(versions()["version"], 2);
}

// Or the report of the night would find out.
TEST_F(Keeping, a_reload_of_a_directory_without_who_gets_a_report_is_refused) {
    setup_.directory = folder() + "/directory";
    std::filesystem::copy(CITYBRIDGE_SOURCE_DIR "/config/directory", setup_.directory);
    const auto put_manager = [&](const std::string& more) {
        std::ofstream(setup_.directory + "/reader.xml")
            << "<directory><entry name=\"reader\" title=\"Reader\"><person name=\"Zhou\" " + more +
                   "/></entry></directory>";
    };
    put_manager("email=\"zhou@example.com\"");
    setup_.more_desk = " email=\"erp\"";
    setup_.more_sections = "<reports out=\"" + folder() + "/reports\" mail=\"whole_day=directory:reader\"/>";
    begin();
    EXPECT_EQ(reload().status, 200);
    put_manager("mobile=\"13900000001\"");
    const Reply refused = reload();
    EXPECT_EQ(refused.code(), "config.invalid") << refused.body;
    ASSERT_EQ(refused.json()["problems"].size(), 1U) << refused.body;
    EXPECT_EQ(refused.json()["problems"][0]["file"], folder() + "/node.xml");
    EXPECT_NE(refused.body.find("nobody of \\\"reader\\\" has an e-mail address"), std::string::npos) << refused.body;
}

TEST_F(Keeping, what_waits_for_a_person_is_listed_for_him) {
    put_flow(kErrand);
    begin();
    const std::string id = open_errand();
    ASSERT_EQ(ask("POST", "/v1/orders/" + id + "/ask", "agent1", Json::object()).status, 200);
    const Reply list = ask("GET", "/v1/tellings?state=waiting", "agent1");
    ASSERT_EQ(list.status, 200) << list.body;
    const Json told = list.json()["items"];
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0]["order"], id);
    EXPECT_EQ(told[0]["order_title"], "Errand");
    EXPECT_EQ(told[0]["to_user"], "agent1");
    EXPECT_EQ(told[0]["to_acknowledge"], true);
    EXPECT_EQ(ask("GET", "/v1/tellings", "chief").json()["items"].size(), 0U) << "it is not for him";
    EXPECT_EQ(ask("GET", "/v1/tellings", "erp").status, 403);
    ASSERT_EQ(ask("POST", "/v1/orders/" + id + "/acknowledge", "agent1", Json::object()).status, 200);
    EXPECT_EQ(ask("GET", "/v1/tellings", "agent1").json()["items"].size(), 0U);
    const Json all = ask("GET", "/v1/tellings?state=all&limit=1", "agent1").json();
    ASSERT_EQ(all["items"].size(), 1U);
    EXPECT_EQ(all["items"][0]["settled_by"], "agent1");
}

TEST_F(Keeping, orders_are_found_by_their_customers_name_of_today) {
    put_flow(kErrand);
    begin();
    const std::string id = open_errand("paper", "陈小明"), second = open_errand("ink", "");
    ASSERT_EQ(found("%E9%99%88%E5%B0%8F%E6%98%8E").size(), 1U);
    EXPECT_EQ(found("%E9%99%88%E5%B0%8F%E6%98%8E")[0]["id"], id);
    const std::string customer = order(id)["customer"];
    ASSERT_EQ(ask("PATCH", "/v1/customers/" + customer, "admin", {{"name", "Smith"}}).status, 200);
    EXPECT_EQ(found("%E9%99%88%E5%B0%8F%E6%98%8E").size(), 0U);
    EXPECT_EQ(found("smith").size(), 1U);
    const std::string third = open_errand("pens", "");
    const Json body{{"kind", "errand"}, {"fields", {{"what", "glue"}}}, {"customer", customer}};
    ASSERT_EQ(ask("POST", "/v1/orders", "agent1", body).status, 201);
    EXPECT_EQ(found("smith").size(), 2U) << "a further order of his, too";
    const Json other = ask("POST", "/v1/customers", "admin", {{"name", "Jones"}, {"numbers", {"13900139000"}}}).json();
    ASSERT_TRUE(other.contains("id")) << other.dump();
    const Json merge{{"from", customer}};
    ASSERT_EQ(ask("POST", "/v1/customers/" + other["id"].get<std::string>() + "/merge", "admin", merge).status, 200);
    EXPECT_EQ(found("jones").size(), 2U);
    EXPECT_EQ(found("smith").size(), 0U);
    ASSERT_EQ(ask("DELETE", "/v1/customers/" + other["id"].get<std::string>(), "admin").status / 100, 2);
    EXPECT_EQ(found("jones").size(), 0U) << "erased is not found";
}

// As a node of before there were such deadlines, and such an index, left its store.
TEST_F(Keeping, orders_of_an_older_node_get_their_deadline_and_their_words) {
    put_flow(kErrand);
    begin();
    const std::string id = open_errand("paper", "Smith");
    ASSERT_EQ(ask("POST", "/v1/orders/" + id + "/notes", "agent1", {{"text", "blue please"}}).status, 200);
    end();
    sql("delete from meta where name='caught_up'");
    sql("delete from deadlines");
    sql("delete from order_text");
    begin();
    ASSERT_TRUE(eventually([&] { return found("paper").size() == 1; }));
    EXPECT_EQ(found("blue").size(), 1U);
    EXPECT_EQ(found("smith").size(), 1U);
    ASSERT_TRUE(eventually([&] {
        return tests::number_by_sql(store_path(),
                                    "select count(*) from deadlines where state='open' and name='idle'") == 1;
    }));
}

TEST_F(Keeping, what_is_kept_of_a_person_is_exported_with_files_and_lists) {
    put_flow(kErrand);
    begin();
    const std::string id = open_errand("paper", "Smith");
    const std::string customer = order(id)["customer"];
    const Json all = ask("GET", "/v1/customers/" + customer + "/export", "admin").json();
    ASSERT_EQ(all["orders"].size(), 1U);
    EXPECT_TRUE(all["orders"][0]["attachments"].is_array());
    EXPECT_TRUE(all["merges"].is_array());
    EXPECT_TRUE(all["outgoing_entries"].is_array());
}

TEST_F(Keeping, files_that_are_gone_or_nobodys_are_found_by_the_doctor) {
    put_flow(kErrand);
    begin();
    const std::string id = open_errand();
    end();
    const std::string files = folder() + "/node.attachments", hash(64, 'a'), other(64, 'b');
    sql("insert into attachments values ('att_1','" + id + "','x.txt','text/plain',3,'" + hash + "','ann',0)");
    std::filesystem::create_directories(files + "/bb");
    std::ofstream(files + "/bb/" + other) << "old";
    std::filesystem::last_write_time(files + "/bb/" + other,
                                     std::filesystem::file_time_type::clock::now() - std::chrono::hours{2});
    const std::string plugins = std::string(CITYBRIDGE_BINARY_DIR) + "/lib/plugins";
    const auto found = [&] {
        std::vector<std::string> codes;
        for (const Ailment& each : examine(folder() + "/node.xml", plugins, system_now().wall))
            if (each.code.starts_with("attachment.")) codes.push_back(each.code);
        return codes;
    };
    using Codes = std::vector<std::string>;
    EXPECT_EQ(found(), (Codes{"attachment.missing", "attachment.unused"}));
    std::filesystem::create_directories(files + "/aa");
    std::ofstream(files + "/aa/" + hash) << "four";
    EXPECT_EQ(found(), (Codes{"attachment.damaged", "attachment.unused"}));
    std::ofstream(files + "/aa/" + hash) << "123";
    EXPECT_EQ(found(), (Codes{"attachment.unused"}));
}

}  // namespace
}  // namespace citybridge::test
