// No open order without a deadline: what no part of its flow watches, the node does.
#include <gmock/gmock.h>

#include "tests/unit/desk/engine_room.h"

namespace citybridge::desk::testing {
namespace {

std::optional<DeadlineRecord> idle_of(const EngineRoom& room, const std::string& id) {
    for (const DeadlineRecord& row : room.view.open_deadlines(id))
        if (row.kind == "idle") return row;
    return std::nullopt;
}

// Monday 10:00; the standard calendar works daily from 8:00 to 20:00.
TEST(IdleOrder, GetsADeadlineOfTwoWorkingDays) {
    EngineRoom room("");
    const std::string id = room.open();
    const auto idle = idle_of(room, id);
    ASSERT_TRUE(idle);
    EXPECT_EQ(idle->due_at, at("2026-11-25T02:00:00.000Z"));
    EXPECT_FALSE(room.order(id).due_at) << "it is no promise, so no list shows it as due";
}

TEST(IdleOrder, FlowSaysHowLongItMayLie) {
    EngineRoom room("", R"( idle_after="4h")");
    EXPECT_EQ(idle_of(room, room.open())->due_at, at("2026-11-23T06:00:00.000Z"));
}

TEST(IdleOrder, OwnerIsToldAgainAndAgain) {
    EngineRoom room("");
    const std::string id = room.open();
    EXPECT_EQ(room.pass(std::chrono::hours{47}), 0);
    EXPECT_EQ(room.pass(std::chrono::hours{1}), 1);
    ASSERT_EQ(room.told(id).size(), 1U);
    EXPECT_EQ(room.told(id)[0].kind, "idle");
    EXPECT_EQ(room.told(id)[0].to_user, "wang");
    EXPECT_EQ(room.told(id)[0].channel, "screen");
    EXPECT_EQ(room.last(id).action, "idle");
    EXPECT_FALSE(room.order(id).overdue_at);
    EXPECT_EQ(idle_of(room, id)->due_at, at("2026-11-27T02:00:00.000Z"));
    EXPECT_EQ(room.pass(std::chrono::hours{48}), 1);
    EXPECT_EQ(room.told(id).size(), 2U);
}

TEST(IdleOrder, OfNobodyIsToldToTheGroupAndItsLead) {
    EngineRoom room(R"(<assign on="open" to="group:sales"/>)");
    const std::string id = room.open();
    EXPECT_EQ(room.order(id).owner, "");
    room.pass(std::chrono::hours{48});
    ASSERT_EQ(room.told(id).size(), 2U);
    EXPECT_EQ(room.told(id)[0].to_group, "sales");
    EXPECT_TRUE(room.told(id)[1].to_user == "zhao" || room.told(id)[1].to_role == "team_lead");
}

TEST(IdleOrder, WorkOnItBeginsTheTimeAgainWithoutAWord) {
    EngineRoom room("");
    const std::string id = room.open();
    room.pass(std::chrono::hours{24});
    room.act(id, "edit", kWang, {{"level", "high"}});
    const std::int64_t revision = room.order(id).revision;
    EXPECT_EQ(room.pass(std::chrono::hours{25}), 1);
    EXPECT_TRUE(room.told(id).empty());
    EXPECT_EQ(room.order(id).revision, revision);
    EXPECT_EQ(idle_of(room, id)->due_at, at("2026-11-26T02:00:00.000Z"));
    EXPECT_EQ(room.pass(std::chrono::hours{23}), 1);
    EXPECT_EQ(room.told(id).size(), 1U);
}

TEST(IdleOrder, EndsWhenSomethingElseIsDueAndComesBackAfterIt) {
    EngineRoom room(R"(<follow_up name="called" question="Called?" after="1h" set_by="wait" settled_by="edit"/>)");
    const std::string id = room.open();
    room.act(id, "wait");
    EXPECT_FALSE(idle_of(room, id));
    EXPECT_EQ(room.view.open_deadlines(id).size(), 1U);
    room.act(id, "edit");
    ASSERT_TRUE(idle_of(room, id));
    EXPECT_EQ(room.view.open_deadlines(id).size(), 1U);
}

TEST(IdleOrder, ComesBackWhenAFollowUpWasMissed) {
    EngineRoom room(R"(<follow_up name="called" question="Called?" after="1h" set_by="open" settled_by="edit"/>)");
    const std::string id = room.open();
    EXPECT_FALSE(idle_of(room, id));
    room.pass(std::chrono::hours{2});
    EXPECT_TRUE(idle_of(room, id));
}

TEST(IdleOrder, EndsWithTheOrder) {
    EngineRoom room("");
    const std::string id = room.open();
    room.act(id, "finish");
    EXPECT_TRUE(room.view.open_deadlines(id).empty());
    for (const auto& [key, row] : room.view.deadlines) EXPECT_EQ(row.state, DeadlineState::cancelled);
}

// As older nodes left them.
TEST(IdleOrder, OfAnOlderNodeGetsItsDeadlineOnce) {
    EngineRoom room("");
    const std::string id = room.open();
    room.view.deadlines.clear();
    room.done(kSystem, WatchOrder{id});
    ASSERT_TRUE(idle_of(room, id));
    EXPECT_EQ(room.last(id).action, "watched");
    EXPECT_TRUE(room.done(kSystem, WatchOrder{id}).changes.empty());
    room.act(id, "finish");
    EXPECT_TRUE(room.done(kSystem, WatchOrder{id}).changes.empty());
}

std::string refusal(const std::string& parts, const std::string& attributes) {
    Problems problems;
    parse_flow("f.xml", flow_text(parts, attributes), problems);
    return problems.empty() ? "" : to_string(problems.front());
}

TEST(IdleOrder, FlowMayNotForbidIt) {
    EXPECT_THAT(refusal("", R"( idle_after="0min")"), ::testing::HasSubstr("f.xml:1:"));
    EXPECT_THAT(refusal("", R"( idle_after="0min")"), ::testing::HasSubstr("needs a deadline"));
    EXPECT_THAT(refusal("", R"( idle_after="soon")"), ::testing::HasSubstr("idle_after must be"));
    EXPECT_THAT(refusal(R"(<follow_up name="idle" question="?" after="1h" set_by="open" settled_by="edit"/>)", ""),
                ::testing::HasSubstr("the node's own deadline"));
}

}  // namespace
}  // namespace citybridge::desk::testing
