// The life of a work order through a whole node: over HTTP in, to the ERP out,
// back by webhook, over its deadline, and on the stream.
#include <algorithm>
#include <thread>

#include "tests/unit/node/whole_node.h"

namespace citybridge::test {
namespace {

using Json = nlohmann::json;

struct WorkOrders : WholeNode {
    std::vector<std::string> actions_in_history(const std::string& id) {
        std::vector<std::string> out;
        for (const Json& entry : history(id)) out.push_back(entry["action"]);
        return out;
    }
    bool in_history(const std::string& id, const std::string& action) {
        const auto actions = actions_in_history(id);
        return std::find(actions.begin(), actions.end(), action) != actions.end();
    }
    // The ERP's message about its note. Its number in the history is 2 or 3: the opening may have been delivered
    // before.
    std::string message_of_note(const std::string& id) {
        const Json entries = history(id);
        for (const Json& entry : entries)
            if (entry["action"] == "note") return id + '.' + entry["n"].dump() + ".erp";
        return {};
    }
};

TEST_F(WorkOrders, an_order_reaches_the_erp_and_its_history_says_so) {
    erp_.answer_with({.body = R"({"id":"SL-1187"})"});
    begin();
    const Json opened = open_order();
    const std::string id = opened["id"];
    EXPECT_EQ(opened["state"], "new");
    EXPECT_EQ(opened["owner"], "agent1");
    EXPECT_EQ(opened["deadlines"][0]["name"], "broker_called");
    ASSERT_TRUE(erp_.wait_for_requests(1));
    const ReceivedRequest request = erp_.requests().front();
    EXPECT_EQ(request.target, "/erp/orders");
    EXPECT_EQ(request.header("idempotency-key"), id + ".1.erp");
    const Json payload = Json::parse(request.body);
    EXPECT_EQ(payload["action"], "open_order");
    EXPECT_EQ(payload["order"], id);
    EXPECT_EQ(payload["customer"]["phone"], "+8613800138000");
    ASSERT_TRUE(eventually([&] { return order(id)["external"].is_object(); }));
    EXPECT_EQ(order(id)["external"]["id"], "SL-1187");
    EXPECT_EQ(actions_in_history(id), (std::vector<std::string>{"opened", "delivered"}));
}

TEST_F(WorkOrders, a_repeated_request_opens_one_order_also_over_a_restart) {
    begin();
    const Json body{{"kind", "sales_lead"}, {"phone", "13800138000"}, {"fields", {{"lead_kind", "buy"}}}};
    const std::string key = "Idempotency-Key: 7d1f\r\n";
    const Reply first = ask("POST", "/v1/orders", "agent1", body, key);
    ASSERT_EQ(first.status, 201) << first.body;
    const Reply again = ask("POST", "/v1/orders", "agent1", body, key);
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(again.headers.at("idempotency-replayed"), "true");
    ASSERT_TRUE(wait_for_state(first.json()["id"].get<std::string>() + ".1.erp", "delivered"));
    restart();
    const Reply later = ask("POST", "/v1/orders", "agent1", body, key);
    EXPECT_EQ(later.status, 201);
    EXPECT_EQ(later.body, first.body);
    EXPECT_EQ(later.headers.at("location"), first.headers.at("location"));
    EXPECT_EQ(ask("POST", "/v1/orders", "agent1", {{"kind", "sales_lead"}}, key).code(), "idempotency.mismatch");
    EXPECT_EQ(ask("GET", "/v1/orders").json()["items"].size(), 1U);
    EXPECT_EQ(erp_requests("/erp/orders"), 1U);
}

TEST_F(WorkOrders, orders_that_race_for_a_new_number_share_one_customer) {
    begin();
    token_of("agent1");
    std::vector<std::string> customers(8);
    std::vector<std::thread> threads;
    threads.reserve(customers.size());
    for (std::string& customer : customers)
        threads.emplace_back([&] { customer = open_order("agent1", "13912345678")["customer"]; });
    for (std::thread& thread : threads) thread.join();
    EXPECT_TRUE(customers[0].starts_with("cus_"));
    for (const std::string& customer : customers) EXPECT_EQ(customer, customers[0]);
    const Json found = ask("GET", "/v1/customers?phone=13912345678").json()["items"];
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0]["id"], customers[0]);
    EXPECT_EQ(found[0]["numbers"], Json({"+8613912345678"}));
}

TEST_F(WorkOrders, notes_and_actions_follow_roles_and_states) {
    begin();
    const std::string id = open_order()["id"], path = "/v1/orders/" + id;
    EXPECT_EQ(ask("POST", path + "/notes", "agent1", {{"text", "wants a garden"}}).status, 200);
    EXPECT_EQ(ask("POST", path + "/notes", "quality", {{"text", "x"}}).code(), "auth.forbidden");
    EXPECT_EQ(ask("POST", path + "/assigned", "agent1", Json::object()).code(), "auth.forbidden") << "the ERP's action";
    EXPECT_EQ(ask("POST", path + "/responsible_reached", "agent1", Json::object()).code(), "order.action_not_possible");
    EXPECT_EQ(ask("POST", path + "/dance", "agent1", Json::object()).status, 409);
    EXPECT_EQ(ask("POST", path + "/cancel", "agent1", Json::object()).status, 422) << "needs a note";
    EXPECT_EQ(ask("POST", path + "/assigned", "erp", {{"fields", {{"broker", "Li"}}}}).json()["state"], "assigned");
    EXPECT_EQ(ask("POST", path + "/broker_called_yes", "lead", {{"revision", 1}}).code(), "order.changed_meanwhile");
    const Reply closed = ask("POST", path + "/broker_called_yes", "lead", {{"fields", {{"satisfied", true}}}});
    EXPECT_EQ(closed.json()["state"], "closed") << closed.body;
    EXPECT_EQ(closed.json()["fields"]["broker"], "Li");
    EXPECT_EQ(ask("GET", "/v1/orders?open=true").json()["items"].size(), 0U);
    EXPECT_EQ(order(id)["actions"], Json::array());
}

TEST_F(WorkOrders, a_foreign_agent_sees_no_such_order) {
    begin();
    const std::string path = "/v1/orders/" + open_order("agent1")["id"].get<std::string>();
    EXPECT_EQ(ask("GET", path, "agent1").status, 200);
    EXPECT_EQ(ask("GET", path, "agent2").code(), "order.unknown");
    EXPECT_EQ(ask("GET", path + "/history", "agent2").code(), "order.unknown");
    EXPECT_EQ(ask("POST", path + "/notes", "agent2", {{"text", "x"}}).status, 404);
    EXPECT_EQ(ask("POST", path + "/cancel", "agent2", {{"note", "x"}}).status, 404);
    EXPECT_EQ(ask("GET", "/v1/orders", "agent2").json()["items"].size(), 0U);
    EXPECT_EQ(ask("GET", "/v1/orders", "agent1").json()["items"].size(), 1U);
    for (const char* who : {"lead", "chief", "quality", "erp"}) EXPECT_EQ(ask("GET", path, who).status, 200) << who;
}

TEST_F(WorkOrders, a_message_of_the_erp_moves_the_order_once) {
    begin();
    const std::string id = open_order()["id"];
    const Json message{{"type", "order.assigned"},
                       {"timestamp", "2026-11-22T02:00:00.000Z"},
                       {"data", {{"order", id}, {"external_id", "SL-7"}, {"broker", "Zhao"}}}};
    const Reply first = hook("msg_1", message);
    EXPECT_EQ(first.status, 200) << first.body;
    EXPECT_EQ(first.json()["status"], "applied");
    EXPECT_EQ(order(id)["state"], "assigned");
    EXPECT_EQ(order(id)["fields"]["broker"], "Zhao");
    EXPECT_EQ(hook("msg_1", message).json()["status"], "duplicate");
    restart();
    EXPECT_EQ(hook("msg_1", message).json()["status"], "duplicate") << "remembered in the store";
    const auto actions = actions_in_history(id);
    EXPECT_EQ(std::count(actions.begin(), actions.end(), "assigned"), 1);
    EXPECT_EQ(hook("msg_2", {{"type", "order.danced"}, {"data", {{"order", id}}}}).code(), "hook.not_understood");
}

TEST_F(WorkOrders, a_message_sent_many_times_at_once_is_applied_once) {
    begin();
    const std::string id = open_order()["id"];
    const Json message{{"type", "order.assigned"}, {"data", {{"order", id}, {"broker", "Zhao"}}}};
    std::vector<std::string> answers(16);
    std::vector<std::thread> threads;
    threads.reserve(answers.size());
    for (std::string& answer : answers)
        threads.emplace_back([&] { answer = hook("msg_1", message).json().value("status", "none"); });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(std::count(answers.begin(), answers.end(), "applied"), 1);
    EXPECT_EQ(std::count(answers.begin(), answers.end(), "duplicate"), 15);
    const auto actions = actions_in_history(id);
    EXPECT_EQ(std::count(actions.begin(), actions.end(), "assigned"), 1);
}

TEST_F(WorkOrders, a_follow_up_that_nobody_answers_becomes_overdue_for_all_to_see) {
    setup_.follow_up_after = "1s";
    begin();
    const auto stream = stream_of("agent1");
    const std::string id = open_order()["id"];
    const Json overdue = next_of(*stream, "order.overdue");
    ASSERT_TRUE(overdue.is_object());
    EXPECT_EQ(overdue["order"]["id"], id);
    EXPECT_EQ(overdue["order"]["state"], "to_be_called");
    EXPECT_TRUE(in_history(id, "overdue"));
    EXPECT_EQ(ask("GET", "/v1/orders?overdue=true").json()["items"].size(), 1U);
}

TEST_F(WorkOrders, a_follow_up_due_while_the_node_was_down_is_caught_up) {
    setup_.follow_up_after = "1s";
    begin();
    const std::string id = open_order()["id"];
    end();
    std::this_thread::sleep_for(Millis{1'100});
    begin();
    EXPECT_TRUE(eventually([&] { return in_history(id, "overdue"); }));
}

TEST_F(WorkOrders, the_stream_tells_owners_and_leaders_but_no_stranger) {
    begin();
    const auto owner = stream_of("agent1"), leader = stream_of("lead"), stranger = stream_of("agent2");
    const std::string id = open_order("agent1")["id"];
    ask("POST", "/v1/orders/" + id + "/notes", "agent1", {{"text", "x"}});
    for (const auto& stream : {owner.get(), leader.get()}) {
        EXPECT_EQ(next_of(*stream, "order.opened")["order"]["id"], id);
        EXPECT_EQ(next_of(*stream, "order.noted")["order"]["id"], id);
    }
    const std::string own = open_order("agent2", "13700137000")["id"];
    EXPECT_EQ(next_of(*stranger, "order.opened")["order"]["id"], own) << "the first he hears of";
}

// Callers become customers while they are still in the menu; the pop of one of them must know him.
TEST_F(WorkOrders, a_pop_brings_what_is_known_of_the_caller) {
    setup_.callers_per_minute = 60;
    begin();
    const auto stream = stream_of("chief");
    std::map<std::string, std::string> customers;  // by number
    Json known;
    while (known.is_null()) {
        const Json frame = stream->next();
        ASSERT_TRUE(frame.is_object());
        const std::string type = frame["type"];
        if (type == "contact.started" && frame["contact"]["customer_number_e164"].is_string()) {
            const std::string number = frame["contact"]["customer_number_e164"];
            const Reply made = ask("POST", "/v1/customers", "agent1", {{"name", "Wang"}, {"numbers", {number}}});
            if (made.status == 201) customers[number] = made.json()["id"];
        }
        if (type != "offer.details") continue;
        ASSERT_TRUE(frame["details"]["contacts"].is_array()) << frame.dump();
        if (frame["details"]["customer"].is_object()) known = frame;
    }
    const Json customer = known["details"]["customer"];
    EXPECT_EQ(customer["name"], "Wang");
    EXPECT_EQ(customers.at(customer["numbers"][0]), customer["id"]);
    EXPECT_TRUE(known["offer"].is_object());
}

TEST_F(WorkOrders, what_is_kept_of_a_person_can_be_exported_and_erased) {
    setup_.callers_per_minute = 60;
    begin();
    const auto stream = stream_of("chief");
    Json contact;
    do {
        contact = next_of(*stream, "contact.ended")["contact"];
    } while (contact.is_object() && contact["customer_number_e164"].is_null());
    ASSERT_TRUE(contact.is_object());
    const std::string number = contact["customer_number_e164"];
    const Reply made = ask("POST", "/v1/customers", "agent1", {{"name", "Wang"}, {"numbers", {number}}});
    ASSERT_EQ(made.status, 201) << made.body;
    const std::string customer = made.json()["id"], path = "/v1/customers/" + customer;
    const std::string id = open_order("agent1", number)["id"];
    ask("POST", "/v1/orders/" + id + "/notes", "agent1", {{"text", "a secret of Wang"}});
    Json all;
    ASSERT_TRUE(eventually([&] {
        all = ask("GET", path + "/export").json();
        return !all["contacts"].empty();
    }));
    EXPECT_EQ(all["contacts"].back()["id"], contact["id"]);
    EXPECT_EQ(all["customer"]["name"], "Wang");
    ASSERT_EQ(all["orders"].size(), 1U);
    EXPECT_EQ(all["orders"][0]["id"], id);
    EXPECT_EQ(all["orders"][0]["history"][0]["action"], "opened");

    const std::string note = message_of_note(id);
    ASSERT_TRUE(wait_for_state(note, "delivered"));
    EXPECT_EQ(ask("DELETE", path, "chief").code(), "auth.forbidden");
    EXPECT_EQ(ask("DELETE", path).status, 200);
    EXPECT_EQ(ask("GET", path).json()["erased"], true);
    EXPECT_EQ(ask("GET", path).json()["name"], nullptr);
    EXPECT_TRUE(ask("GET", "/v1/customers?phone=" + number.substr(3)).json()["items"].empty());
    EXPECT_EQ(order(id)["customer"], customer) << "the order stays";
    const std::string left =
        ask("GET", path + "/export").body + history(id).dump() + ask("GET", "/v1/admin/outbox/" + note).body;
    EXPECT_EQ(left.find("secret of Wang"), std::string::npos) << left;
    EXPECT_EQ(left.find(number), std::string::npos) << left;
}

}  // namespace
}  // namespace citybridge::test
