// Open orders go over to the newest version of their flow.
#include "core/desk/migration.h"

#include <gmock/gmock.h>

#include "tests/unit/desk/engine_room.h"

namespace citybridge::desk::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string kCall1 =
    R"(<follow_up name="called" question="Called?" after="2h" set_by="open" settled_by="edit" remind_before="30min"/>)";

Flow second(const std::string& text) {
    std::string newer = text;
    newer.replace(newer.find("version=\"1\""), 11, "version=\"2\"");
    return read_one(newer);
}

// A room whose orders began with `parts`; then the flow is as `text` says.
struct Moved {
    explicit Moved(const std::string& parts) : room(parts) {}

    void newer(const std::string& text) {
        FlowBook book = room.desk.book();
        const Flow old = *room.desk.flows().find("visit");
        book.flows = FlowSet({second(text)});
        book.flows.keep(std::make_shared<const Flow>(old));
        room.desk.set_book(std::move(book));
    }
    std::vector<std::string> obstacles(const std::string& id) const {
        const FlowSet& flows = room.desk.flows();
        return migration_obstacles(flows.find("visit", 1), *flows.find("visit"), room.order(id));
    }
    void go(const std::string& id) { room.done({"root", "system", {}}, MigrateOrder{id, 2, "wang"}); }
    std::optional<DeadlineRecord> open(const std::string& id, const std::string& name) const {
        for (const DeadlineRecord& row : room.view.open_deadlines(id))
            if (row.name == name) return row;
        return std::nullopt;
    }

    EngineRoom room;
};

TEST(Migration, OrderStaysOnItsVersionUntilItIsAsked) {
    Moved moved(kCall1);
    const std::string id = moved.room.open();
    moved.newer(flow_text(""));
    moved.room.act(id, "edit");
    EXPECT_EQ(moved.room.order(id).flow_version, 1);
    moved.go(id);
    EXPECT_EQ(moved.room.order(id).flow_version, 2);
    const HistoryRecord last = moved.room.last(id);
    EXPECT_EQ(last.action, "migrated");
    EXPECT_EQ(last.actor, "root");
    EXPECT_EQ(last.detail.at("from_version"), 1);
    EXPECT_EQ(last.detail.at("to_version"), 2);
    EXPECT_TRUE(moved.room.done(kSystem, MigrateOrder{id, 2, ""}).changes.empty()) << "once is enough";
}

// Set at 10:00, due after 2 h; the new version says 5 h, and reminds an hour before.
TEST(Migration, WhatIsDueIsDueAsTheNewVersionSays) {
    Moved moved(kCall1);
    const std::string id = moved.room.open();
    moved.room.pass(std::chrono::minutes{30});
    moved.newer(flow_text(
        R"(<follow_up name="called" question="?" after="5h" set_by="open" settled_by="edit" remind_before="1h"/>)"));
    moved.go(id);
    EXPECT_EQ(moved.open(id, "called")->due_at, at("2026-11-23T07:00:00.000Z"));
    EXPECT_EQ(moved.open(id, "remind:called")->due_at, at("2026-11-23T06:00:00.000Z"));
    EXPECT_EQ(moved.room.order(id).due_at, at("2026-11-23T07:00:00.000Z"));
    EXPECT_EQ(moved.room.last(id).detail.at("called.due_before"), "2026-11-23T04:00:00.000Z");
    EXPECT_EQ(moved.room.last(id).detail.at("called.due_at"), "2026-11-23T07:00:00.000Z");
}

TEST(Migration, FollowUpThatTheNewVersionDoesNotHaveIsWithdrawnAndSaidSo) {
    Moved moved(kCall1);
    const std::string id = moved.room.open();
    moved.newer(flow_text(""));
    moved.go(id);
    EXPECT_FALSE(moved.open(id, "called"));
    EXPECT_TRUE(moved.open(id, "idle")) << "and the order is watched all the same";
    EXPECT_TRUE(moved.room.last(id).detail.contains("called.withdrawn"));
}

TEST(Migration, IsRefusedWithEveryReason) {
    Moved moved("");
    const std::string id = moved.room.open({{"level", "high"}, {"amount", 90}, {"pin", "123"}});
    moved.room.act(id, "wait");
    std::string text = flow_text("");
    const auto change = [&](const std::string& from, const std::string& to) {
        for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
            text.replace(at, from.size(), to);
    };
    change("waiting", "parked");
    change(R"(max="100")", R"(max="50")");
    change(R"( secret="true" reveal_roles="supervisor")", "");
    change(R"(<field name="result" type="text" title="Result"/>)",
           R"(<field name="result" type="text" title="Result" required="true"/>)");
    change(R"("level")", R"("grade")");
    change(" level ", " grade ");
    change(R"(="level )", R"(="grade )");
    moved.newer(text);
    EXPECT_THAT(moved.obstacles(id),
                ElementsAre("state \"waiting\" is not in it", "field \"level\" is not in it",
                            "field \"amount\" must be at most 50", "field \"pin\" is secret in one of the two only",
                            HasSubstr("field \"result\" is required")));
    const OrderRecord before = moved.room.order(id);
    EXPECT_EQ(moved.room.refused(kSystem, MigrateOrder{id, 2, ""}), "flow.migration_refused");
    EXPECT_EQ(moved.room.order(id), before);
}

TEST(Migration, RequiredFieldWithADefaultIsFilledIn) {
    Moved moved("");
    const std::string id = moved.room.open();
    std::string text = flow_text("");
    text.replace(text.find(R"(<field name="amount" type="integer")"), 35,
                 R"(<field name="amount" type="integer" required="true" default="7")");
    moved.newer(text);
    moved.go(id);
    EXPECT_EQ(moved.room.order(id).fields.at("amount"), 7);
}

const std::string kLooked =
    R"(<template name="late">late</template>
<escalation name="slow" start="action:wait"><step to="owner" channel="screen" template="late" ack_within="2h"/>
<step to="role:supervisor" channel="screen" template="late"/></escalation>)";

TEST(Migration, WhatIsUnderWayMustGoOnInTheNewVersion) {
    Moved moved(kLooked);
    const std::string id = moved.room.open();
    moved.room.act(id, "wait");
    moved.newer(flow_text(""));
    EXPECT_THAT(moved.obstacles(id), ElementsAre(HasSubstr("escalation \"slow\" is under way")));
    std::string patient = kLooked;
    patient.replace(patient.find("2h"), 2, "6h");
    moved.newer(flow_text(patient));
    EXPECT_THAT(moved.obstacles(id), ElementsAre());
    moved.go(id);
    EXPECT_EQ(moved.open(id, "escalation:slow")->due_at, at("2026-11-23T08:00:00.000Z"));
}

TEST(Migration, OnlyTheNewestVersionIsGoneOverTo) {
    Moved moved("");
    const std::string id = moved.room.open();
    moved.newer(flow_text(""));
    EXPECT_EQ(moved.room.refused(kSystem, MigrateOrder{id, 3, ""}), "flow.unknown");
    moved.room.act(id, "finish");
    EXPECT_TRUE(moved.room.done(kSystem, MigrateOrder{id, 2, ""}).changes.empty()) << "what is closed stays";
}

}  // namespace
}  // namespace citybridge::desk::testing
