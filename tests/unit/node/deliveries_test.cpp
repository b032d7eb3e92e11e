// Deliveries of a whole node that do not go well, and what a person does then.
#include "tests/unit/node/whole_node.h"

namespace citybridge::test {
namespace {

using Json = nlohmann::json;

struct Deliveries : WholeNode {
    void note(const std::string& id, const std::string& text) {
        EXPECT_EQ(ask("POST", "/v1/orders/" + id + "/notes", "agent1", {{"text", text}}).status, 200);
    }
    Json destination(const std::string& name) {
        const Json list = ask("GET", "/v1/admin/destinations").json();
        for (const Json& each : list["items"])
            if (each["name"] == name) return each;
        return nullptr;
    }
    // How its order's history says a message ended.
    std::vector<std::string> ends_of(const std::string& message, const std::string& order) {
        std::vector<std::string> out;
        for (const Json& entry : history(order))
            if (entry["detail"].value("message", "") == message) out.push_back(entry["detail"].value("state", ""));
        return out;
    }
    std::string state_of(const std::string& message) {
        return ask("GET", "/v1/admin/outbox/" + message).json().value("state", "");
    }
};

TEST_F(Deliveries, a_refused_message_parks_its_order_until_it_is_replayed) {
    erp_.answer_with({.status = 400, .body = "no such field"});
    begin();
    const std::string id = open_order()["id"];
    ASSERT_TRUE(wait_for_state(id + ".1.erp", "dead"));
    note(id, "second");
    const Json dead = ask("GET", "/v1/admin/dead-letters", "chief").json()["items"];
    ASSERT_EQ(dead.size(), 1U);
    EXPECT_EQ(dead[0]["id"], id + ".1.erp");
    EXPECT_EQ(dead[0]["key"], id);
    EXPECT_NE(dead[0]["last_detail"].get<std::string>().find("no such field"), std::string::npos);
    EXPECT_EQ(ask("GET", "/v1/admin/outbox?order=" + id, "chief").json()["items"].size(), 2U);
    EXPECT_EQ(ask("GET", "/v1/admin/outbox/" + id + ".1.erp").json()["payload"]["action"], "open_order");

    erp_.answer_with({.body = R"({"id":"SL-1"})"});
    const std::string other = open_order("agent1", "13700137000")["id"];
    ASSERT_TRUE(wait_for_state(other + ".1.erp", "delivered")) << "other keys pass";
    EXPECT_EQ(destination("erp")["parked_keys"], 1);
    EXPECT_EQ(erp_requests("/erp/orders/SL-1/notes"), 0U);
    EXPECT_EQ(ask("POST", "/v1/admin/outbox/" + id + ".1.erp/replay", "chief").json()["replayed"], 1);
    ASSERT_TRUE(wait_for_state(id + ".1.erp", "delivered"));
    ASSERT_TRUE(eventually([&] { return erp_requests("/erp/orders/SL-1/notes") == 1; })) << "its key goes on";
    EXPECT_TRUE(ask("GET", "/v1/admin/dead-letters").json()["items"].empty());
    EXPECT_EQ(ask("POST", "/v1/admin/outbox/" + id + ".1.erp/replay").code(), "relay.not_replayable");
    EXPECT_EQ(ask("POST", "/v1/admin/outbox/nothing/replay").code(), "outbox.unknown");
}

TEST_F(Deliveries, a_range_of_dead_letters_is_replayed_in_order) {
    erp_.answer_with({.status = 400});
    begin();
    std::vector<std::string> ids;
    for (const char* phone : {"13700137001", "13700137002", "13700137003"})
        ids.push_back(open_order("agent1", phone)["id"]);
    for (const std::string& id : ids) ASSERT_TRUE(wait_for_state(id + ".1.erp", "dead"));
    restart();
    erp_.answer_with({.body = R"({"id":"SL-1"})"});
    EXPECT_EQ(destination("erp")["parked_keys"], 3) << "known after the restart";
    EXPECT_EQ(ask("POST", "/v1/admin/dead-letters/replay", "admin", {{"destination", "erp"}}).json()["replayed"], 3);
    for (const std::string& id : ids) EXPECT_TRUE(wait_for_state(id + ".1.erp", "delivered"));
}

TEST_F(Deliveries, a_cancelled_message_lets_its_order_go_on) {
    erp_.answer_by([](const ReceivedRequest& request) {
        const bool open = request.body.find("open_order") != std::string::npos;
        return HostileAnswer{.status = open ? 400 : 200};
    });
    begin();
    const std::string id = open_order()["id"];
    ASSERT_TRUE(wait_for_state(id + ".1.erp", "dead"));
    EXPECT_EQ(hook("m1", {{"type", "order.noted"},
                          {"data", {{"order", id}, {"external_id", "SL-9"}, {"note", "entered by hand"}}}})
                  .status,
              200);
    note(id, "second");
    EXPECT_EQ(ask("POST", "/v1/admin/outbox/" + id + ".1.erp/cancel", "chief").status, 200);
    EXPECT_EQ(state_of(id + ".1.erp"), "cancelled");
    EXPECT_EQ(ends_of(id + ".1.erp", id), (std::vector<std::string>{"dead", "cancelled"})) << "the order is told";
    EXPECT_TRUE(eventually([&] { return erp_requests("/erp/orders/SL-9/notes") == 1; }));
    EXPECT_EQ(ask("POST", "/v1/admin/outbox/" + id + ".1.erp/cancel").code(), "relay.not_cancellable");
}

TEST_F(Deliveries, a_destination_that_wants_nothing_more_is_disabled_until_a_person_enables_it) {
    erp_.answer_with({.status = 410});
    begin();
    const std::string id = open_order()["id"];
    ASSERT_TRUE(eventually([&] { return destination("erp")["disabled"] == true; }));
    restart();
    EXPECT_EQ(destination("erp")["disabled"], true) << "kept in the store";
    const std::size_t before = erp_.requests().size();
    const std::string other = open_order("agent1", "13700137000")["id"];
    EXPECT_EQ(state_of(other + ".1.erp"), "pending");
    EXPECT_EQ(erp_.requests().size(), before);
    erp_.answer_with({.body = R"({"id":"SL-1"})"});
    EXPECT_EQ(ask("PUT", "/v1/admin/destinations/erp/state", "chief", {{"state", "enabled"}}).status, 204);
    EXPECT_TRUE(wait_for_state(other + ".1.erp", "delivered"));
    EXPECT_EQ(destination("erp")["disabled"], false);
    EXPECT_EQ(ask("PUT", "/v1/admin/destinations/nobody/state", "admin", {{"state", "enabled"}}).code(),
              "destination.unknown");
    if (state_of(id + ".1.erp") != "delivered") {
        EXPECT_EQ(ask("POST", "/v1/admin/outbox/" + id + ".1.erp/replay").status, 200);
        EXPECT_TRUE(wait_for_state(id + ".1.erp", "delivered"));
    }
}

TEST_F(Deliveries, a_person_switches_a_destination_off_and_on) {
    begin();
    ASSERT_EQ(ask("PUT", "/v1/admin/destinations/erp/state", "admin", {{"state", "disabled"}}).status, 204);
    const std::string id = open_order()["id"];
    EXPECT_EQ(state_of(id + ".1.erp"), "pending");
    ASSERT_EQ(ask("PUT", "/v1/admin/destinations/erp/state", "admin", {{"state", "enabled"}}).status, 204);
    EXPECT_TRUE(wait_for_state(id + ".1.erp", "delivered"));
}

TEST_F(Deliveries, an_unclear_answer_is_repeated_with_the_same_key_and_told_once) {
    int times = 0;
    erp_.answer_by([&](const ReceivedRequest&) {
        return HostileAnswer{.kind = times++ == 0 ? HostileAnswer::Kind::close_before : HostileAnswer::Kind::whole};
    });
    begin();
    const std::string id = open_order()["id"];
    ASSERT_TRUE(wait_for_state(id + ".1.erp", "delivered"));
    ASSERT_TRUE(erp_.wait_for_requests(2));
    for (const ReceivedRequest& request : erp_.requests()) EXPECT_EQ(request.header("idempotency-key"), id + ".1.erp");
    std::size_t told = 0;
    for (const Json& entry : history(id)) told += entry["action"] == "delivered";
    EXPECT_EQ(told, 1U);
}

TEST_F(Deliveries, messages_without_a_connector_wait_for_one_or_for_a_person_to_give_them_up) {
    setup_.with_erp = false;
    begin();
    const std::string waits = open_order()["id"], other = open_order("agent1", "13700137000")["id"];
    EXPECT_EQ(state_of(waits + ".1.erp"), "pending");
    EXPECT_EQ(ask("POST", "/v1/admin/outbox/" + other + ".1.erp/replay").code(), "destination.unknown");
    EXPECT_EQ(ask("POST", "/v1/admin/outbox/" + other + ".1.erp/cancel").status, 200);
    EXPECT_EQ(state_of(other + ".1.erp"), "cancelled");
    EXPECT_EQ(ask("POST", "/v1/admin/outbox/" + other + ".1.erp/cancel").code(), "relay.not_cancellable");
    setup_.with_erp = true;
    restart();
    EXPECT_TRUE(wait_for_state(waits + ".1.erp", "delivered"));
    EXPECT_EQ(erp_.requests().size(), 1U);
}

TEST_F(Deliveries, a_subscriber_hears_of_orders_and_ended_calls) {
    HostileHttpServer listener;
    setup_.callers_per_minute = 60;
    setup_.more_plugins = "<plugin library=\"webhook\" name=\"desk\"><url>" + listener.url("/events") +
                          "</url><secret>${file:hooks.secret}</secret>"
                          "<events>order.opened, contact.ended</events></plugin>";
    begin();
    const std::string id = open_order()["id"];
    std::map<std::string, Json> heard;  // by type
    ASSERT_TRUE(eventually([&] {
        for (const ReceivedRequest& request : listener.requests()) {
            const Json event = Json::parse(request.body);
            EXPECT_FALSE(request.header("webhook-signature").empty());
            heard[event["type"]] = event["data"];
        }
        return heard.contains("order.opened") && heard.contains("contact.ended");
    }));
    EXPECT_EQ(heard.size(), 2U) << "nothing it did not ask for";
    EXPECT_EQ(heard["order.opened"]["id"], id) << heard["order.opened"].dump();
    EXPECT_EQ(heard["contact.ended"]["contact"]["state"], "ended");
    for (const Json& entry : history(id)) EXPECT_NE(entry["detail"].value("destination", ""), "desk");
}

TEST_F(Deliveries, what_was_not_delivered_when_the_node_stopped_is_delivered_by_the_next) {
    setup_.retry_schedule = "100ms, 100ms, 100ms, 100ms, 100ms, 100ms, 100ms, 1h";
    erp_.answer_with({.status = 503});
    begin();
    const std::string id = open_order()["id"];
    ASSERT_TRUE(erp_.wait_for_requests(1));
    end();
    erp_.answer_with({.body = R"({"id":"SL-1"})"});
    begin();
    EXPECT_TRUE(wait_for_state(id + ".1.erp", "delivered"));
}

}  // namespace
}  // namespace citybridge::test
