// Whom nobody writes to, and what people see of a message before it is sent.
#include "tests/unit/node/verification_fixture.h"

namespace citybridge::test {
namespace {

struct Messages : VerifyingNode {};

TEST_F(Messages, addresses_come_onto_the_blacklist_and_off_it) {
    begin();
    const Json block{{"address", "13800138200"}, {"channel", "sms"}, {"reason", "asked for it"}};
    for (const char* user : {"agent1", "lead"})
        EXPECT_EQ(ask("POST", "/v1/admin/blocked", user, block).status, 403) << user;
    const Reply set = ask("POST", "/v1/admin/blocked", "chief", block);
    ASSERT_EQ(set.status, 200) << set.body;
    EXPECT_EQ(set.json()["address"], "+8613800138200");
    EXPECT_EQ(ask("POST", "/v1/admin/blocked", "chief",
                  {{"address", "A@Example.com"}, {"channel", "email"}, {"reason", "bounces"}})
                  .json()["address"],
              "a@example.com");
    const Json page = ask("GET", "/v1/admin/blocked?limit=1", "chief").json();
    ASSERT_EQ(page["items"].size(), 1U);
    EXPECT_EQ(page["items"][0]["address"], "+8613800138200");
    const Json rest = ask("GET", "/v1/admin/blocked?cursor=" + page["next_cursor"].get<std::string>(), "chief").json();
    ASSERT_EQ(rest["items"].size(), 1U);
    EXPECT_EQ(rest["items"][0]["address"], "a@example.com");
    Json again = block;
    again["blocked"] = false;
    EXPECT_EQ(ask("POST", "/v1/admin/blocked", "chief", again).status, 200);
    EXPECT_EQ(ask("GET", "/v1/admin/blocked?channel=sms", "chief").json()["items"].size(), 0U);
}

TEST_F(Messages, a_blocked_customer_still_gets_the_code_he_asks_for) {
    begin();
    const std::string customer = make_customer("13800138201");
    ASSERT_EQ(ask("PATCH", "/v1/customers/" + customer, "agent1", {{"preference", "no_messages"}}).status, 200);
    ASSERT_EQ(ask("POST", "/v1/admin/blocked", "chief",
                  {{"address", "13800138201"}, {"channel", "sms"}, {"reason", "advertising"}})
                  .status,
              200);
    EXPECT_EQ(code_of(id_of(start(customer))).size(), 6U);
}

TEST_F(Messages, a_preview_shows_signature_alphabet_and_parts) {
    begin();
    const Reply one = ask("POST", "/v1/messages/preview", "agent1", {{"text", "您好"}});
    ASSERT_EQ(one.status, 200) << one.body;
    EXPECT_EQ(one.json()["text"], "【安居客服】您好");
    EXPECT_EQ(one.json()["alphabet"], "ucs2");
    EXPECT_EQ(one.json()["units"], 8);
    EXPECT_EQ(one.json()["parts"], 1);
    std::string longer;
    for (int i = 0; i < 65; ++i) longer += "好";
    // 65 and the six of the signature: 71 do not stand alone, and 67 go into a part (TS 23.040).
    const Json two = ask("POST", "/v1/messages/preview", "agent1", {{"text", longer}}).json();
    EXPECT_EQ(two["units"], 71);
    EXPECT_EQ(two["parts"], 2);
    EXPECT_EQ(two["units_per_part"], 67);
    EXPECT_EQ(ask("POST", "/v1/messages/preview", "agent1", {{"kind", "data_change"}, {"template", "none"}}).code(),
              "tell.no_template");
    const Json order = open_change("13800138202");
    const Reply filled = ask("POST", "/v1/messages/preview", "agent1",
                             {{"kind", "data_change"}, {"template", "left_open"}, {"order", order["id"]}});
    EXPECT_NE(filled.body.find(order["id"].get<std::string>()), std::string::npos) << filled.body;
}

TEST_F(Messages, all_that_is_kept_of_a_person_names_his_verifications_and_erasure_takes_his_number_out) {
    begin();
    const std::string customer = make_customer("13800138203");
    const std::string id = id_of(start(customer));
    (void)code_of(id);
    const Json all = ask("GET", "/v1/customers/" + customer + "/export", "admin").json();
    ASSERT_EQ(all["verifications"].size(), 1U);
    EXPECT_EQ(all["verifications"][0]["id"], id);
    ASSERT_EQ(ask("DELETE", "/v1/customers/" + customer, "admin").status, 200);
    EXPECT_EQ(ask("GET", "/v1/verifications/" + id, "chief").json()["number"], "");
    EXPECT_EQ(check(id, "123456").code(), "verification.not_pending");
}

// Decided beside the erasure and written with it, a row as it was before would bring back what was erased.
TEST_F(Messages, what_is_erased_stays_so_whatever_is_decided_at_the_same_moment) {
    begin();
    for (int n = 0; n < 40; ++n) {
        const std::string customer = make_customer("138001384" + std::to_string(10 + n));
        const std::string id = id_of(start(customer));
        std::vector<std::thread> others;
        for (int each = 0; each < 3; ++each) others.emplace_back([&] { (void)check(id, "12345"); });
        const int erased = ask("DELETE", "/v1/customers/" + customer, "admin").status;
        for (std::thread& other : others) other.join();
        ASSERT_EQ(erased, 200);
        ASSERT_EQ(ask("GET", "/v1/verifications/" + id, "chief").json()["number"], "") << n;
    }
}

}  // namespace
}  // namespace citybridge::test
