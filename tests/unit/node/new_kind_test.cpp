// A kind of order that the code has never heard of, by XML alone: deadline,
// approval, escalation and a message to the ERP, through a whole node.
#include <filesystem>
#include <fstream>

#include "core/desk/flow_file.h"
#include "tests/unit/node/whole_node.h"

namespace citybridge::test {
namespace {

using Json = nlohmann::json;

const std::string kTender = R"xml(<?xml version="1.0" encoding="UTF-8"?>
<flow kind="tender" version="1" title="招标" open_roles="agent team_lead" note_roles="agent team_lead">
  <field name="item" type="text" required="true" title="标的"/>
  <field name="amount" type="integer" min="1" required="true" title="金额"/>
  <state name="asked" initial="true" title="审批中"/>
  <state name="placed" title="已发标"/>
  <state name="overdue" title="逾期未到"/>
  <state name="done" closed="true" title="完成"/>
  <state name="refused" closed="true" title="未批准"/>
  <action name="place" from="asked" to="placed" roles="system" title="发标"/>
  <action name="refuse" from="asked" to="refused" roles="system" title="不批准"/>
  <action name="offers_in" from="placed overdue" to="done" roles="agent team_lead" title="收到报价"/>
  <approval name="budget" start="open" approved="place" rejected="refuse">
    <step title="主管审批" by="role:supervisor"/>
  </approval>
  <follow_up name="offers" after="1s" question="报价到了吗？" due_state="overdue" set_by="place" settled_by="offers_in"/>
  <escalation name="late" start="overdue:offers" stop="offers_in">
    <step after="0" to="role:team_lead" channel="screen" template="late" ack_within="1h"/>
    <step after="0" to="role:admin" channel="screen" template="late"/>
  </escalation>
  <template name="late">{item}: {order.id}</template>
  <script on="open" version="1" approved_by="product_manager:li 2026-01-01, centre_manager:wang 2026-01-02">请稍候。</script>
  <script on="open" version="2">尚未批准的话。</script>
  <erp connector="erp">
    <send on="open" message="open_order"/>
    <send on="place" message="change_order"/>
  </erp>
</flow>
)xml";

struct NewKind : WholeNode {
    void put_flow(const std::string& name, const std::string& text) {
        std::filesystem::create_directories(folder() + "/flows");
        std::ofstream(folder() + "/flows/" + name) << text;
    }
    std::string open_tender() {
        const Reply opened =
            ask("POST", "/v1/orders", "agent1", {{"kind", "tender"}, {"fields", {{"item", "耳机"}, {"amount", 30}}}});
        EXPECT_EQ(opened.status, 201) << opened.body;
        return opened.json().value("id", "");
    }
    bool in_history(const std::string& id, const std::string& action) {
        for (const Json& entry : history(id))
            if (entry["action"] == action) return true;
        return false;
    }
};

std::string changed(std::string text, const std::string& what, const std::string& by) {
    return text.replace(text.find(what), what.size(), by);
}

desk::FlowBook book_of(const std::string& dir, Problems& problems) {
    desk::FlowBook book;
    book.flows = desk::load_flows(dir, problems);
    return book;
}

TEST_F(NewKind, is_approved_sent_to_the_erp_falls_due_and_escalates) {
    put_flow("tender.xml", kTender);
    begin();
    EXPECT_EQ(ask("POST", "/v1/orders", "agent1", {{"kind", "tender"}, {"fields", {{"item", "x"}}}}).code(),
              "order.bad_fields");
    const std::string id = open_tender(), path = "/v1/orders/" + id;
    EXPECT_EQ(order(id)["state"], "asked");
    EXPECT_EQ(ask("POST", path + "/place", "agent1", Json::object()).code(), "auth.forbidden") << "the engine's action";
    EXPECT_EQ(ask("POST", path + "/approve", "agent1", Json::object()).code(), "order.not_yours_to_approve");
    const Reply approved = ask("POST", path + "/approve", "chief", Json::object());
    ASSERT_EQ(approved.status, 200) << approved.body;
    EXPECT_EQ(approved.json()["state"], "placed");
    ASSERT_TRUE(eventually([&] { return erp_requests("/erp/change_order") == 1; }));
    EXPECT_EQ(erp_requests("/erp/orders"), 1U);

    ASSERT_TRUE(eventually([&] { return order(id)["state"] == "overdue"; }));
    EXPECT_TRUE(in_history(id, "overdue"));
    const Json escalations = order(id)["escalations"];
    ASSERT_EQ(escalations.size(), 1U) << escalations.dump();
    EXPECT_EQ(escalations[0]["state"], "running");
    EXPECT_EQ(escalations[0]["waiting_for"][0]["user"], "lead") << "the only team lead there is";
    EXPECT_EQ(ask("POST", path + "/acknowledge", "quality", Json::object()).status / 100, 4);
    EXPECT_EQ(ask("POST", path + "/acknowledge", "lead", Json::object()).status, 200);
    EXPECT_EQ(order(id)["escalations"][0]["state"], "acknowledged");
    EXPECT_EQ(ask("POST", path + "/offers_in", "agent1", Json::object()).json()["state"], "done");
}

TEST_F(NewKind, is_described_for_desktops_with_the_approved_words_only) {
    put_flow("tender.xml", kTender);
    begin();
    const Json list = ask("GET", "/v1/flows", "agent1").json()["items"];
    ASSERT_EQ(list.size(), 2U);
    EXPECT_EQ(list[0]["kind"], "sales_lead");
    EXPECT_EQ(list[1], (Json{{"kind", "tender"}, {"version", 1}, {"title", "招标"}}));
    const Json tender = ask("GET", "/v1/flows/tender", "agent1").json();
    EXPECT_EQ(tender["fields"][1]["name"], "amount");
    EXPECT_EQ(tender["fields"][1]["min"], 1);
    EXPECT_EQ(tender["actions"].size(), 3U);
    ASSERT_EQ(tender["scripts"].size(), 1U);
    EXPECT_EQ(tender["scripts"][0]["text"], "请稍候。");
    EXPECT_EQ(ask("GET", "/v1/flows/dance", "agent1").code(), "flow.not_found");
    EXPECT_EQ(ask("GET", "/v1/flows", "").status, 401);
}

TEST_F(NewKind, open_orders_stay_on_their_version_over_a_reload_and_a_restart) {
    put_flow("tender.xml", kTender);
    begin();
    const std::string old_order = open_tender();
    // Version 2 knows another way in, and no approval.
    std::string next = changed(kTender, "version=\"1\" title", "version=\"2\" title");
    next = changed(next, "<action name=\"place\" from=\"asked\" to=\"placed\" roles=\"system\"",
                   "<action name=\"place\" from=\"asked\" to=\"placed\" roles=\"agent system\"");
    put_flow("tender.xml", next);
    Problems problems;
    ASSERT_TRUE(node().set_book(book_of(folder() + "/flows", problems)));
    ASSERT_TRUE(problems.empty());
    const std::string new_order = open_tender();
    EXPECT_EQ(order(old_order)["flow_version"], 1);
    EXPECT_EQ(order(new_order)["flow_version"], 2);
    const auto place = [&](const std::string& id) {
        return ask("POST", "/v1/orders/" + id + "/place", "agent1", Json::object()).status;
    };
    EXPECT_EQ(place(old_order), 403);
    restart();
    EXPECT_EQ(place(old_order), 403) << "it is still on version 1";
    EXPECT_EQ(place(new_order), 200);
}

TEST_F(NewKind, a_file_that_says_other_things_under_a_version_in_use_is_refused_and_changes_nothing) {
    put_flow("tender.xml", kTender);
    begin();
    const std::string id = open_tender();
    put_flow("tender.xml", changed(kTender, "title=\"招标\"", "title=\"采购\""));
    Problems problems;
    const auto refused = node().set_book(book_of(folder() + "/flows", problems));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "flow.version_in_use");
    EXPECT_NE(refused.error().detail.find("version=\"2\""), std::string::npos) << refused.error().detail;
    EXPECT_EQ(ask("GET", "/v1/flows/tender", "agent1").json()["title"], "招标");
    EXPECT_EQ(ask("POST", "/v1/orders/" + id + "/approve", "chief", Json::object()).status, 200);
}

}  // namespace
}  // namespace citybridge::test
