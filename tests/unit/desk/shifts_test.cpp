// Shift logs and their sign-over (FLOWS.md F1), help on the floor (E4).
#include "tests/unit/desk/papers_world.h"

namespace citybridge::desk::testing {
namespace {

Centre with_reports() {
    Centre centre;
    centre.shift_reports = {"group_report", "day_report"};
    return centre;
}

std::string open_shift(PapersWorld& world) {
    return world.open(kLead, "shift", {{"group", "sales"}, {"title", "早班"}});
}

TEST(Shifts, a_group_has_one_open_shift) {
    PapersWorld world;
    open_shift(world);
    EXPECT_EQ(world.refused(kSun, ActOnPaper{"shift", "", "open", {{"group", "sales"}, {"title", "晚班"}}, {}}),
              "paper.action_not_possible");
    world.open(kLead, "shift", {{"group", "service"}, {"title", "早班"}});
    EXPECT_EQ(world.refused(kWang, ActOnPaper{"shift", "", "open", {{"group", "x"}, {"title", "y"}}, {}}),
              "auth.forbidden");
}

TEST(Shifts, sign_over_waits_for_reports_and_for_open_matters) {
    PapersWorld world(with_reports());
    const std::string id = open_shift(world);
    world.done(kWang, PapersWorld::act(id, "write", {{"text", "系统慢"}}));
    world.done(kWang, PapersWorld::act(id, "matter", {{"text", "客户等回电"}, {"order", "ord_1"}}));
    world.done(kWang, PapersWorld::act(id, "matter", {{"text", "打印机坏了"}}));
    world.done(kWang, PapersWorld::act(id, "settle", {{"number", 2}}));
    EXPECT_EQ(world.refused(kLi, PapersWorld::act(id, "write", {{"text", "x"}})), "auth.forbidden") << "another group";
    EXPECT_EQ(world.refused(kLead, PapersWorld::act(id, "sign_out")), "shift.reports_missing");
    world.done(kWang, PapersWorld::act(id, "report", {{"name", "group_report"}}));
    EXPECT_EQ(world.refused(kLead, PapersWorld::act(id, "sign_out")), "shift.reports_missing");
    EXPECT_EQ(world.refused(kWang, PapersWorld::act(id, "report", {{"name", "weather"}})), "paper.bad_fields");
    world.done(kLead, PapersWorld::act(id, "report", {{"name", "day_report"}}));
    EXPECT_EQ(world.refused(kWang, PapersWorld::act(id, "sign_out")), "auth.forbidden");
    EXPECT_EQ(world.refused(kSun, PapersWorld::act(id, "sign_in", {{"title", "晚班"}})), "paper.action_not_possible");
    world.done(kLead, PapersWorld::act(id, "sign_out"));
    EXPECT_EQ(world.refused(kSun, PapersWorld::act(id, "sign_in", {{"title", "晚班"}})), "shift.matters_open");
    EXPECT_EQ(world.refused(kLead, PapersWorld::act(id, "take_over", {{"number", 1}})), "shift.same_person");
    world.done(kSun, PapersWorld::act(id, "take_over", {{"number", 0}}));
    EXPECT_EQ(world.refused(kLead, PapersWorld::act(id, "sign_in", {{"title", "晚班"}})), "shift.same_person");
    world.done(kSun, PapersWorld::act(id, "sign_in", {{"title", "晚班"}}));

    EXPECT_EQ(world.paper(id).state, "signed_over");
    EXPECT_EQ(world.paper(id).body["signed_out"]["user"], "zhao");
    EXPECT_EQ(world.paper(id).body["signed_in"]["user"], "sun");
    const PaperRecord& next = world.paper(world.paper(id).body["next"].get<std::string>());
    EXPECT_EQ(next.state, "open");
    EXPECT_EQ(next.owner, "sun");
    EXPECT_EQ(next.about, id);
    ASSERT_EQ(next.body["matters"].size(), 1U) << "what was settled is not carried on";
    EXPECT_EQ(next.body["matters"][0]["text"], "客户等回电");
    EXPECT_EQ(next.body["matters"][0]["order"], "ord_1");
    EXPECT_EQ(next.body["matters"][0]["from"], id);
    EXPECT_TRUE(next.body["reports"].empty());
    EXPECT_EQ(world.view.marks.at(shift_mark("sales") + "\n\nopen").detail["id"], next.id);
}

TEST(Shifts, after_the_sign_over_the_log_is_closed) {
    PapersWorld world;
    const std::string id = open_shift(world);
    world.done(kLead, PapersWorld::act(id, "sign_out"));
    EXPECT_EQ(world.refused(kWang, PapersWorld::act(id, "write", {{"text", "x"}})), "paper.action_not_possible");
    world.done(kSun, PapersWorld::act(id, "sign_in", {{"title", "晚班"}}));
    EXPECT_EQ(world.refused(kSun, PapersWorld::act(id, "sign_in", {{"title", "又"}})), "paper.action_not_possible");
}

TEST(Help, is_taken_solved_told_to_the_group_and_written_into_the_log) {
    PapersWorld world;
    const std::string shift = open_shift(world);
    const std::string id = world.open(kWang, "help", {{"text", "客户要见经理"}, {"group", "sales"}, {"owner", "zhao"}});
    EXPECT_EQ(world.paper(id).body["level"], "team_lead");
    EXPECT_EQ(world.deadline(id)->due_at, at("2026-11-23T02:10:00.000Z"));
    EXPECT_EQ(world.refused(kZhou, PapersWorld::act(id, "take")), "auth.forbidden");
    world.now += std::chrono::minutes{2};
    world.done(kLead, PapersWorld::act(id, "take"));
    EXPECT_EQ(world.paper(id).owner, "zhao");
    EXPECT_FALSE(world.deadline(id));
    EXPECT_EQ(world.paper(id).body["steps"].size(), 2U);
    EXPECT_EQ(world.paper(id).body["steps"][1]["at"], "2026-11-23T02:02:00.000Z");
    EXPECT_EQ(world.refused(kLead, PapersWorld::act(id, "solve")), "paper.bad_fields");
    const Decision solved = world.done(kLead, PapersWorld::act(id, "solve", {{"text", "已安排经理回电"}}, {shift}));
    EXPECT_EQ(world.paper(id).state, "solved");
    bool told = false;
    for (const Event& event : solved.events)
        if (const auto& each = std::get<PaperChanged>(event); each.type == "help.solved")
            told = each.groups == std::vector<std::string>{"sales"};
    EXPECT_TRUE(told);
    const PaperEntry& entry = world.view.entries.at({shift, world.paper(shift).entries});
    EXPECT_EQ(entry.action, "help");
    EXPECT_NE(entry.text.find("已安排经理回电"), std::string::npos);
}

TEST(Help, goes_to_the_manager_when_no_team_lead_comes_or_by_his_hand) {
    PapersWorld world;
    const std::string late = world.open(kWang, "help", {{"text", "x"}, {"group", "sales"}, {"owner", "zhao"}});
    const Decision rung = world.ring(late);
    EXPECT_EQ(PapersWorld::event_of(rung), "help.escalated");
    EXPECT_EQ(world.paper(late).body["level"], "manager");
    EXPECT_EQ(world.refused(kLead, PapersWorld::act(late, "take")), "auth.forbidden") << "now it is the manager's";
    world.done(kChief, PapersWorld::act(late, "take"));
    const std::string passed = world.open(kWang, "help", {{"text", "y"}, {"group", "sales"}, {"owner", "zhao"}});
    world.done(kLead, PapersWorld::act(passed, "pass_on", {{"owner", "chief"}, {"text", "需要经理"}}));
    EXPECT_EQ(world.paper(passed).owner, "chief");
    EXPECT_FALSE(world.deadline(passed));
    EXPECT_EQ(world.refused(kZhou, PapersWorld::act(passed, "withdraw")), "auth.forbidden");
    world.done(kWang, PapersWorld::act(passed, "withdraw"));
}

TEST(Help, that_is_still_open_becomes_a_matter_of_the_next_shift) {
    PapersWorld world;
    const std::string shift = open_shift(world);
    const std::string help =
        world.open(kWang, "help", {{"title", "客户要见经理"}, {"text", "x"}, {"group", "sales"}, {"owner", "zhao"}});
    const std::string others = world.open(kLi, "help", {{"text", "y"}, {"group", "service"}, {"owner", "zhao"}});
    world.done(kLead, PapersWorld::act(shift, "sign_out", {}, {help, others}));
    ASSERT_EQ(world.paper(shift).body["matters"].size(), 1U) << "only its own group's";
    EXPECT_EQ(world.paper(shift).body["matters"][0]["from"], help);
    world.done(kSun, PapersWorld::act(shift, "take_over", {{"number", 0}}));
    world.done(kSun, PapersWorld::act(shift, "sign_in", {{"title", "晚班"}}));
    const PaperRecord& next = world.paper(world.paper(shift).body["next"].get<std::string>());
    EXPECT_EQ(next.body["matters"][0]["from"], help);
}

TEST(Papers, the_rows_a_step_needs_are_named) {
    PapersWorld world;
    const Wanted wanted =
        world.desk.needs({"r", kLead, PapersWorld::act("ntc_1", "give_try", {{"user", "wang"}}, {"art_1"})});
    EXPECT_EQ(wanted.papers.ids, (std::vector<std::string>{"ntc_1", "art_1"}));
    using Pairs = std::vector<std::pair<std::string, std::string>>;
    EXPECT_EQ(wanted.papers.marks, (Pairs{{"ntc_1", "zhao"}, {"ntc_1", "wang"}}));
    const Wanted shift = world.desk.needs({"r", kLead, ActOnPaper{"shift", "", "open", {{"group", "sales"}}, {}}});
    EXPECT_EQ(shift.papers.marks, (Pairs{{"shift:sales", ""}}));
    const Wanted due = world.desk.needs({"r", kSystem, DeadlineReached{"qst_1", "due", 1}});
    EXPECT_TRUE(due.orders.empty());
    EXPECT_EQ(due.papers.ids, (std::vector<std::string>{"qst_1"}));
}

}  // namespace
}  // namespace citybridge::desk::testing
