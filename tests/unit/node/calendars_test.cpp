// Business time of a whole node: the switch, calendars read again, and open deadlines that follow both (P8).
#include <filesystem>
#include <fstream>

#include "core/node/city_calendars.h"
#include "tests/unit/node/whole_node.h"

namespace citybridge::test {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

std::string moment_in(Millis time) { return to_rfc3339(system_now().wall + time); }

std::string day_in(int days) { return moment_in(std::chrono::days(days) + hours(8)).substr(0, 10); }  // in Shanghai

class CalendarsOfANode : public WholeNode {
protected:
    WallTime due_of(const std::string& id) {
        return from_rfc3339(order(id)["deadlines"][0]["due_at"].get<std::string>()).value();
    }
    // Open day and night but on these days.
    static std::string all_day(const std::string& more) {
        return "<calendar zone=\"Asia/Shanghai\"><week days=\"mon tue wed thu fri sat sun\" open=\"00:00-24:00\"/>" +
               more + "</calendar>";
    }
    // What the node corrected in its deadlines, oldest first; deliveries to the ERP may stand between and after.
    std::vector<nlohmann::json> corrections(const std::string& id) {
        std::vector<nlohmann::json> out;
        const nlohmann::json entries = history(id);
        for (const nlohmann::json& entry : entries)
            if (entry["action"] == "deadlines_corrected" && entry["actor"] == "system") out.push_back(entry["detail"]);
        return out;
    }
    bool corrected(const std::string& id) {
        return eventually([&] { return !corrections(id).empty(); });
    }
};

TEST_F(CalendarsOfANode, ASwitchClosesTheCityIsKeptAndDeadlinesFollow) {
    begin();
    const std::string id = open_order()["id"];
    const WallTime before = due_of(id);
    EXPECT_EQ(ask("GET", "/v1/calendars/calendar", "agent1").json()["open"], true);

    const std::string until = moment_in(hours(3));
    const Reply put = ask("PUT", "/v1/admin/calendars/calendar/override", "chief",
                          {{"mode", "closed"}, {"until", until}, {"reason", "typhoon"}});
    ASSERT_EQ(put.status, 200) << put.body;
    EXPECT_EQ(put.json()["set_by"], "chief");
    EXPECT_EQ(put.json()["until"], until);
    ASSERT_TRUE(corrected(id));
    // What was used before the switch counts: nearly the whole two hours are left.
    EXPECT_GT(due_of(id), from_rfc3339(until).value() + minutes(110));
    EXPECT_LE(due_of(id), from_rfc3339(until).value() + hours(2));
    const nlohmann::json detail = corrections(id).back();
    EXPECT_EQ(detail["broker_called.due_before"], to_rfc3339(before));
    EXPECT_EQ(detail["broker_called.due_at"], to_rfc3339(due_of(id)));
    nlohmann::json calendar = ask("GET", "/v1/calendars/calendar", "agent1").json();
    EXPECT_EQ(calendar["open"], false);
    EXPECT_EQ(calendar["until"], until);
    EXPECT_EQ(calendar["override"]["reason"], "typhoon");

    restart();
    EXPECT_EQ(ask("GET", "/v1/calendars", "agent1").json()["items"][0]["open"], false) << "kept over a restart";
    EXPECT_EQ(ask("PUT", "/v1/admin/calendars/calendar/override", "admin", {{"mode", "clock"}}).status, 200);
    ASSERT_TRUE(eventually([&] { return due_of(id) < before + minutes(10); })) << "by the clock again";
    const nlohmann::json overrides = ask("GET", "/v1/admin/calendars/calendar/override", "chief").json();
    EXPECT_EQ(overrides["in_force"], nullptr);
    EXPECT_EQ(overrides["items"].size(), 2U);
    EXPECT_EQ(overrides["items"][0]["mode"], "clock");
}

// The answer means that it is in force: an agent's next request must not promise what the old hours would.
TEST_F(CalendarsOfANode, WhoSwitchedFindsItSwitchedWithHisNextRequest) {
    begin();
    const std::string until = moment_in(hours(3));
    for (int round = 0; round < 60; ++round) {
        const bool open = round % 2 == 0;
        const Reply put = ask("PUT", "/v1/admin/calendars/calendar/override", "chief",
                              {{"mode", open ? "open" : "closed"}, {"until", until}});
        ASSERT_EQ(put.status, 200) << put.body;
        ASSERT_EQ(ask("GET", "/v1/calendars/calendar", "agent1").json()["open"], open) << "round " << round;
    }
}

TEST_F(CalendarsOfANode, WhoIsRemovedIsNobodyWithTheNextRequest) {
    begin();
    const nlohmann::json guest = {{"name", "guest"}, {"role", "quality"}, {"password", "a long password of his"}};
    const auto is_there = [&] {
        return ask("GET", "/v1/admin/users", "admin").body.find(R"("guest")") != std::string::npos;
    };
    for (int round = 0; round < 3; ++round) {
        const Reply made = ask("POST", "/v1/admin/users", "admin", guest);
        ASSERT_LT(made.status, 300) << made.body;
        ASSERT_TRUE(is_there()) << "round " << round;
        ASSERT_EQ(ask("DELETE", "/v1/admin/users/guest", "admin").status, 204);
        ASSERT_FALSE(is_there()) << "round " << round;
    }
}

TEST_F(CalendarsOfANode, AWrongSwitchIsRefusedAndOnlyOperatorsMay) {
    begin();
    const std::string address = "/v1/admin/calendars/calendar/override";
    const auto code = [&](const nlohmann::json& body) {
        const Reply reply = ask("PUT", address, "chief", body);
        return std::to_string(reply.status) + " " + reply.json().value("code", "");
    };
    EXPECT_EQ(code({{"mode", "closed"}}), "422 calendar.bad_override");
    EXPECT_EQ(code({{"mode", "closed"}, {"until", moment_in(-hours(1))}}), "422 calendar.bad_override");
    EXPECT_EQ(code({{"mode", "open"}, {"until", moment_in(hours(24 * 32))}}), "422 calendar.bad_override");
    EXPECT_EQ(code({{"mode", "clock"}, {"until", moment_in(hours(1))}}), "422 calendar.bad_override");
    EXPECT_EQ(code({{"mode", "ajar"}, {"until", moment_in(hours(1))}}), "400 request.bad_field");
    EXPECT_EQ(code({{"mode", "open"}, {"until", "tomorrow"}}), "400 request.bad_field");
    EXPECT_EQ(code({{"until", moment_in(hours(1))}}), "400 request.missing_field");
    const Reply unknown = ask("PUT", "/v1/admin/calendars/atlantis/override", "chief",
                              {{"mode", "closed"}, {"until", moment_in(hours(1))}});
    EXPECT_EQ(unknown.status, 404);
    EXPECT_NE(unknown.body.find("use one of: calendar"), std::string::npos) << unknown.body;
    EXPECT_EQ(ask("GET", "/v1/admin/calendars/atlantis/override", "chief").status, 404);
    EXPECT_EQ(ask("GET", "/v1/calendars/atlantis", "agent1").status, 404);
    EXPECT_EQ(ask("GET", "/v1/calendars?at=noon", "agent1").status, 400);
    for (const char* user : {"agent1", "lead", "quality", "erp"}) {
        EXPECT_EQ(ask("PUT", address, user, {{"mode", "clock"}}).status, 403) << user;
        EXPECT_EQ(ask("GET", address, user).status, 403) << user;
    }
    EXPECT_EQ(ask("GET", "/v1/calendars", "").status, 401);
}

TEST_F(CalendarsOfANode, CalendarsReadAgainMoveOpenDeadlinesAndNothingElse) {
    begin();
    std::vector<std::string> ids;
    ids.reserve(5);
    for (int i = 0; i < 5; ++i) ids.push_back(open_order("agent1", "1380013800" + std::to_string(i))["id"]);
    const nlohmann::json closed = order(ids[4]);
    ASSERT_EQ(ask("POST", "/v1/orders/" + ids[4] + "/cancel", "agent1", {{"note", "changed his mind"}}).status, 200);

    // Closed today from now on, and tomorrow.
    const std::string path = folder() + "/calendar.xml";
    std::ofstream(path) << all_day("<holiday name=\"typhoon\" from=\"" + day_in(0) + "\" to=\"" + day_in(1) + "\"/>");
    Problems problems;
    ASSERT_TRUE(node().set_calendars(desk::load_calendars(path, "", {}, problems)));
    ASSERT_TRUE(problems.empty());
    const WallTime opening = from_rfc3339(day_in(2) + "T00:00:00.000Z").value() - hours(8);
    for (int i = 0; i < 4; ++i) {
        ASSERT_TRUE(corrected(ids[static_cast<std::size_t>(i)]));
        EXPECT_EQ(due_of(ids[static_cast<std::size_t>(i)]), opening + hours(2));
    }
    EXPECT_EQ(order(ids[4])["deadlines"][0]["due_at"], closed["deadlines"][0]["due_at"]) << "it is closed";
    // A second time there is nothing to do: no order is corrected again.
    const std::size_t times = corrections(ids[0]).size();
    ASSERT_TRUE(node().set_calendars(desk::load_calendars(path, "", {}, problems)));
    ASSERT_TRUE(eventually([&] {
        return ask("GET", "/metrics", "").body.find("citybridge_deadlines_corrected_total 4") != std::string::npos;
    }));
    EXPECT_EQ(corrections(ids[0]).size(), times);
}

TEST_F(CalendarsOfANode, ACalendarChangedWhileTheNodeWasDownCountsFromItsStart) {
    setup_.calendar = all_day("");
    begin();
    const std::string id = open_order()["id"];
    end();
    setup_.calendar = all_day("<holiday name=\"typhoon\" from=\"" + day_in(0) + "\" to=\"" + day_in(1) + "\"/>");
    begin();
    ASSERT_TRUE(corrected(id));
    EXPECT_EQ(due_of(id), from_rfc3339(day_in(2) + "T00:00:00.000Z").value() - hours(6));
    restart();
    const std::size_t times = corrections(id).size();
    restart();
    EXPECT_EQ(corrections(id).size(), times);
}

// P8: beyond its end a deadline is provisional, and known when the calendar grows.
TEST_F(CalendarsOfANode, AProvisionalDeadlineBecomesKnownWhenTheCalendarGrows) {
    setup_.calendar = "<calendar zone=\"Asia/Shanghai\" until=\"" + day_in(-1) +
                      "\"><week days=\"mon tue wed thu fri sat sun\" open=\"00:00-24:00\"/></calendar>";
    begin();
    const std::string id = open_order()["id"];
    EXPECT_EQ(order(id)["deadlines"][0]["provisional"], true);
    const WallTime due = due_of(id);
    ASSERT_TRUE(eventually([&] {
        return ask("GET", "/metrics", "").body.find("citybridge_calendar_days_left{calendar=\"calendar\"} -1") !=
               std::string::npos;
    }));
    end();
    setup_.calendar = all_day("");
    begin();
    ASSERT_TRUE(corrected(id));
    EXPECT_EQ(order(id)["deadlines"][0]["provisional"], false);
    EXPECT_EQ(due_of(id), due);
    EXPECT_EQ(corrections(id).back()["broker_called.provisional"], false);
}

}  // namespace
}  // namespace citybridge::test
