// A caller is verified: from the request to the code on his telephone, read out, checked, and what the order tells of
// it.
#include <algorithm>

#include "tests/unit/node/verification_fixture.h"

namespace citybridge::test {
namespace {

struct Verification : VerifyingNode {};

TEST_F(Verification, from_request_to_answer_with_its_order) {
    begin();
    auto stream = stream_of("chief");
    const Json order = open_change("13800138000");
    const std::string order_id = order["id"];
    EXPECT_EQ(ask("POST", "/v1/orders/" + order_id + "/change", "agent1", Json::object()).code(),
              "order.action_not_possible");

    const Reply begun = start({}, order_id);
    ASSERT_EQ(begun.status, 201) << begun.body;
    EXPECT_EQ(begun.json()["answer"], "sent");
    EXPECT_EQ(begun.json()["number"], "+86138****8000");
    EXPECT_EQ(begun.json()["state"], "pending");
    const std::string id = id_of(begun);
    EXPECT_EQ(this->order(order_id)["state"], "code_sent");
    EXPECT_EQ(next_of(*stream, "verification.sent")["verification"]["id"], id);

    const std::string code = code_of(id);
    const Json message = messages(id).front();
    EXPECT_EQ(message["to"], "+8613800138000");
    EXPECT_EQ(message["channel"], "sms");
    EXPECT_EQ(message["order"], order_id);
    EXPECT_EQ(message["text"].get<std::string>().rfind("【安居客服】您的验证码是" + code + "，10分钟内有效", 0), 0U)
        << message["text"];
    ASSERT_TRUE(wait_for_state(id + ".1.sms", "delivered"));

    ASSERT_EQ(report("dlr-1", {{"message", id + ".1.sms"}, {"state", "delivered"}}).status, 200);
    EXPECT_EQ(ask("GET", "/v1/verifications/" + id, "agent1").json()["delivery"], "delivered");
    EXPECT_EQ(report("dlr-1", {{"message", id + ".1.sms"}, {"state", "delivered"}}).json()["status"], "duplicate");

    const Reply wrong = check(id, other_than(code));
    EXPECT_EQ(wrong.status, 200);
    EXPECT_EQ(wrong.json()["answer"], "not_passed");
    EXPECT_EQ(wrong.json()["next"], "check_again");
    const Reply right = check(id, code.substr(0, 3) + " " + code.substr(3));
    EXPECT_EQ(right.json()["answer"], "passed") << right.body;
    EXPECT_EQ(this->order(order_id)["state"], "verified");
    EXPECT_EQ(ask("POST", "/v1/orders/" + order_id + "/change", "agent1", Json::object()).status, 200);

    const auto told = actions(order_id);
    for (const char* one :
         {"verification_sent", "delivered", "sms_delivered", "verification_wrong", "verification_passed"})
        EXPECT_EQ(std::count(told.begin(), told.end(), one), 1) << one;
}

TEST_F(Verification, a_second_message_carries_the_same_code_and_a_third_is_refused) {
    begin();
    const std::string id = id_of(start(make_customer("13800138001")));
    const std::string code = code_of(id);
    EXPECT_EQ(step(id, "resend").json()["answer"], "sent");
    EXPECT_EQ(code_of(id, 2), code);
    EXPECT_EQ(step(id, "resend").code(), "verification.exhausted");
    EXPECT_EQ(check(id, code).json()["answer"], "passed");
}

TEST_F(Verification, a_restart_keeps_the_code_and_the_budget) {
    begin();
    const std::string customer = make_customer("13800138002");
    const std::string id = id_of(start(customer));
    const std::string code = code_of(id);
    for (int i = 0; i < 4; ++i) EXPECT_EQ(check(id, other_than(code)).status, 200);
    restart();
    EXPECT_EQ(step(id, "resend").json()["answer"], "sent");
    EXPECT_EQ(code_of(id, 2), code);
    EXPECT_EQ(check(id, other_than(code)).json()["next"], "go_to_a_shop");
    EXPECT_EQ(start(customer).code(), "verification.exhausted");
}

TEST_F(Verification, goes_to_the_mobile_on_file_and_to_no_number_of_the_request) {
    begin();
    EXPECT_EQ(ask("POST", "/v1/verifications", "agent1",
                  {{"customer", make_customer("13800138003")}, {"purpose", "data_change"}, {"number", "13900139000"}})
                  .code(),
              "request.unknown_field");
    const Reply made = ask("POST", "/v1/customers", "agent1",
                           {{"name", "李先生"},
                            {"numbers", {"01087654321", "13800138004", "13800138005"}},
                            {"preferred_number", "13800138005"}});
    const std::string id = id_of(start(id_of(made)));
    (void)code_of(id);
    EXPECT_EQ(messages(id).front()["to"], "+8613800138005");
    const std::string desk = id_of(ask("POST", "/v1/customers", "agent1", {{"numbers", {"01087654322"}}}));
    EXPECT_EQ(start(desk).code(), "verification.no_number");
}

// Whoever talks an agent into adding his number to somebody's file gains nothing by it.
TEST_F(Verification, a_number_added_to_a_known_customer_gets_no_code_and_his_older_one_does) {
    begin();
    const std::string customer = make_customer("13800138006");
    ASSERT_EQ(ask("PATCH", "/v1/customers/" + customer, "agent1",
                  {{"numbers", {"13900139001", "13800138006"}}, {"preferred_number", "13900139001"}})
                  .status,
              200);
    const std::string id = id_of(start(customer));
    (void)code_of(id);
    EXPECT_EQ(messages(id).front()["to"], "+8613800138006");
    ASSERT_EQ(ask("PATCH", "/v1/customers/" + customer, "agent1", {{"numbers", {"13900139001"}}}).status, 200);
    EXPECT_EQ(start(customer).code(), "verification.number_too_new");
}

TEST_F(Verification, an_undelivered_code_can_be_sent_again) {
    begin();
    const Json order = open_change("13800138007");
    const std::string id = id_of(start({}, order["id"]));
    (void)code_of(id);
    ASSERT_TRUE(wait_for_state(id + ".1.sms", "delivered"));
    ASSERT_EQ(report("dlr-2", {{"message", id + ".1.sms"}, {"state", "undelivered"}, {"code", "027"}}).status, 200);
    const Json now = ask("GET", "/v1/verifications/" + id, "agent1").json();
    EXPECT_EQ(now["delivery"], "undelivered");
    EXPECT_EQ(now["next"], "resend_possible");
    const auto told = actions(order["id"]);
    EXPECT_EQ(std::count(told.begin(), told.end(), "sms_undelivered"), 1);
    // The gateway tells it again under another number: no second fact.
    ASSERT_EQ(report("dlr-2b", {{"message", id + ".1.sms"}, {"state", "undelivered"}, {"code", "027"}}).status, 200);
    EXPECT_EQ(actions(order["id"]), told);
    EXPECT_EQ(ask("GET", "/v1/verifications/" + id, "agent1").json()["updated_at"], now["updated_at"]);
    EXPECT_EQ(step(id, "resend").json()["answer"], "sent");
}

TEST_F(Verification, what_the_agent_is_offered_after_the_last_message_is_possible) {
    set_up("<send_gap_seconds>0</send_gap_seconds><sends_per_day>4</sends_per_day>", "");
    begin();
    const std::string customer = make_customer("13800138017");
    const auto look = [&](const std::string& id) { return ask("GET", "/v1/verifications/" + id, "agent1").json(); };
    // Both messages of a verification, and what is said of each.
    const auto send_twice = [&](const std::string& first, const std::string& second) {
        const std::string id = id_of(start(customer));
        EXPECT_TRUE(wait_for_state(id + ".1.sms", "delivered"));
        EXPECT_EQ(step(id, "resend").status, 200);
        EXPECT_TRUE(wait_for_state(id + ".2.sms", "delivered"));
        EXPECT_EQ(report("b" + id, {{"message", id + ".2.sms"}, {"state", second}}).status, 200);
        EXPECT_EQ(report("a" + id, {{"message", id + ".1.sms"}, {"state", first}}).status, 200);
        return id;
    };
    const std::string once = send_twice("undelivered", "undelivered");
    EXPECT_EQ(look(once)["next"], "start_again");
    EXPECT_EQ(step(once, "resend").code(), "verification.exhausted") << "so it must not be offered";
    // The number's budget of the day ends with the second.
    const std::string twice = send_twice("undelivered", "undelivered");
    EXPECT_EQ(look(twice)["next"], "go_to_a_shop");
    EXPECT_EQ(start(customer).code(), "verification.exhausted");
    EXPECT_EQ(step(twice, "unlock", {{"reason", "he is on the line"}}, "chief").status, 200);
    EXPECT_EQ(look(twice)["next"], "start_again");
    const std::string late = send_twice("undelivered", "delivered");
    EXPECT_EQ(look(late)["delivery"], "delivered") << "what is heard of the first message late changes nothing";
    EXPECT_EQ(look(late)["next"], "ask_for_code");
    EXPECT_EQ(check(late, other_than(code_of(late, 2))).json()["next"], "check_again") << "no other is needed";
}

// A gateway that cannot tell a repetition: nobody knows whether the first went, and the second carries the same code.
TEST_F(Verification, what_may_have_been_sent_twice_is_called_so) {
    set_up("<send_gap_seconds>0</send_gap_seconds>", "<repeats>neither</repeats>");
    int asked = 0;
    erp_.answer_by([&](const ReceivedRequest& request) {
        HostileAnswer out;
        if (request.target == "/sms" && ++asked == 1) out.kind = HostileAnswer::Kind::close_before;
        return out;
    });
    begin();
    const Json order = open_change("13800138008");
    const std::string id = id_of(start({}, order["id"]));
    const std::string code = code_of(id);
    ASSERT_TRUE(wait_for_state(id + ".1.sms", "possibly_done"));
    EXPECT_EQ(ask("GET", "/v1/verifications/" + id, "agent1").json()["delivery"], "unclear");
    EXPECT_EQ(step(id, "resend").json()["answer"], "sent");
    EXPECT_EQ(code_of(id, 2), code);
    ASSERT_TRUE(wait_for_state(id + ".2.sms", "delivered")) << "the stuck message holds no other back";
    const auto told = actions(order["id"]);
    EXPECT_EQ(std::count(told.begin(), told.end(), "possibly_repeated"), 1);
}

TEST_F(Verification, a_report_of_a_message_another_connector_carried_is_not_understood) {
    begin();
    const std::string id = id_of(start(make_customer("13800138009")));
    (void)code_of(id);
    const Json told{{"type", "sms.report"},
                    {"timestamp", to_rfc3339(system_now().wall)},
                    {"data", {{"message", id + ".1.sms"}, {"state", "undelivered"}}}};
    EXPECT_EQ(hook("dlr-3", told, "erp_hooks").code(), "hook.not_yet");
    EXPECT_NE(ask("GET", "/v1/verifications/" + id, "agent1").json()["delivery"], "undelivered");
}

}  // namespace
}  // namespace citybridge::test
