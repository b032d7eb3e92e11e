// The durable half of the API: keys, dialling that is committed first, webhooks
// in, the store's troubles, and commands older than the node's memory.
#include "core/api/several_messages.h"
#include "core/gateway/problem.h"
#include "tests/unit/gateway/gateway_fixture.h"

namespace citybridge::test {
namespace {

const std::string kDial = R"({"number":"10086"})";
const std::string kOrder = R"({"kind":"sales_lead","fields":{"lead_kind":"buy"}})";
const std::string kOnce = "Idempotency-Key: 6f1c\r\n";

struct DurableApi : GatewayTest {
    void begin() {
        start();
        admin_ = log_in("admin");
        agent_ = log_in("agent1");
    }
    std::string admin_, agent_;
};

TEST_F(DurableApi, an_answer_of_the_desk_is_passed_on_whole) {
    begin();
    const Reply reply = ask("POST", "/v1/orders", agent_, kOrder);
    EXPECT_EQ(reply.status, 201);
    EXPECT_EQ(reply.body, R"({"id":"ord_1"})");
    EXPECT_EQ(reply.headers.at("location"), "/v1/orders/ord_1");
    ASSERT_EQ(durable_.submitted.size(), 1U);
    EXPECT_EQ(durable_.submitted[0].actor.user, "agent1");
    EXPECT_EQ(durable_.submitted[0].actor.role, "agent");
    EXPECT_EQ(std::get<desk::OpenOrder>(durable_.submitted[0].what).fields, Fields({{"lead_kind", "buy"}}));
}

TEST_F(DurableApi, a_repeated_key_gets_the_first_answer_marked_and_has_no_effect) {
    begin();
    const Reply first = ask("POST", "/v1/orders", agent_, kOrder, kOnce);
    EXPECT_EQ(first.headers.count("idempotency-replayed"), 0U);
    durable_.reply = {201, "/v1/orders/ord_2", R"({"id":"ord_2"})"};
    const Reply again = ask("POST", "/v1/orders", agent_, kOrder, kOnce);
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(again.headers.at("location"), "/v1/orders/ord_1");
    EXPECT_EQ(again.headers.at("idempotency-replayed"), "true");
    EXPECT_EQ(durable_.submitted.size(), 1U);
}

TEST_F(DurableApi, a_key_belongs_to_one_user_and_one_request) {
    begin();
    ASSERT_EQ(ask("POST", "/v1/orders", agent_, kOrder, kOnce).status, 201);
    const Reply other = ask("POST", "/v1/orders", agent_, R"({"kind":"repair"})", kOnce);
    EXPECT_EQ(other.status, 422);
    EXPECT_EQ(other.code(), "idempotency.mismatch");
    EXPECT_EQ(ask("POST", "/v1/orders/ord_1/cancel", agent_, "{}", kOnce).code(), "idempotency.mismatch");
    EXPECT_EQ(ask("POST", "/v1/orders", admin_, kOrder, kOnce).headers.count("idempotency-replayed"), 0U);
    EXPECT_EQ(ask("POST", "/v1/orders", agent_, kOrder, "Idempotency-Key: a b\r\n").code(), "idempotency.bad_key");
}

TEST_F(DurableApi, every_durable_post_takes_a_key) {
    begin();
    for (const auto& [method, target, body] : std::vector<std::tuple<std::string, std::string, std::string>>{
             {"POST", "/v1/orders", kOrder},
             {"POST", "/v1/orders/ord_1/notes", R"({"text":"called"})"},
             {"POST", "/v1/orders/ord_1/cancel", "{}"},
             {"POST", "/v1/customers", "{}"},
             {"PATCH", "/v1/customers/cus_1", "{}"},
             {"POST", "/v1/calls", kDial}}) {
        const std::string key =
            "Idempotency-Key: " + std::to_string(std::hash<std::string>{}(method + target)) + "\r\n";
        EXPECT_LT(ask(method, target, agent_, body, key).status, 300) << target;
        EXPECT_EQ(ask(method, target, agent_, body, key).headers.count("idempotency-replayed"), 1U) << target;
    }
}

TEST_F(DurableApi, a_dial_is_committed_before_the_phone_rings) {
    begin();
    std::size_t rang_before = 1;
    durable_.on_record = [&] { rang_before = live_.dials.size(); };
    const Reply reply = ask("POST", "/v1/calls", agent_, kDial);
    ASSERT_EQ(reply.status, 202);
    EXPECT_EQ(rang_before, 0U);
    EXPECT_EQ(live_.dials.size(), 1U);
    ASSERT_EQ(durable_.recorded.size(), 1U);
    const CommandRecord& row = durable_.recorded[0].commands.at(0);
    EXPECT_EQ(row.id, reply.json()["command_id"]);
    EXPECT_EQ(row.state, "accepted");
    EXPECT_EQ(row.user, "agent1");
    EXPECT_EQ(row.kind, "dial");
}

TEST_F(DurableApi, nobody_is_dialled_when_the_store_refuses) {
    begin();
    for (const char* code : {"store.full", "store.locked", "store.unavailable", "node.busy"}) {
        durable_.refuse = {code, "Because."};
        const Reply reply = ask("POST", "/v1/calls", agent_, kDial);
        EXPECT_EQ(reply.status, 503) << code;
        EXPECT_EQ(reply.code(), code);
    }
    EXPECT_TRUE(live_.dials.empty());
}

TEST_F(DurableApi, a_dial_of_unknown_outcome_is_not_dialled_and_says_so_for_ever) {
    begin();
    durable_.refuse = {"store.outcome_unknown", "no answer in time"};
    EXPECT_EQ(ask("POST", "/v1/calls", agent_, kDial, kOnce).status, 504);
    EXPECT_TRUE(live_.dials.empty());
    ASSERT_EQ(durable_.noted.size(), 1U);
    EXPECT_EQ(durable_.noted[0].commands.at(0).state, "failed");
    EXPECT_EQ(durable_.noted[0].commands.at(0).reason, "store.outcome_unknown");
}

TEST_F(DurableApi, a_key_repeated_after_a_restart_names_the_same_command_and_dials_nobody) {
    begin();
    const Reply first = ask("POST", "/v1/calls", agent_, kDial, kOnce);
    gateway_->stop();
    begin();
    const Reply again = ask("POST", "/v1/calls", agent_, kDial, kOnce);
    EXPECT_EQ(again.status, 202);
    EXPECT_EQ(again.json()["command_id"], first.json()["command_id"]);
    EXPECT_EQ(again.headers.at("location"), first.headers.at("location"));
    EXPECT_EQ(live_.dials.size(), 1U);
}

TEST_F(DurableApi, a_committed_dial_that_could_not_be_handed_over_ends_as_failed) {
    begin();
    live_.refuse_dial = {"pbx.link_down", "The PBX went away."};
    const Reply reply = ask("POST", "/v1/calls", agent_, kDial);
    ASSERT_EQ(reply.status, 202);
    const auto command = ask("GET", reply.headers.at("location"), agent_).json();
    EXPECT_EQ(command["state"], "failed");
    EXPECT_EQ(command["reason"], "pbx.link_down");
}

TEST_F(DurableApi, a_full_disk_never_takes_the_hang_up_button_away) {
    begin();
    live_.publish_contact(make_contact("c1", "SIP/1001"));
    durable_.refuse = {"store.full", "the disk is full"};
    EXPECT_EQ(ask("POST", "/v1/contacts/c1/hangup", agent_).status, 202);
    EXPECT_EQ(ask("PUT", "/v1/agents/SIP%2F1001/state", agent_, R"({"state":"ready"})").status, 202);
    EXPECT_EQ(live_.hangups.size(), 1U);
    EXPECT_EQ(live_.states.size(), 1U);
    EXPECT_EQ(durable_.noted.size(), 2U) << "both are facts to be written when the store is back";
}

TEST_F(DurableApi, a_command_older_than_the_memory_is_found_in_the_store) {
    begin();
    CommandRecord row;
    row.id = "old";
    row.user = "agent1";
    row.state = "unknown";
    row.reason = "node_restarted";
    durable_.readers_.command_row = row;
    EXPECT_EQ(ask("GET", "/v1/commands/old", agent_).json(),
              nlohmann::json(
                  {{"command_id", "old"}, {"state", "unknown"}, {"reason", "node_restarted"}, {"contact", nullptr}}));
    EXPECT_EQ(ask("GET", "/v1/commands/old", admin_).status, 200);
    EXPECT_EQ(ask("GET", "/v1/commands/old", log_in("agent2")).code(), "command.unknown") << "somebody else's";
    durable_.readers_.fault = {"store.locked", "another process holds it"};
    EXPECT_EQ(ask("GET", "/v1/commands/old", agent_).code(), "store.locked");
}

TEST_F(DurableApi, troubles_of_the_store_have_their_own_answers) {
    begin();
    for (const auto& [code, status] : std::vector<std::pair<std::string, int>>{{"store.unavailable", 503},
                                                                               {"store.full", 503},
                                                                               {"store.locked", 503},
                                                                               {"store.busy", 503},
                                                                               {"store.failed", 503},
                                                                               {"node.busy", 503},
                                                                               {"store.outcome_unknown", 504},
                                                                               {"store.rejected", 422},
                                                                               {"plugin.exception", 500}}) {
        durable_.refuse = durable_.readers_.fault = {code, "Because."};
        for (const Reply& reply :
             {ask("POST", "/v1/orders", agent_, kOrder), ask("GET", "/v1/orders", admin_),
              ask("GET", "/v1/customers?phone=1", admin_), ask("POST", "/v1/admin/outbox/x/cancel", admin_),
              ask("GET", "/v1/admin/destinations", admin_), ask("GET", "/v1/admin/dead-letters", admin_)}) {
            EXPECT_EQ(reply.status, status) << code;
            EXPECT_EQ(reply.code(), code);
            EXPECT_EQ(reply.headers.count("retry-after"), status == 503 ? 1U : 0U) << code;
        }
    }
}

TEST_F(DurableApi, an_agent_asks_for_his_own_orders_only) {
    begin();
    EXPECT_EQ(ask("GET", "/v1/orders?owner=agent2", agent_).code(), "auth.forbidden");
    EXPECT_EQ(ask("GET", "/v1/orders?owner=agent1", agent_).status, 200);
    EXPECT_EQ(ask("POST", "/v1/orders", agent_, R"({"kind":"sales_lead","owner":"agent2"})").code(), "auth.forbidden");
    OrderRecord foreign;
    foreign.id = "ord_9";
    foreign.owner = "agent2";
    durable_.readers_.order_row = foreign;
    EXPECT_EQ(ask("GET", "/v1/orders/ord_9", agent_).code(), "order.unknown");
    EXPECT_EQ(ask("GET", "/v1/orders/ord_9/history", agent_).code(), "order.unknown");
    EXPECT_EQ(ask("GET", "/v1/orders/ord_9", log_in("agent2")).status, 200);
}

TEST_F(DurableApi, acts_on_messages_name_the_person) {
    begin();
    EXPECT_EQ(ask("POST", "/v1/admin/outbox/m1/replay?out_of_turn=true", admin_).status, 200);
    EXPECT_EQ(ask("POST", "/v1/admin/outbox/m1/replay", admin_).status, 200);
    EXPECT_EQ(ask("POST", "/v1/admin/outbox/m1/cancel", admin_).status, 200);
    ASSERT_EQ(durable_.acts.size(), 3U);
    EXPECT_EQ(durable_.acts[0].what, OutboxAct::What::replay_out_of_turn);
    EXPECT_EQ(durable_.acts[1].what, OutboxAct::What::replay);
    EXPECT_EQ(durable_.acts[2].what, OutboxAct::What::cancel);
    for (const OutboxAct& act : durable_.acts) EXPECT_EQ(act.user, "admin");
    EXPECT_EQ(ask("PUT", "/v1/admin/destinations/erp/state", admin_, R"({"state":"disabled"})").status, 204);
    EXPECT_TRUE(durable_.disabled_.at("erp"));
}

TEST_F(DurableApi, a_range_of_dead_letters_is_asked_for_as_given) {
    begin();
    OutboxRecord row;
    row.id = "m7";
    row.seq = 7;
    durable_.readers_.outbox_row = row;
    const auto replay = [&](const std::string& range) {
        return ask("POST", "/v1/admin/dead-letters/replay", admin_, R"({"destination":"erp")" + range + "}").json();
    };
    EXPECT_EQ(replay(R"(,"from_seq":7,"to_seq":9)")["replayed"], 1);
    EXPECT_EQ(durable_.readers_.asked_outbox.before_seq, 10);
    EXPECT_EQ(durable_.readers_.asked_outbox.state, "dead");
    EXPECT_EQ(replay(R"(,"from_seq":8)")["replayed"], 0);
    EXPECT_EQ(replay(R"(,"state":"possibly_done")")["replayed"], 1);
    EXPECT_EQ(durable_.readers_.asked_outbox.state, "possibly_done") << "only when it was asked for";
}

struct FakeInbound final : InboundConnector {
    Result<InboundMessage> accept(const HeaderList&, std::string_view body, WallTime now) const override {
        if (!fault.code.empty()) return fault;
        InboundMessage message;
        message.source = "erp";
        message.id = "msg_1";
        message.sent_at = now;
        message.type = "order.contacted";
        message.data = {{"body", body}};
        if (several == 1) return message;
        std::vector<InboundMessage> all;
        for (int i = 1; i <= several; ++i) {
            all.push_back(message);
            all.back().id = "msg_" + std::to_string(i);
        }
        return pack_messages(std::move(all));
    }
    Error fault;
    int several = 1;
};

TEST_F(DurableApi, a_webhook_is_let_in_by_its_connector_alone) {
    FakeInbound inbound;
    hooks_.inbound = [&](std::string_view name) { return name == "erp" ? &inbound : nullptr; };
    begin();
    const std::string body = "{\"a\": 1 }\n";
    const std::string length = "Content-Length: " + std::to_string(body.size()) + "\r\n";
    const auto post = [&](const std::string& name) {
        Client client(port());
        client.send("POST /v1/hooks/" + name + " HTTP/1.1\r\nHost: test\r\n" + length + "\r\n" + body);
        return client.reply();
    };
    durable_.reply = {200, "", R"({"status":"applied","order":null})"};
    EXPECT_EQ(post("erp").json()["status"], "applied") << "no log-in, no content type asked for";
    ASSERT_EQ(durable_.submitted.size(), 1U);
    EXPECT_EQ(durable_.submitted[0].actor.user, "erp:erp");
    EXPECT_EQ(durable_.submitted[0].actor.role, "erp");
    EXPECT_EQ(std::get<desk::TakeInbound>(durable_.submitted[0].what).message.data["body"], body)
        << "signed bytes are judged as they came";
    EXPECT_EQ(post("nobody").code(), "hook.unknown");
    for (const auto& [code, status] : std::vector<std::pair<std::string, int>>{
             {"hook.bad_signature", 401}, {"hook.too_old", 400}, {"hook.bad_message", 400}}) {
        inbound.fault = {code, "Because."};
        EXPECT_EQ(post("erp").status, status);
        EXPECT_EQ(post("erp").code(), code);
    }
    EXPECT_EQ(durable_.submitted.size(), 1U);
    inbound.fault = {};
    durable_.refuse = {"store.full", "the disk is full"};
    EXPECT_EQ(post("erp").status, 503) << "the sender must try again";
}

// A list of delivery reports: each by itself, and no success before all are there or refused for good.
TEST_F(DurableApi, a_webhook_with_several_messages_is_answered_when_all_are_taken) {
    FakeInbound inbound;
    inbound.several = 3;
    hooks_.inbound = [&](std::string_view name) { return name == "erp" ? &inbound : nullptr; };
    begin();
    durable_.reply = {200, "", R"({"status":"applied"})"};
    const auto post = [&] { return ask("POST", "/v1/hooks/erp", {}, "[]"); };
    Reply reply = post();
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.json()["taken"], 3);
    ASSERT_EQ(durable_.submitted.size(), 3U);
    for (int i = 0; i < 3; ++i) {
        const auto& message = std::get<desk::TakeInbound>(durable_.submitted[static_cast<std::size_t>(i)].what).message;
        EXPECT_EQ(message.id, "msg_" + std::to_string(i + 1));
        EXPECT_EQ(durable_.submitted[static_cast<std::size_t>(i)].actor.user, "erp:erp");
    }
    durable_.refuse_of["msg_2"] = {"hook.not_understood", "of nothing"};
    reply = post();
    EXPECT_EQ(reply.status, 200) << "to offer that one again would change nothing";
    EXPECT_EQ(reply.json()["taken"], 2);
    EXPECT_EQ(reply.json()["refused"], 1);
    durable_.refuse_of["msg_3"] = {"hook.not_yet", "in a moment"};
    EXPECT_EQ(post().status, 503) << "all of them come again";
    durable_.refuse_of = {{"msg_1", {"hook.not_understood", "of nothing"}},
                          {"msg_2", {"hook.not_understood", "of nothing"}},
                          {"msg_3", {"hook.too_old", "long ago"}}};
    EXPECT_EQ(post().code(), "hook.not_understood");
}

}  // namespace
}  // namespace citybridge::test
