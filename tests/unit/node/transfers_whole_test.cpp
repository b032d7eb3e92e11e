// On-line transfers between two cities as people see them: two whole nodes,
// joined by link_https, each with a PBX of its own. The simulated trunk between
// them is that Hangzhou's PBX is called by the same number.
#include "tests/unit/node/city_place.h"

namespace citybridge::test {
namespace {

const std::string kHotline = "057112345678";

class OnLineTransfer : public testing::Test {
protected:
    // `section`: of Beijing's <cities>; `pbx`: more of its simulator's settings.
    void open(const std::string& section, const std::string& pbx) {
        beijing_.join(hangzhou_, section, "hotline=\"" + kHotline + "\"");
        hangzhou_.join(beijing_, "");
        beijing_.set_pbx(pbx);
        // Who was transferred calls there; he waits long enough, and every phone is answered.
        hangzhou_.set_pbx(
            "<callers>13800138000</callers><patience_seconds_mean>36000</patience_seconds_mean>"
            "<answer_percent>100</answer_percent><refuse_percent>0</refuse_percent>");
        hangzhou_.set_callers(6);
        hangzhou_.begin();
        beijing_.begin();
    }
    void know_customer() {
        const Reply made = beijing_.ask("POST", "/v1/customers", "agent1",
                                        {{"name", "陈女士"}, {"numbers", {kNumber}}, {"fields", {{"level", "vip"}}}});
        ASSERT_EQ(made.status, 201) << made.body;
    }
    // agent1 talks with the customer.
    std::string talking() {
        const Reply dialled = beijing_.ask("POST", "/v1/calls", "agent1", {{"number", "13800138000"}});
        EXPECT_EQ(dialled.status, 202) << dialled.body;
        std::string id;
        EXPECT_TRUE(beijing_.eventually([&] {
            const Json contacts = beijing_.ask("GET", "/v1/contacts", "agent1").json();
            for (const Json& each : contacts["items"])
                if (each["state"] == "talking") id = each["id"];
            return !id.empty();
        }));
        return id;
    }
    Reply transfer(const std::string& contact, const Json& body, const std::string& user = "agent1") {
        return beijing_.ask(
            "POST", "/v1/contacts/" + contact + "/transfer-to-city", user, body,
            "Idempotency-Key: " + user + std::to_string(std::hash<std::string>{}(contact + body.dump())) + "\r\n");
    }
    // The first pop that tells of a transfer; null: of so many none did.
    static Json pop_of(StreamClient& desk) {
        for (int seen = 0; seen < 50; ++seen) {
            Json pop = Place::next_of(desk, "offer.details");
            if (!pop.is_object() || !pop["details"]["transfer"].is_null()) return pop;
        }
        return nullptr;
    }
    static Json shown(Place& city, const std::string& id) {
        return city.ask("GET", "/v1/transfers/" + id, "lead").json();
    }
    static bool comes_to(Place& city, const std::string& id, const char* field, const std::string& word) {
        return Place::eventually([&] { return shown(city, id).value(field, Json()) == word; });
    }

    Place beijing_{"beijing"};
    Place hangzhou_{"hangzhou"};
};

TEST_F(OnLineTransfer, the_other_hotline_has_the_customer_and_its_pop_says_whence_and_why) {
    open("", "<answering>" + kHotline + "</answering>");
    know_customer();
    const std::string contact = talking();
    EXPECT_EQ(transfer(contact, {{"city", "hangzhou"}}).code(), "transfer.not_allowed") << "he does not insist";
    EXPECT_EQ(transfer(contact, {{"city", "nowhere"}, {"insists", true}}).code(), "callback.unknown_city");
    const Json wish{{"city", "hangzhou"}, {"insists", true}, {"notes", "湖边两居"}};
    EXPECT_EQ(transfer(contact, wish, "agent2").code(), "contact.unknown") << "it is not his call";
    auto desk = hangzhou_.stream_of("lead");

    const Reply made = transfer(contact, wish);
    ASSERT_EQ(made.status, 201) << made.body;
    const std::string id = made.json()["id"];
    EXPECT_EQ(transfer(contact, wish).json()["id"], id) << "the same request is the same transfer";
    ASSERT_TRUE(comes_to(beijing_, id, "state", "transferred")) << shown(beijing_, id).dump(1);

    // Now he calls there.
    ASSERT_TRUE(Place::eventually([&] { return shown(hangzhou_, id).contains("state"); }));
    const Json pop = pop_of(*desk);
    ASSERT_TRUE(pop.is_object()) << shown(hangzhou_, id).dump(1);
    EXPECT_EQ(pop["details"]["transfer"]["id"], id);
    EXPECT_EQ(pop["details"]["transfer"]["city"], "beijing");
    EXPECT_EQ(pop["details"]["transfer"]["far_contact"], contact);
    EXPECT_EQ(pop["details"]["transfer"]["number"], kNumber);
    EXPECT_EQ(pop["details"]["transfer"]["name"], "陈女士");
    EXPECT_EQ(pop["details"]["transfer"]["notes"], "湖边两居");
    ASSERT_TRUE(comes_to(hangzhou_, id, "state", "answered")) << shown(hangzhou_, id).dump(1);
    ASSERT_TRUE(comes_to(beijing_, id, "far_state", "answered")) << shown(beijing_, id).dump(1);
    EXPECT_EQ(shown(beijing_, id)["far_contact"], shown(hangzhou_, id)["contact"]);
    EXPECT_TRUE(shown(beijing_, id)["callback"].is_null());
}

// Given up by a person before it ever went; its node has been started anew since, so that nothing of it is at hand.
TEST_F(OnLineTransfer, who_asked_hears_that_the_other_city_will_not_be_told) {
    open("", "<answering>" + kHotline + "</answering>");
    know_customer();
    const std::string contact = talking();
    hangzhou_.end();
    const Reply made = transfer(contact, {{"city", "hangzhou"}, {"insists", true}});
    ASSERT_EQ(made.status, 201) << made.body;
    const std::string id = made.json()["id"];
    ASSERT_TRUE(comes_to(beijing_, id, "state", "transferred")) << shown(beijing_, id).dump(1);
    beijing_.restart();
    auto desk = beijing_.stream_of("agent1");
    // Not while it is tried.
    ASSERT_TRUE(Place::eventually([&] {
        return beijing_.ask("POST", "/v1/admin/outbox/" + id + ".origin.v1" + "/cancel", "admin").status == 200;
    }));
    const Json told = Place::next_of(*desk, "transfer.undelivered");
    ASSERT_TRUE(told.is_object());
    EXPECT_EQ(told["transfer"]["id"], id);
}

TEST_F(OnLineTransfer, when_the_hotline_is_busy_the_agent_has_the_customer_again_and_may_offer_a_callback) {
    open("", "<busy>" + kHotline + "</busy>");
    know_customer();
    const std::string contact = talking();
    auto desk = beijing_.stream_of("agent1");
    const Reply made = transfer(contact, {{"city", "hangzhou"}, {"insists", true}, {"notes", "两居"}});
    ASSERT_EQ(made.status, 201) << made.body;
    const std::string id = made.json()["id"];

    const Json told = Place::next_of(*desk, "transfer.failed");
    ASSERT_TRUE(told.is_object()) << shown(beijing_, id).dump(1);
    EXPECT_EQ(told["transfer"]["id"], id);
    EXPECT_EQ(told["transfer"]["reason"], "busy");
    EXPECT_EQ(told["transfer"]["sentence"], "The hotline was busy. Offer a callback.");
    const Json live = beijing_.ask("GET", "/v1/contacts/" + contact, "agent1").json();
    EXPECT_EQ(live["state"], "talking") << live.dump(1);
    ASSERT_EQ(live["transfers"].size(), 1U) << live.dump(1);
    EXPECT_EQ(live["transfers"][0]["result"], "failed");
    EXPECT_EQ(live["transfers"][0]["reason"], "busy");
    const Json offer = told["transfer"]["callback"];
    ASSERT_TRUE(offer.is_object());
    const Reply callback = beijing_.ask("POST", "/v1/callbacks", "agent1", offer, "Idempotency-Key: instead\r\n");
    EXPECT_EQ(callback.status, 201) << callback.body;
    EXPECT_EQ(callback.json()["data"]["notes"], "两居");
    // Both cities see of the callback what was tried before.
    const Json before{{"id", id}, {"reason", "busy"}};
    const std::string task = callback.json()["id"];
    EXPECT_EQ(callback.json()["data"]["transfer"], before);
    const Json own = beijing_.ask("GET", "/v1/callbacks/" + task, "lead").json();
    EXPECT_EQ(own["history"][0]["action"], "offered") << own.dump(1);
    EXPECT_EQ(own["history"][0]["detail"]["transfer"], before) << own.dump(1);
    EXPECT_TRUE(Place::eventually([&] {
        const Json there = hangzhou_.ask("GET", "/v1/callbacks/" + task, "lead").json();
        return there.contains("data") && there["data"].value("transfer", Json()) == before;
    }));
    EXPECT_TRUE(Place::eventually([&] {
        const std::string state = shown(hangzhou_, id).value("state", "");
        return state == "called_off" || state == "arrived" || state == "answered";
    })) << shown(hangzhou_, id).dump(1);
    const Json unknown{{"city", "hangzhou"}, {"number", "13800138000"}, {"transfer", "ct_never"}};
    const Reply refused = beijing_.ask("POST", "/v1/callbacks", "agent1", unknown, "Idempotency-Key: unknown\r\n");
    EXPECT_EQ(refused.code(), "transfer.unknown") << refused.body;
}

TEST_F(OnLineTransfer, by_setting_the_call_goes_to_the_supervisor_first_who_transfers_it) {
    open("transfer=\"supervisor\" transfer_supervisor=\"1003\"", "<answering>" + kHotline + ", 1003</answering>");
    const Reply boss = beijing_.ask("POST", "/v1/admin/users", "admin",
                                    {{"name", "the-boss"},
                                     {"role", "supervisor"},
                                     {"password", "the-boss"},
                                     {"agent", "SIM/1003"},
                                     {"device", "SIM/1003"}});
    ASSERT_EQ(boss.status, 201) << boss.body;
    const std::string contact = talking();
    const Reply made = transfer(contact, {{"city", "hangzhou"}, {"notes", "两居"}});
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_TRUE(made.json()["to_supervisor"].get<bool>());
    const std::string first = made.json()["id"];
    ASSERT_TRUE(comes_to(beijing_, first, "state", "with_supervisor")) << shown(beijing_, first).dump(1);
    EXPECT_FALSE(shown(hangzhou_, first).contains("state")) << "the other city is not told of it";

    const Reply second = transfer(contact, {{"city", "hangzhou"}}, "the-boss");
    ASSERT_EQ(second.status, 201) << second.body;
    const std::string id = second.json()["id"];
    EXPECT_FALSE(second.json()["to_supervisor"].get<bool>());
    ASSERT_TRUE(comes_to(beijing_, id, "state", "transferred")) << shown(beijing_, id).dump(1);
    EXPECT_TRUE(comes_to(beijing_, id, "far_state", "answered")) << shown(beijing_, id).dump(1);
}

TEST_F(OnLineTransfer, by_setting_nobody_is_transferred) {
    open("transfer=\"never\"", "");
    know_customer();
    EXPECT_EQ(transfer(talking(), {{"city", "hangzhou"}, {"insists", true}}).code(), "transfer.not_allowed");
}

TEST(Pop, of_a_customer_who_waits_for_another_citys_call_says_so) {
    Place beijing("beijing"), hangzhou("hangzhou");
    beijing.join(hangzhou, "");
    beijing.begin();
    const Reply made = beijing.ask("POST", "/v1/callbacks", "agent1", {{"city", "hangzhou"}, {"number", "13800138000"}},
                                   "Idempotency-Key: waits\r\n");
    ASSERT_EQ(made.status, 201) << made.body;
    beijing.end();
    // He calls again and again, and is soon done.
    beijing.set_pbx_only(
        "<seed>7</seed><callers>13800138000</callers><talk_seconds_mean>5</talk_seconds_mean>"
        "<patience_seconds_mean>36000</patience_seconds_mean>");
    beijing.set_callers(60);
    beijing.begin();
    auto desk = beijing.stream_of("lead");
    const Json pop = Place::next_of(*desk, "offer.details");
    ASSERT_TRUE(pop.is_object());
    ASSERT_EQ(pop["details"]["callbacks"].size(), 1U) << pop.dump(1);
    EXPECT_EQ(pop["details"]["callbacks"][0]["id"], made.json()["id"]);
    EXPECT_EQ(pop["details"]["callbacks"][0]["state"], "offered");
    EXPECT_TRUE(pop["details"]["transfer"].is_null());
}

}  // namespace
}  // namespace citybridge::test
