// Words to say and who approves them (FLOWS.md, scripts).
#include "core/desk/scripts.h"

#include "core/desk/flow_file.h"
#include "core/desk/flow_json.h"
#include "core/desk/order_view.h"
#include "tests/unit/desk/papers_world.h"

namespace citybridge::desk::testing {
namespace {

const std::string kId = "scr_repair.state.calling";

struct ScriptWorld : PapersWorld {
    ScriptWorld() : PapersWorld(approved_by_two()) {}
    static Centre approved_by_two() {
        Centre centre;
        centre.script_approvals = {{"product", "product", ""}, {"centre", "", "supervisor"}};
        return centre;
    }
    Decision file_says(const std::string& text, std::int64_t version = 1, bool approved = false) {
        ProposeScript what{"repair", {Trigger::Kind::state, "calling"}, version, "回访", text, {}};
        if (approved) what.approved_by = {{"product_manager", "li", "2026-01-01"}};
        return done(kSystem, what);
    }
    std::string shown() const {
        Scripts scripts;
        scripts.put(paper(kId));
        const ScriptWords* words = scripts.find("repair", "state:calling");
        return words == nullptr ? "" : words->text;
    }
    static ActOnPaper approve(std::int64_t version) { return act(kId, "approve", {{"version", version}}); }
};

TEST(Scripts, AreShownWhenEverybodyApprovedInAnyOrder) {
    ScriptWorld world;
    EXPECT_EQ(PapersWorld::event_of(world.file_says("您好")), "script.waiting");
    EXPECT_EQ(world.shown(), "");
    EXPECT_EQ(missing_approvals(*world.box->get(), world.paper(kId)), (std::vector<std::string>{"product", "centre"}));
    EXPECT_EQ(world.refused(kZhou, ScriptWorld::approve(1)), "auth.forbidden");
    EXPECT_EQ(PapersWorld::event_of(world.done(kChief, ScriptWorld::approve(1))), "script.approved");
    EXPECT_FALSE(waits_for(*world.box->get(), world.paper(kId), kChief));
    EXPECT_TRUE(waits_for(*world.box->get(), world.paper(kId), kProduct));
    EXPECT_EQ(PapersWorld::event_of(world.done(kProduct, ScriptWorld::approve(1))), "script.published");
    EXPECT_EQ(world.shown(), "您好");
    EXPECT_EQ(world.refused(kChief, ScriptWorld::approve(1)), "paper.action_not_possible") << "nothing waits any more";
}

TEST(Scripts, OnePersonDoesNotGiveBothApprovals) {
    ScriptWorld world;
    world.file_says("您好");
    const Actor both{"gao", "supervisor", {"product"}};
    world.done(both, ScriptWorld::approve(1));
    EXPECT_EQ(world.refused(both, ScriptWorld::approve(1)), "auth.forbidden");
    EXPECT_EQ(world.shown(), "");
}

TEST(Scripts, OtherWordsWaitWhileTheApprovedOnesAreShown) {
    ScriptWorld world;
    world.file_says("您好", 1, true);
    EXPECT_EQ(world.shown(), "您好") << "new to this centre, and its file says that it was approved";
    world.file_says("您好！", 1);
    EXPECT_EQ(world.paper(kId).state, "changed");
    EXPECT_EQ(world.paper(kId).body["next"]["version"], 2) << "other words have a number of their own";
    EXPECT_EQ(world.shown(), "您好");
    world.done(kProduct, ScriptWorld::approve(2));
    world.file_says("您好！！", 5);
    EXPECT_EQ(world.paper(kId).body["next"]["version"], 5);
    EXPECT_EQ(world.refused(kChief, ScriptWorld::approve(2)), "paper.changed_meanwhile");
    world.done(kChief, ScriptWorld::approve(5));
    EXPECT_EQ(world.shown(), "您好") << "the product's approval was for other words";
    world.file_says("您好", 1);
    EXPECT_EQ(world.paper(kId).state, "published") << "the file says again what is shown";
    EXPECT_FALSE(world.paper(kId).body.contains("next"));
}

TEST(Scripts, WhatIsReturnedIsApprovedByNobody) {
    ScriptWorld world;
    world.file_says("您好");
    EXPECT_EQ(world.refused(kZhou, PapersWorld::act(kId, "return", {{"text", "x"}})), "auth.forbidden");
    EXPECT_EQ(world.refused(kChief, PapersWorld::act(kId, "return")), "paper.bad_fields");
    world.done(kChief, PapersWorld::act(kId, "return", {{"text", "太短"}}));
    EXPECT_EQ(world.refused(kProduct, ScriptWorld::approve(1)), "paper.action_not_possible");
    EXPECT_TRUE(missing_approvals(*world.box->get(), world.paper(kId)).empty());
    world.file_says("您好，请问您");
    world.done(kProduct, ScriptWorld::approve(2));
    world.done(kChief, ScriptWorld::approve(2));
    EXPECT_EQ(world.shown(), "您好，请问您");
}

TEST(Scripts, PapersFollowTheFiles) {
    Problems problems;
    const auto flow = parse_flow("repair.xml",
                                 R"(<flow kind="repair" version="1" title="R" open_roles="agent" note_roles="agent">
        <state name="new" initial="true" title="N"/><state name="done" closed="true" title="D"/>
        <action name="finish" from="new" to="done" roles="agent" title="F"/>
        <script on="open" version="1" approved_by="product_manager:a 2026-01-01, centre_manager:b 2026-01-02">A</script>
        <script on="open" version="2">B</script><script on="action:finish" version="1">C</script>
        <script on="menu:day" version="1">D</script></flow>)",
                                 problems);
    ASSERT_TRUE(flow) << to_string(problems.front());
    const FlowSet flows({*flow});
    const auto first = script_proposals(flows, {});
    ASSERT_EQ(first.size(), 4U);
    EXPECT_EQ(first[0].text, "A");
    EXPECT_FALSE(first[0].approved_by.empty());
    EXPECT_EQ(first[1].text, "B");
    EXPECT_TRUE(first[1].approved_by.empty());
    ScriptWorld world;
    for (const ProposeScript& each : first) world.done(kSystem, each);
    const std::map<std::string, PaperRecord> papers(world.view.papers.begin(), world.view.papers.end());
    EXPECT_TRUE(script_proposals(flows, papers).empty()) << "the papers say what the files say";
    const auto gone = script_proposals(FlowSet{}, papers);
    ASSERT_EQ(gone.size(), 3U);
    for (const ProposeScript& each : gone) world.done(kSystem, each);
    EXPECT_EQ(world.paper("scr_repair.open").state, "retired");
    EXPECT_EQ(world.paper("scr_repair.action.finish").state, "retired");
    EXPECT_EQ(world.paper("scr_repair.menu.day").state, "retired");
    const std::map<std::string, PaperRecord> retired(world.view.papers.begin(), world.view.papers.end());
    EXPECT_TRUE(script_proposals(FlowSet{}, retired).empty());
    EXPECT_EQ(script_proposals(flows, retired).size(), 3U) << "they come back as new words do: not approved";
}

// The recorder reads them out; no order shows them.
TEST(Scripts, WordsOfAMenuAreThoseOfItsKindAndOfNoOrder) {
    ScriptWorld world;
    ProposeScript what{"repair", {Trigger::Kind::menu, "day"}, 1, "Day", "Press 1", {}};
    world.done(kSystem, what);
    Scripts shown;
    shown.put(world.paper("scr_repair.menu.day"));
    EXPECT_EQ(shown.find("repair", "menu:day"), nullptr) << "nobody has approved them";
    for (const Actor& who : {kChief, kProduct})
        world.done(who, PapersWorld::act("scr_repair.menu.day", "approve", {{"version", 1}}));
    shown.put(world.paper("scr_repair.menu.day"));
    ASSERT_NE(shown.find("repair", "menu:day"), nullptr);

    Problems problems;
    const auto flow = parse_flow("repair.xml",
                                 R"(<flow kind="repair" version="1" title="R" open_roles="agent" note_roles="agent">
        <state name="new" initial="true" title="N"/><state name="done" closed="true" title="D"/>
        <action name="finish" from="new" to="done" roles="agent" title="F"/>
        <script on="menu:day" version="1">Press 1</script></flow>)",
                                 problems);
    ASSERT_TRUE(flow) << to_string(problems.front());
    const auto definition = flow_definition(*flow, shown);
    ASSERT_EQ(definition["scripts"].size(), 1U);
    EXPECT_EQ(definition["scripts"][0]["on"], "menu:day");
    EXPECT_EQ(definition["scripts"][0]["text"], "Press 1");
    OrderRecord order;
    order.kind = "repair";
    order.state = "new";
    EXPECT_TRUE(scripts_of(shown, *flow, order, {"finish"}).empty());
}

}  // namespace
}  // namespace citybridge::desk::testing
