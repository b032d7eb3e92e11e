// Actions that are taken in turn (B15): of the order of a kind, state and group that was opened first.
#include "tests/unit/desk/engine_room.h"

namespace citybridge::desk::testing {
namespace {

const Actor kMa{"ma", "agent", {"sales"}};

struct Line {
    EngineRoom room{R"(<state name="calling" title="C"/>
    <action name="call" from="new" to="calling" roles="agent system" in_turn="true" title="C"/>
    <action name="call_now" from="new" to="calling" roles="team_lead" title="N"/>
    <action name="back" from="calling" to="new" roles="agent" title="B"/>
    <action name="end" from="calling" to="done" roles="agent" title="E"/>)"};

    std::string open(const Actor& actor = kWang) {
        room.pass(std::chrono::minutes{1});
        return room.open(Fields::object(), actor);
    }
    std::string call(const std::string& id, const Actor& actor = kWang) {
        return room.refused(actor, ActOnOrder{id, "call", {}, "", {}});
    }
};

TEST(Turns, AreThoseOfTheOrdersAsTheyWereOpened) {
    Line line;
    const std::string first = line.open();
    const std::string second = line.open();
    const std::string third = line.open();
    EXPECT_EQ(line.call(third), "order.not_its_turn");
    EXPECT_EQ(line.call(second, kMa), "order.not_its_turn");
    EXPECT_EQ(line.call(first, kMa), "accepted");
    EXPECT_EQ(line.call(third), "order.not_its_turn");
    EXPECT_EQ(line.call(second), "accepted");
    EXPECT_EQ(line.call(third), "accepted");
}

TEST(Turns, TheRefusalNamesWhoseTurnItIs) {
    Line line;
    const std::string first = line.open();
    const std::string second = line.open();
    const auto refused = line.room.ask(kWang, ActOnOrder{second, "call", {}, "", {}});
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().detail.find(first), std::string::npos) << refused.error().detail;
}

TEST(Turns, OtherGroupsHaveALineOfTheirOwn) {
    Line line;
    line.open();
    const Actor service{"li", "agent", {"service"}};
    const std::string theirs = line.open(service);
    EXPECT_EQ(line.call(theirs, service), "accepted");
}

TEST(Turns, WhoComesBackIsWhereHeWas) {
    Line line;
    const std::string first = line.open();
    const std::string second = line.open();
    line.room.act(first, "call");
    line.room.act(first, "back");
    EXPECT_EQ(line.call(second), "order.not_its_turn");
}

TEST(Turns, AnActionWithoutThemWaitsForNobody) {
    Line line;
    const std::string first = line.open();
    const std::string second = line.open();
    line.room.act(second, "call_now", {"zhao", "team_lead", {"sales"}});
    EXPECT_EQ(line.call(first), "accepted");
}

TEST(Turns, OnlyWhoActsInTurnAsksForThem) {
    Line line;
    const std::string id = line.open();
    const auto turns_of = [&](const std::string& action) {
        const Request request{"r", kWang, ActOnOrder{id, action, {}, "", {}}};
        return line.room.desk.needs_next(line.room.view, request).turns;
    };
    EXPECT_EQ(turns_of("call"), (std::vector<TurnOf>{{"visit", "new", "sales"}}));
    EXPECT_TRUE(turns_of("call_now").empty());
    EXPECT_TRUE(turns_of("unheard_of").empty());
}

}  // namespace
}  // namespace citybridge::desk::testing
