// A callback between two cities as people see it: two whole nodes, joined by
// link_https with certificates of their own, each with a PBX.
#include <gmock/gmock.h>

#include "core/api/records_json.h"
#include "tests/support/sql.h"
#include "tests/unit/node/city_place.h"

namespace citybridge::test {
namespace {

using testing::HasSubstr;

const std::string kMei = "agent1";  // of Hangzhou; of those on line with as little to do the first by name

class TwoCities : public testing::Test {
protected:
    TwoCities() {
        beijing_.join(hangzhou_, "pulse_s=\"1\"");
        hangzhou_.join(beijing_, "take_within_s=\"600\"");
        hangzhou_.begin();
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
    // The message about this task is dead, and people see it in every place they look at.
    bool undelivered(const std::string& id) {
        if (!Place::eventually([&] { return beijing_.callback(id).value("undelivered", 0) == 1; })) return false;
        EXPECT_EQ(beijing_.story(id).back(), "undelivered");
        EXPECT_EQ(beijing_.callback(id)["state"], "offered") << "nothing moves by it";
        EXPECT_EQ(beijing_.ask("GET", "/v1/callbacks", "lead").json()["items"][0]["undelivered"], 1);
        EXPECT_THAT(beijing_.command("callbacks"), HasSubstr("offered, undelivered"));
        EXPECT_THAT(beijing_.command("dead-letters"), HasSubstr(id));
        EXPECT_THAT(beijing_.ailments(), testing::Contains("callback.undelivered"));
        return Place::eventually([&] {
            return beijing_.ask("GET", "/metrics", "")
                       .body.find("citybridge_city_messages_undelivered{city=\"hangzhou\"} 1") != std::string::npos;
        });
    }
    Json promise() { return beijing_.ask("GET", "/v1/cities/hangzhou/promise", "agent1").json(); }

    Place beijing_{"beijing"};
    Place hangzhou_{"hangzhou"};
};

TEST_F(TwoCities, an_agent_of_the_other_city_calls_and_both_know_the_outcome) {
    EXPECT_EQ(promise().value("sentence", ""), "The other calls you back within 15 minutes.");
    auto stream = hangzhou_.stream_of(kMei);
    auto origin = beijing_.stream_of("agent1");
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
    EXPECT_EQ(Place::next_of(*origin, "callback.done")["callback"]["id"], id) << "who offered it hears its end";
    EXPECT_THAT(beijing_.story(id), testing::ElementsAre("offered", "told", "told", "told", "ended"));
    EXPECT_THAT(hangzhou_.story(id),
                testing::ElementsAre("received", "accepted", "assigned", "assigned", "dial", "done"));
}

TEST_F(TwoCities, a_message_that_is_given_up_is_noted_on_its_callback) {
    hangzhou_.end();
    const std::string id = offered("lost");
    beijing_.restart();  // nothing of it is at hand
    std::string message;
    const Json waiting = beijing_.ask("GET", "/v1/admin/outbox?destination=cities.hangzhou", "admin").json();
    for (const Json& each : waiting["items"])
        if (each["id"].get<std::string>().starts_with(id)) message = each["id"];
    // Not while it is tried.
    ASSERT_TRUE(Place::eventually(
        [&] { return beijing_.ask("POST", "/v1/admin/outbox/" + message + "/cancel", "admin").status == 200; }));
    EXPECT_THAT(beijing_.story(id), testing::ElementsAre("offered", "undelivered"));
}

// Its link tried to the end of its schedule. Everybody whom it concerns is told, wherever he looks.
TEST_F(TwoCities, a_message_that_was_tried_to_the_end_is_an_alarm_everywhere) {
    hangzhou_.end();
    const std::string id = offered("lost");
    beijing_.end();
    // Tried once more when the agent's desktop is there to hear of it.
    const std::string soon = std::to_string(epoch_ms(system_now().wall) + 8'000);
    tests::run_sql(beijing_.store_path(),
                   "update outbox set attempts=1000000,next_at=" + soon + " where lane_key='" + id + "'");
    beijing_.begin();
    auto agent = beijing_.stream_of("agent1");
    ASSERT_TRUE(undelivered(id));
    EXPECT_EQ(Place::next_of(*agent, "callback.undelivered")["callback"]["id"], id) << "he promised it to the customer";
}

TEST_F(TwoCities, a_message_that_the_other_city_refuses_is_an_alarm_everywhere) {
    hangzhou_.end();
    const std::string id = offered("refused");
    beijing_.end();
    // Older than the other city's deduplication.
    tests::run_sql(beijing_.store_path(),
                   "update outbox set created_at=created_at-500*86400000,next_at=0 where lane_key='" + id + "'");
    beijing_.begin();
    hangzhou_.begin();
    ASSERT_TRUE(undelivered(id));
    EXPECT_EQ(beijing_.callback(id)["history"].back()["detail"].value("code", ""), "hook.too_old");
}

TEST_F(TwoCities, whether_the_other_city_answers_is_seen_at_the_api_in_metrics_and_by_the_doctor) {
    const auto known = [&] { return beijing_.ask("GET", "/v1/cities", "agent1").json()["items"][0]; };
    const auto measured = [&](const std::string& value) {
        return Place::eventually([&] {
            return beijing_.ask("GET", "/metrics", "")
                       .body.find("citybridge_city_reachable{city=\"hangzhou\"} " + value) != std::string::npos;
        });
    };
    ASSERT_TRUE(measured("1"));
    EXPECT_TRUE(known()["answered_at"].is_string());
    EXPECT_THAT(beijing_.ask("GET", "/metrics", "").body,
                HasSubstr(R"(citybridge_city_last_answer_seconds{city="hangzhou"})"));
    // What the store keeps of it.
    const auto kept = [&] { return beijing_.ailments().empty(); };
    EXPECT_TRUE(Place::eventually(kept)) << testing::PrintToString(beijing_.ailments());

    hangzhou_.end();
    ASSERT_TRUE(measured("0"));
    beijing_.restart();
    EXPECT_TRUE(known()["answered_at"].is_string()) << "of the process before";
    beijing_.end();
    EXPECT_THAT(beijing_.ailments(), testing::IsEmpty()) << "silent for a moment";
    tests::run_sql(beijing_.store_path(), "update meta set value=value+600000 where name='alive_at'");
    EXPECT_THAT(beijing_.ailments(), testing::ElementsAre("city.silent"));
    tests::run_sql(beijing_.store_path(), "delete from meta where name='cities_answered'");
    EXPECT_THAT(beijing_.ailments(), testing::ElementsAre("city.silent")) << "it never answered";
}

// Its operator has closed it, and nobody told Beijing: the customer was promised 15 minutes.
TEST_F(TwoCities, a_city_that_is_closed_calls_after_its_opening_and_whoever_promised_it_is_told) {
    const WallTime opens = system_now().wall + std::chrono::hours{3};
    const Reply closed = hangzhou_.ask("PUT", "/v1/admin/calendars/calendar/override", "chief",
                                       {{"mode", "closed"}, {"until", to_rfc3339(opens)}, {"reason", "typhoon"}});
    ASSERT_EQ(closed.status, 200) << closed.body;
    auto agent = beijing_.stream_of("agent1");
    const std::string id = offered("closed");
    const Json told = Place::next_of(*agent, "callback.moved");
    ASSERT_TRUE(told.is_object()) << beijing_.callback(id).dump(1);
    EXPECT_EQ(told["callback"]["id"], id);
    EXPECT_GE(from_rfc3339(told["callback"]["promised_at"].get<std::string>()).value(), opens);
    EXPECT_TRUE(beijing_.comes_to(id, "accepted"));
    EXPECT_EQ(hangzhou_.callback(id)["state"], "accepted");
    EXPECT_TRUE(hangzhou_.callback(id)["owner"].is_null()) << "nobody is to call him now";
    EXPECT_EQ(hangzhou_.callback(id)["due_at"].get<std::string>().substr(0, 19), to_rfc3339(opens).substr(0, 19));
}

TEST_F(TwoCities, what_came_and_what_the_link_refused_is_counted) {
    ASSERT_TRUE(hangzhou_.comes_to(offered("counted"), "assigned"));
    const auto counted = [&](const std::string& line) {
        return Place::eventually([&] {
            const std::string body = hangzhou_.ask("GET", "/metrics", "").body;
            const std::size_t at = body.find(line + ' ');
            return at != std::string::npos && std::stoi(body.substr(at + line.size() + 1)) > 0;
        });
    };
    EXPECT_TRUE(counted(R"(citybridge_city_messages_total{city="beijing",result="taken"})"));
    // A city that nobody told Hangzhou of says hello.
    Place stranger{"nanjing"};
    stranger.join(hangzhou_, "");
    stranger.begin();
    EXPECT_TRUE(counted(R"(citybridge_city_link_refused_total{city="",link="cities",reason="wrong_certificate"})"))
        << hangzhou_.ask("GET", "/metrics", "").body;
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
    const auto reachable = [&](bool as) {
        return Place::eventually([&] {
            return beijing_.ask("GET", "/v1/cities", "agent1").json()["items"][0].value("reachable", !as) == as;
        });
    };
    hangzhou_.end();
    EXPECT_TRUE(reachable(false)) << "a line may be down without anything to say";
    const std::string id = offered("cut");
    EXPECT_EQ(promise()["when"], "now") << "not away for as long as the promise";
    tests::run_sql(beijing_.store_path(),
                   "update outbox set created_at=created_at-3600000 where destination='cities.hangzhou'");
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
    EXPECT_TRUE(reachable(true)) << beijing_.ask("GET", "/v1/cities", "agent1").body;
    // As soon as nothing of the hour before is still on its way.
    EXPECT_TRUE(Place::eventually([&] { return promise()["when"] == "now"; })) << promise().dump();

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

// Suzhou is closed, and its entry names Hangzhou as the city that stands in for it.
TEST(DeputyCity, calls_whom_a_closed_city_would_have_called) {
    Place beijing("beijing"), hangzhou("hangzhou");
    beijing.join(hangzhou, "",
                 R"(/><city id="suzhou" name="Suzhou" calendar="suzhou" deputy="hangzhou")"
                 R"( destination="cities.hangzhou" promise_minutes="15")");
    hangzhou.join(beijing, "");
    hangzhou.begin();
    beijing.begin();
    const std::string until = to_rfc3339(system_now().wall + std::chrono::hours{3});
    const auto turn = [&](const char* mode) {
        return beijing.ask("PUT", "/v1/admin/calendars/suzhou/override", "chief", {{"mode", mode}, {"until", until}});
    };
    const auto promise = [&] { return beijing.ask("GET", "/v1/cities/suzhou/promise", "agent1").json(); };
    ASSERT_EQ(turn("open").status, 200);
    EXPECT_EQ(promise()["sentence"], "Suzhou calls you back within 15 minutes.") << promise().dump();
    ASSERT_EQ(turn("closed").status, 200);
    EXPECT_EQ(promise()["city"], "hangzhou");
    EXPECT_EQ(promise()["sentence"], "The other calls you back within 15 minutes.");
    const Reply made = beijing.ask("POST", "/v1/callbacks", "agent1", {{"city", "suzhou"}, {"number", "13800138000"}},
                                   "Idempotency-Key: deputy\r\n");
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.json()["target"], "hangzhou");
    EXPECT_TRUE(hangzhou.comes_to(made.json()["id"], "assigned"));
}

}  // namespace
}  // namespace citybridge::test
