// A callback between two cities as people see it: two whole nodes, joined by
// link_https with certificates of their own, each with a PBX.
#include <gmock/gmock.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <fstream>

#include "tests/contract/city_link/line.h"
#include "tests/contract/city_link/pem_files.h"
#include "tests/unit/node/whole_node.h"

namespace citybridge::test {
namespace {

using Json = nlohmann::json;
using testing::HasSubstr;

const std::string kNumber = "+8613800138000";
const std::string kMei = "mei-of-hangzhou";  // an agent whom the store knows; her password is her name

class Place final : public WholeNode {
public:
    explicit Place(const std::string& city) : files(make_certificate(folder(), city)), port(free_port()) {
        setup_.city = city;
        setup_.with_erp = false;
        setup_.pbx_settings =
            "<seed>7</seed><break_minutes_between>0</break_minutes_between><talk_seconds_mean>3600</talk_seconds_mean>";
    }
    void TestBody() override {}
    using WholeNode::ask;
    using WholeNode::begin;
    using WholeNode::end;
    using WholeNode::eventually;
    using WholeNode::next_of;
    using WholeNode::restart;
    using WholeNode::store_path;
    using WholeNode::stream_of;

    void join(const Place& other, const std::string& section) {
        std::ofstream(folder() + "/cities.xml")
            << "<cities><city id=\"" << other.setup_.city << "\" name=\"The other\" destination=\"cities."
            << other.setup_.city << "\" promise_minutes=\"15\" travels=\"customer notes\"/></cities>";
        setup_.more_plugins = "  <plugin library=\"link_https\" name=\"cities\"><peers>" + other.setup_.city +
                              "=https://127.0.0.1:" + std::to_string(other.port) + "</peers><pins>" +
                              other.setup_.city + '=' + other.files.fingerprint + "</pins><certificate>" +
                              files.certificate + "</certificate><key>" + files.key +
                              "</key><address>127.0.0.1</address><port>" + std::to_string(port) + "</port></plugin>\n";
        setup_.more_sections = "  <cities directory=\"cities.xml\" " + section + "/>\n";
    }

    Json callback(const std::string& id) { return ask("GET", "/v1/callbacks/" + id, "lead").json(); }
    bool comes_to(const std::string& id, const std::string& state) {
        return eventually([&] { return callback(id).value("state", "") == state; });
    }
    Reply act(const std::string& id, const std::string& what, const std::string& user,
              const Json& body = Json::object()) {
        return ask("POST", "/v1/callbacks/" + id + '/' + what, user, body);
    }
    // What its history here says was done, in order.
    std::vector<std::string> story(const std::string& id) {
        std::vector<std::string> out;
        const Json task = callback(id);
        for (const Json& entry : task["history"]) out.push_back(entry["action"]);
        return out;
    }
    // The customer's side of a call to him: true when he has answered.
    bool answered() {
        return eventually([&] {
            const Json contacts = ask("GET", "/v1/contacts", "lead").json();
            for (const Json& contact : contacts["items"])
                if (contact["customer_number_e164"] == kNumber && !contact["answered_at"].is_null()) return true;
            return false;
        });
    }

    const PemFiles files;
    const std::uint16_t port;
};

class TwoCities : public testing::Test {
protected:
    TwoCities() {
        beijing_.join(hangzhou_, "");
        hangzhou_.join(beijing_, "take_within_s=\"600\"");
        hangzhou_.begin();
        const Reply made = hangzhou_.ask(
            "POST", "/v1/admin/users", "admin",
            {{"name", kMei}, {"role", "agent"}, {"password", kMei}, {"agent", "SIM/1003"}, {"device", "SIM/1003"}});
        EXPECT_EQ(made.status, 201) << made.body;
        beijing_.begin();
    }

    Reply offer(const std::string& key) {
        return beijing_.ask(
            "POST", "/v1/callbacks", "agent1",
            {{"city", "hangzhou"}, {"number", "13800138000"}, {"name", "陈女士"}, {"notes", "湖边两居"}},
            "Idempotency-Key: " + key + "\r\n");
    }
    std::string offered(const std::string& key) {
        const Reply made = offer(key);
        EXPECT_EQ(made.status, 201) << made.body;
        return made.json().value("id", "");
    }
    Json promise() { return beijing_.ask("GET", "/v1/cities/hangzhou/promise", "agent1").json(); }

    Place beijing_{"beijing"};
    Place hangzhou_{"hangzhou"};
};

TEST_F(TwoCities, an_agent_of_the_other_city_calls_and_both_know_the_outcome) {
    EXPECT_EQ(promise().value("sentence", ""), "The other calls you back within 15 minutes.");
    auto stream = hangzhou_.stream_of(kMei);
    const Reply made = offer("first");
    ASSERT_EQ(made.status, 201) << made.body;
    const std::string id = made.json()["id"];
    EXPECT_EQ(offer("first").json()["id"], id) << "the same request is the same callback";

    const Json event = Place::next_of(*stream, "callback.assigned");
    ASSERT_TRUE(event.is_object());
    EXPECT_EQ(event["callback"]["id"], id);
    EXPECT_EQ(event["callback"]["number"], kNumber);
    EXPECT_EQ(event["callback"]["data"]["notes"], "湖边两居");
    const Json list = hangzhou_.ask("GET", "/v1/callbacks?open=true&side=target&owner=" + kMei, kMei).json();
    ASSERT_EQ(list["items"].size(), 1U) << list.dump();
    EXPECT_EQ(hangzhou_.act(id, "take", kMei).status, 200);
    EXPECT_TRUE(beijing_.comes_to(id, "assigned"));
    EXPECT_EQ(beijing_.act(id, "dial", "agent1").code(), "callback.not_holder");

    const Reply dialled = hangzhou_.act(id, "dial", kMei);
    ASSERT_EQ(dialled.status, 200) << dialled.body;
    EXPECT_EQ(dialled.json()["state"], "dialling");
    EXPECT_TRUE(beijing_.comes_to(id, "dialling"));
    ASSERT_TRUE(hangzhou_.answered()) << hangzhou_.callback(id).dump(1);
    const Reply done = hangzhou_.act(id, "done", kMei, {{"outcome", "viewing_agreed"}, {"text", "Saturday"}});
    ASSERT_EQ(done.status, 200) << done.body;
    ASSERT_TRUE(beijing_.comes_to(id, "done"));
    EXPECT_EQ(beijing_.callback(id)["outcome"], "viewing_agreed");
    EXPECT_EQ(hangzhou_.callback(id)["outcome"], "viewing_agreed");
    EXPECT_THAT(beijing_.story(id), testing::ElementsAre("offered", "told", "told", "told", "ended"));
    EXPECT_THAT(hangzhou_.story(id),
                testing::ElementsAre("received", "accepted", "assigned", "assigned", "dial", "done"));
}

TEST_F(TwoCities, what_nobody_dialled_is_taken_back) {
    const std::string id = offered("back");
    ASSERT_TRUE(hangzhou_.comes_to(id, "assigned"));
    EXPECT_EQ(beijing_.act(id, "withdraw", "agent1").status, 403);
    EXPECT_EQ(beijing_.act(id, "withdraw", "lead").status, 200);
    EXPECT_TRUE(beijing_.comes_to(id, "withdrawn")) << beijing_.callback(id).dump(1);
    EXPECT_TRUE(hangzhou_.comes_to(id, "withdrawn")) << hangzhou_.callback(id).dump(1);
    EXPECT_EQ(hangzhou_.act(id, "dial", kMei).code(), "callback.not_holder");
    EXPECT_FALSE(beijing_.callback(id)["needs_confirmation"].get<bool>());
}

TEST_F(TwoCities, a_cut_line_only_delays_and_a_lost_outcome_is_asked_of_a_person) {
    hangzhou_.end();
    const std::string id = offered("cut");
    EXPECT_EQ(promise()["when"], "now") << "not away for as long as the promise";
    {
        soci::session store(soci::sqlite3, "dbname=" + beijing_.store_path() + " timeout=10");
        store << "update outbox set created_at=created_at-3600000 where destination='cities.hangzhou'";
    }
    EXPECT_EQ(promise()["when"], "not_now");
    EXPECT_EQ(promise()["reason"], "unreachable");
    EXPECT_EQ(offer("not").code(), "callback.unreachable");
    EXPECT_EQ(beijing_.callback(id)["state"], "offered");

    hangzhou_.begin();
    ASSERT_TRUE(beijing_.eventually([&] { return hangzhou_.callback(id).contains("state"); }));
    ASSERT_EQ(hangzhou_.act(id, "take", kMei).status, 200);
    EXPECT_TRUE(beijing_.comes_to(id, "assigned"));
    EXPECT_EQ(hangzhou_.ask("GET", "/v1/callbacks", "lead").json()["items"].size(), 1U);
    const auto story = hangzhou_.story(id);
    EXPECT_EQ(std::count(story.begin(), story.end(), "received"), 1);
    EXPECT_EQ(promise()["when"], "now");

    ASSERT_EQ(hangzhou_.act(id, "dial", kMei).status, 200);
    ASSERT_TRUE(hangzhou_.answered()) << hangzhou_.callback(id).dump(1);
    hangzhou_.restart();
    ASSERT_TRUE(hangzhou_.comes_to(id, "uncertain")) << hangzhou_.callback(id).dump(1);
    EXPECT_TRUE(beijing_.comes_to(id, "uncertain"));
    EXPECT_THAT(hangzhou_.ask("GET", "/metrics", "").body,
                HasSubstr(R"(citybridge_callbacks_open{city="beijing",side="target",state="uncertain"} 1)"));
    EXPECT_EQ(hangzhou_.act(id, "dial", kMei).code(), "callback.needs_confirmation");
    EXPECT_EQ(hangzhou_.act(id, "dial", kMei, {{"confirmed_by", "nobody"}}).code(), "request.bad_field");
    const Reply again = hangzhou_.act(id, "dial", kMei, {{"confirmed_by", "lead"}});
    EXPECT_EQ(again.status, 200) << again.body;
    EXPECT_EQ(again.json()["confirmed_by"], "lead");
}

}  // namespace
}  // namespace citybridge::test
