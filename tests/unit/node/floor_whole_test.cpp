// What the state of the floor means for work and breaks: who is signed in gets the orders (least_busy), and who is
// wanted at his desk does not leave it unasked (C2).
#include <filesystem>
#include <fstream>

#include "tests/unit/node/whole_node.h"

namespace citybridge::test {
namespace {

using Json = nlohmann::json;

std::string date_in(int days) { return to_rfc3339(system_now().wall + std::chrono::days(days)).substr(0, 10); }

struct Floor : WholeNode {
    Json agents() { return ask("GET", "/v1/agents", "lead").json()["items"]; }
    bool in_state(const std::string& agent, const std::string& state) {
        return eventually([&] {
            for (const Json& each : agents())
                if (each["id"] == agent && each["state"] == state) return true;
            return false;
        });
    }
    bool everybody_ready() {
        return in_state("SIM/1001", "ready") && in_state("SIM/1002", "ready") && in_state("SIM/1003", "ready") &&
               in_state("SIM/1004", "ready");
    }
    Reply wish(const std::string& user, const std::string& number, Json body) {
        return ask("PUT", "/v1/agents/SIM%2F" + number + "/state", user, body);
    }
};

TEST_F(Floor, an_order_goes_to_who_is_signed_in_and_has_the_fewest) {
    std::filesystem::create_directories(folder() + "/flows");
    std::ofstream(folder() + "/flows/errand.xml") << R"xml(<?xml version="1.0" encoding="UTF-8"?>
<flow kind="errand" version="1" title="跑腿" open_roles="team_lead" note_roles="agent team_lead">
  <state name="new" initial="true" title="新建"/>
  <state name="done" closed="true" title="完成"/>
  <assign on="open" to="least_busy:service"/>
  <action name="finish" from="new" to="done" roles="agent team_lead" title="完成"/>
</flow>
)xml";
    begin();
    for (const auto& [name, agent] : {std::pair{"li", "SIM/1003"}, std::pair{"ma", "SIM/1004"}}) {
        const Reply made = ask("POST", "/v1/admin/users", "admin",
                               {{"name", name},
                                {"role", "agent"},
                                {"groups", {"service"}},
                                {"agent", agent},
                                {"device", agent},
                                {"password", "a long password of his"}});
        ASSERT_LT(made.status, 300) << made.body;
    }
    ASSERT_TRUE(everybody_ready());
    std::vector<std::string> orders;
    const auto next = [&] {
        const Reply opened = ask("POST", "/v1/orders", "lead", {{"kind", "errand"}});
        EXPECT_EQ(opened.status, 201) << opened.body;
        orders.push_back(opened.json()["id"]);
        EXPECT_EQ(opened.json()["group"], "service");
        return opened.json()["owner"].get<std::string>();
    };
    EXPECT_EQ(next(), "li");
    EXPECT_EQ(next(), "ma") << "li has one already";
    EXPECT_EQ(next(), "li") << "one each, by name";
    ASSERT_EQ(ask("POST", "/v1/orders/" + orders[0] + "/finish", "lead", Json::object()).status, 200);
    ASSERT_EQ(ask("POST", "/v1/orders/" + orders[2] + "/finish", "lead", Json::object()).status, 200);
    EXPECT_EQ(next(), "li") << "what is closed does not count";
    ASSERT_EQ(wish("lead", "1003", {{"state", "logged_out"}}).status, 202);
    ASSERT_TRUE(in_state("SIM/1003", "logged_out"));
    EXPECT_EQ(next(), "ma") << "li is not here";
    EXPECT_EQ(next(), "ma") << "although ma has more";
    restart();
    ASSERT_TRUE(in_state("SIM/1004", "ready"));
    ASSERT_TRUE(in_state("SIM/1003", "ready"));
    EXPECT_EQ(next(), "li") << "the load of before is known, li is here again";
}

TEST_F(Floor, who_is_wanted_over_noon_confirms_that_he_goes_and_the_team_lead_hears_of_it) {
    begin();
    ASSERT_TRUE(everybody_ready());
    // As many are wanted as there are.
    std::size_t there = 0;
    for (const Json& each : agents())
        if (each["state"] != "logged_out" && each["state"] != "not_ready") ++there;
    end();
    setup_.calendar =
        "<calendar zone=\"Asia/Shanghai\"><week days=\"mon tue wed thu fri sat sun\" open=\"00:00-24:00\"/>"
        "<period name=\"征期\" from=\"" +
        date_in(-2) + "\" to=\"" + date_in(2) + "\"><cover hours=\"00:00-24:00\" people=\"" + std::to_string(there) +
        "\"/></period></calendar>";
    setup_.more_sections = "  <centre cover_after_seconds=\"0\"/>\n";
    begin();
    ASSERT_TRUE(everybody_ready());
    auto stream = stream_of("lead");
    const Reply refused = wish("agent1", "1001", {{"state", "not_ready"}, {"reason", "lunch"}});
    EXPECT_EQ(refused.status, 409) << refused.body;
    EXPECT_EQ(refused.code(), "agent.cover_short");
    EXPECT_EQ(wish("agent1", "1001", {{"state", "logged_out"}}).code(), "agent.cover_short");
    ASSERT_EQ(wish("agent1", "1001", {{"state", "not_ready"}, {"reason", "lunch"}, {"confirm", true}}).status, 202);
    // While the agents came in there were too few for a moment.
    Json told;
    do told = next_of(*stream, "cover.short");
    while (!told.is_null() && told["cover"]["there"] != there - 1);
    ASSERT_FALSE(told.is_null());
    EXPECT_EQ(told["cover"]["wanted"], there);
    EXPECT_EQ(told["cover"]["period"], "征期");
    EXPECT_NE(ask("GET", "/metrics", "").body.find("citybridge_cover_missing{group=\"\"} 1"), std::string::npos);
    ASSERT_EQ(wish("agent1", "1001", {{"state", "ready"}}).status, 202);
    EXPECT_FALSE(next_of(*stream, "cover.met").is_null());
    EXPECT_EQ(wish("lead", "1001", {{"state", "not_ready"}}).status, 202) << "a team lead may";
}

}  // namespace
}  // namespace citybridge::test
