// An agent writes to a customer: from the request through the outbox to the gateway, its report and the history.
#include <filesystem>
#include <fstream>

#include "tests/unit/node/verification_fixture.h"

namespace citybridge::test {
namespace {

using Json = nlohmann::json;

const char* const kVisit = R"xml(<?xml version="1.0" encoding="UTF-8"?>
<flow kind="visit" version="1" title="上门" open_roles="agent" note_roles="agent">
  <field name="day" type="text" title="日期"/>
  <state name="new" initial="true" title="新"/>
  <state name="done" closed="true" title="完成"/>
  <action name="finish" from="new" to="done" roles="agent" title="完成"/>
  <follow_up name="look" after="5d" question="完成了吗？" set_by="open" settled_by="finish"/>
  <template name="coming" language="zh" for="customer">{customer.name}，师傅{day}上门。</template>
</flow>
)xml";

struct WrittenNode : VerifyingNode {
    void begin_with(const std::string& more_desk = {}) {
        std::filesystem::create_directories(folder() + "/flows");
        std::ofstream(folder() + "/flows/visit.xml") << kVisit;
        setup_.more_desk += more_desk;
        begin();
    }
    std::string open_visit(const std::string& customer) {
        const Reply made = ask("POST", "/v1/orders", "agent1",
                               {{"kind", "visit"}, {"customer", customer}, {"fields", {{"day", "周五"}}}});
        EXPECT_EQ(made.status, 201) << made.body;
        return id_of(made);
    }
    Reply write(const Json& body, const std::string& user = "agent1", const std::string& headers = {}) {
        return ask("POST", "/v1/messages", user, body, headers);
    }
    std::vector<Json> of_action(const std::string& order, const std::string& action) {
        std::vector<Json> out;
        for (const Json& entry : history(order))
            if (entry["action"] == action) out.push_back(entry);
        return out;
    }
    std::string state_of(const std::string& id) {
        return ask("GET", "/v1/messages/" + id, "agent1").json().value("state", "");
    }
};

TEST_F(WrittenNode, from_the_order_to_the_gateway_and_back_into_the_history) {
    begin_with();
    auto stream = stream_of("agent1");
    const std::string customer = make_customer("13800138500");
    const std::string order = open_visit(customer);
    const Reply sent = write({{"order", order}, {"template", "coming"}}, "agent1", "Idempotency-Key: coming-1\r\n");
    ASSERT_EQ(sent.status, 202) << sent.body;
    const Json message = sent.json();
    const std::string id = message["id"];
    EXPECT_EQ(message["text"], "【安居客服】陈女士，师傅周五上门。");
    EXPECT_EQ(message["to"], "+8613800138500");
    EXPECT_EQ(message["parts"], 1);
    EXPECT_EQ(message["next_at"], message["created_at"]);
    EXPECT_EQ(next_of(*stream, "message.written")["message"]["id"], id);

    ASSERT_TRUE(eventually([&] { return messages(id).size() == 1; }));
    const Json got = messages(id).front();
    EXPECT_EQ(got["to"], "+8613800138500");
    EXPECT_EQ(got["text"], message["text"]);
    EXPECT_EQ(got["template"], "coming");
    EXPECT_EQ(got["values"], Json::array({"陈女士", "周五"}));

    // The answer was lost: asked again with the same key it is the first answer, and nothing goes out.
    const Reply again = write({{"order", order}, {"template", "coming"}}, "agent1", "Idempotency-Key: coming-1\r\n");
    EXPECT_EQ(again.status, 202);
    EXPECT_EQ(again.json()["id"], id);
    ASSERT_TRUE(wait_for_state(id + ".sms", "delivered"));
    ASSERT_TRUE(eventually([&] { return state_of(id) == "accepted"; }));

    ASSERT_EQ(report("dlr-1", {{"message", id + ".sms"}, {"state", "undelivered"}, {"code", "24"}}).status, 200);
    const Json told = next_of(*stream, "message.undelivered")["message"];
    EXPECT_EQ(told["id"], id);
    EXPECT_EQ(told["to"], "+86138****8500");
    EXPECT_TRUE(told["text"].is_null());
    EXPECT_EQ(ask("GET", "/v1/messages/" + id, "agent1").json()["code"], "24");
    EXPECT_EQ(of_action(order, "sms_written").size(), 1U);
    EXPECT_EQ(of_action(order, "sms_written").front()["text"], message["text"]);
    EXPECT_EQ(of_action(order, "delivered").size(), 1U);
    EXPECT_EQ(of_action(order, "sms_undelivered").size(), 1U);
    EXPECT_EQ(messages(id).size(), 1U);

    for (const std::string& list : {"/v1/messages?order=" + order, "/v1/messages?customer=" + customer}) {
        const Json items = ask("GET", list, "agent1").json()["items"];
        ASSERT_EQ(items.size(), 1U) << list;
        EXPECT_EQ(items[0]["state"], "undelivered");
    }
    bool in_history = false;
    const Json all = ask("GET", "/v1/customers/" + customer + "/history", "agent1").json();
    for (const Json& item : all["items"])
        in_history = in_history || (item["type"] == "message" && item["message"]["id"] == id);
    EXPECT_TRUE(in_history);
}

TEST_F(WrittenNode, what_another_agent_does_not_see_of_an_order_he_does_not_read_in_its_messages) {
    begin_with();
    const std::string customer = make_customer("13800138501");
    const std::string order = open_visit(customer);
    const std::string id = id_of(write({{"order", order}, {"template", "coming"}}));
    EXPECT_EQ(ask("GET", "/v1/messages/" + id, "agent2").code(), "message.unknown");
    const Json page = ask("GET", "/v1/messages?customer=" + customer, "agent2").json();
    ASSERT_EQ(page["items"].size(), 1U) << page.dump();
    const Json& item = page["items"][0];
    ASSERT_TRUE(item.contains("text")) << page.dump();
    EXPECT_TRUE(item["text"].is_null());
    EXPECT_EQ(item["to"], "+86138****8501");
    EXPECT_EQ(write({{"order", order}, {"template", "coming"}}, "agent2").code(), "order.unknown");
    EXPECT_EQ(ask("GET", "/v1/messages/" + id, "lead").status, 200);
}

TEST_F(WrittenNode, words_of_ones_own_from_the_customers_record) {
    begin_with();
    const std::string customer = make_customer("13800138502");
    EXPECT_EQ(write({{"customer", customer}, {"text", "您好"}}).code(), "message.free_text_forbidden");
    const Reply sent = write({{"customer", customer}, {"text", "请回电"}}, "chief");
    ASSERT_EQ(sent.status, 202) << sent.body;
    ASSERT_TRUE(eventually([&] { return messages(id_of(sent)).size() == 1; }));
    EXPECT_EQ(messages(id_of(sent)).front()["text"], "【安居客服】请回电");
    EXPECT_EQ(messages(id_of(sent)).front()["template"], "free_text");
    ASSERT_TRUE(eventually([&] { return state_of(id_of(sent)) == "accepted"; })) << "without an order too";
    EXPECT_EQ(write({{"customer", customer}, {"text", " "}}, "chief").code(), "message.bad_text");
    EXPECT_EQ(write({{"customer", customer}, {"text", ""}}, "chief").code(), "message.bad_text");
    EXPECT_EQ(write({{"customer", customer}}, "chief").code(), "request.missing_field");
    EXPECT_EQ(write({{"text", "a"}}, "chief").code(), "request.missing_field");
    EXPECT_EQ(write({{"customer", customer}, {"order", "ord_1"}, {"text", "a"}}, "chief").code(),
              "request.missing_field");
    EXPECT_EQ(write({{"customer", customer}, {"text", "a"}, {"address", "13900000000"}}, "chief").code(),
              "message.other_number");
    EXPECT_EQ(write({{"customer", customer}, {"text", "a"}}, "quality").status, 403);
}

TEST_F(WrittenNode, of_many_at_once_only_as_many_go_as_the_day_has_left) {
    begin_with(" sms_per_customer_day=\"3\"");
    const std::string customer = make_customer("13800138503");
    const std::string order = open_visit(customer);
    std::vector<std::thread> askers;
    std::atomic<int> accepted = 0, used_up = 0;
    for (int n = 0; n < 12; ++n)
        askers.emplace_back([&] {
            const Reply one = write({{"order", order}, {"template", "coming"}});
            if (one.status == 202) ++accepted;
            if (one.status == 429 && one.code() == "message.budget_of_customer") ++used_up;
        });
    for (std::thread& one : askers) one.join();
    EXPECT_EQ(accepted, 3);
    EXPECT_EQ(used_up, 9);
    EXPECT_EQ(of_action(order, "sms_written").size(), 3U);
    EXPECT_EQ(ask("GET", "/v1/messages?order=" + order, "agent1").json()["items"].size(), 3U);
}

TEST_F(WrittenNode, quiet_hours_and_a_restart_lose_nothing) {
    // The whole day but the minute that began a minute ago: it is quiet now, whatever the clock says.
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(system_now().wall.time_since_epoch()).count();
    const auto text_of = [](std::int64_t minute) {
        char out[8];
        std::snprintf(out, sizeof out, "%02d:%02d", static_cast<int>(minute / 60 % 24), static_cast<int>(minute % 60));
        return std::string(out);
    };
    const std::int64_t here = minutes + 8 * 60;  // Asia/Shanghai
    begin_with(" quiet_hours=\"" + text_of(here - 1) + "-" + text_of(here - 2 + 24 * 60) + "\"");
    const std::string customer = make_customer("13800138504");
    const std::string order = open_visit(customer);
    const Reply sent = write({{"order", order}, {"template", "coming"}});
    ASSERT_EQ(sent.status, 202) << sent.body;
    EXPECT_GT(sent.json()["next_at"], sent.json()["created_at"]);
    restart();
    EXPECT_EQ(ask("GET", "/v1/admin/outbox/" + id_of(sent) + ".sms", "admin").json()["next_at"],
              sent.json()["next_at"]);
    EXPECT_EQ(state_of(id_of(sent)), "waiting");
    EXPECT_EQ(of_action(order, "sms_written").size(), 1U);
    EXPECT_TRUE(messages(id_of(sent)).empty());
    // Erased while it waits: the number and the text are gone, and with them the message.
    ASSERT_EQ(ask("DELETE", "/v1/customers/" + customer, "admin").status, 200);
    const Json erased = ask("GET", "/v1/messages/" + id_of(sent), "admin").json();
    ASSERT_TRUE(erased.contains("text")) << erased.dump();
    EXPECT_TRUE(erased["text"].is_null());
    EXPECT_TRUE(erased["to"].is_null());
    EXPECT_EQ(erased["written_by"], "agent1");
    ASSERT_EQ(of_action(order, "sms_written").size(), 1U);
    EXPECT_TRUE(of_action(order, "sms_written").front()["text"].is_null()) << history(order);
}

TEST_F(WrittenNode, who_is_blocked_or_wants_none_is_not_written_to) {
    begin_with();
    const std::string customer = make_customer("13800138505");
    const std::string order = open_visit(customer);
    ASSERT_EQ(ask("PATCH", "/v1/customers/" + customer, "agent1", {{"preference", "no_messages"}}).status, 200);
    const Json body{{"order", order}, {"template", "coming"}};
    EXPECT_EQ(write(body).code(), "message.no_messages");
    Json all_the_same = body;
    all_the_same["override_preference"] = true;
    EXPECT_EQ(write(all_the_same).status, 403);
    const Reply sent = write(all_the_same, "chief");
    ASSERT_EQ(sent.status, 202) << sent.body;
    EXPECT_TRUE(eventually([&] { return messages(id_of(sent)).size() == 1; }));
    ASSERT_EQ(ask("POST", "/v1/admin/blocked", "chief",
                  {{"address", "13800138505"}, {"channel", "sms"}, {"reason", "asked for it"}})
                  .status,
              200);
    EXPECT_EQ(write(all_the_same, "chief").code(), "message.blocked");
}

TEST_F(WrittenNode, two_entries_become_one_and_keep_what_was_written_to_both) {
    begin_with();
    const std::string one = make_customer("13800138506"), other = make_customer("13800138507");
    const std::string id = id_of(write({{"customer", other}, {"text", "您好"}}, "chief"));
    ASSERT_EQ(ask("POST", "/v1/customers/" + one + "/merge", "lead", {{"from", other}}).status, 200);
    EXPECT_EQ(ask("GET", "/v1/messages/" + id, "lead").json()["customer"], one);
    EXPECT_EQ(ask("GET", "/v1/messages?customer=" + other, "lead").json()["items"].size(), 1U);
    EXPECT_EQ(ask("GET", "/v1/customers/" + one + "/export", "admin").json()["messages"].size(), 1U);
}

TEST_F(WrittenNode, a_preview_takes_the_customers_name) {
    begin_with();
    const std::string customer = make_customer("13800138508");
    const Reply shown = ask("POST", "/v1/messages/preview", "agent1",
                            {{"kind", "visit"}, {"template", "coming"}, {"customer", customer}});
    ASSERT_EQ(shown.status, 200) << shown.body;
    EXPECT_EQ(shown.json()["text"], "【安居客服】陈女士，师傅上门。");
    EXPECT_EQ(ask("GET", "/v1/flows/visit", "agent1").json()["customer_templates"], Json::array({"coming"}));
}

}  // namespace
}  // namespace citybridge::test
