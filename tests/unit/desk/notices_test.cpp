// Notices with reading confirmed and a test that gives a skill (FLOWS.md E5).
#include "tests/unit/desk/papers_world.h"

namespace citybridge::desk::testing {
namespace {

// For the group sales: two questions, 80 percent pass, two tries, the skill "mortgage".
std::string published_notice(PapersWorld& world) {
    std::string id = world.open(
        kLead, "notice",
        {{"title", "新产品"}, {"text", "新的贷款产品"}, {"groups", {"sales"}}, {"skill", "mortgage"}, {"tries", 2}});
    world.done(kLead, PapersWorld::act(id, "add_question",
                                       {{"text", "利率？"}, {"choices", {"3%", "4%", "5%"}}, {"right", 2}}));
    world.done(kLead,
               PapersWorld::act(id, "add_question", {{"text", "期限？"}, {"choices", {"20年", "30年"}}, {"right", 2}}));
    world.done(kLead, PapersWorld::act(id, "publish"));
    return id;
}

Fields body_of(const Decision& decision) { return Fields::parse(decision.reply.body); }

TEST(Notices, reading_is_confirmed_once_per_person) {
    PapersWorld world;
    const std::string id = published_notice(world);
    world.done(kWang, PapersWorld::act(id, "read"));
    const WallTime first = world.view.marks.at(id + "\nwang\nread").at;
    world.now += std::chrono::hours{1};
    const Decision again = world.done(kWang, PapersWorld::act(id, "read"));
    EXPECT_TRUE(again.changes.empty());
    EXPECT_EQ(body_of(again)["read_at"], to_rfc3339(first));
    EXPECT_EQ(world.refused(kLi, PapersWorld::act(id, "read")), "auth.forbidden") << "it is for sales";
}

TEST(Notices, only_who_passes_gets_the_skill) {
    PapersWorld world;
    const std::string id = published_notice(world);
    EXPECT_EQ(world.refused(kWang, PapersWorld::act(id, "attempt", {{"answers", {"2", "2"}}})), "notice.not_read");
    world.done(kWang, PapersWorld::act(id, "read"));
    const Decision failed = world.done(kWang, PapersWorld::act(id, "attempt", {{"answers", {"2", "1"}}}));
    EXPECT_EQ(body_of(failed)["score"], 50);
    EXPECT_EQ(body_of(failed)["passed"], false);
    EXPECT_EQ(body_of(failed)["tries_left"], 1);
    EXPECT_TRUE(world.view.skills.empty());
    const Decision passed = world.done(kWang, PapersWorld::act(id, "attempt", {{"answers", {"2", "2"}}}));
    EXPECT_EQ(body_of(passed)["score"], 100);
    EXPECT_EQ(body_of(passed)["skill"], "mortgage");
    const SkillRecord& skill = world.view.skills.at("wang\nmortgage");
    EXPECT_EQ(skill.source, id);
    EXPECT_FALSE(skill.revoked_at);
    EXPECT_EQ(world.refused(kWang, PapersWorld::act(id, "attempt", {{"answers", {"2", "2"}}})),
              "paper.action_not_possible");
}

TEST(Notices, tries_are_used_up_and_a_team_lead_gives_another) {
    PapersWorld world;
    const std::string id = published_notice(world);
    world.done(kWang, PapersWorld::act(id, "read"));
    for (int i = 0; i < 2; ++i) world.done(kWang, PapersWorld::act(id, "attempt", {{"answers", {"1", "1"}}}));
    EXPECT_EQ(world.refused(kWang, PapersWorld::act(id, "attempt", {{"answers", {"2", "2"}}})), "notice.no_tries_left");
    EXPECT_EQ(world.refused(kWang, PapersWorld::act(id, "give_try", {{"user", "wang"}})), "auth.forbidden");
    world.done(kLead, PapersWorld::act(id, "give_try", {{"user", "wang"}}));
    world.done(kWang, PapersWorld::act(id, "attempt", {{"answers", {"2", "2"}}}));
    EXPECT_EQ(world.view.skills.size(), 1U);
}

TEST(Notices, answers_that_are_none_cost_no_try) {
    PapersWorld world;
    const std::string id = published_notice(world);
    world.done(kWang, PapersWorld::act(id, "read"));
    for (const Fields& answers : {Fields{"2"}, Fields{"2", "2", "2"}, Fields{"2", "3"}, Fields{"2", "x"}})
        EXPECT_EQ(world.refused(kWang, PapersWorld::act(id, "attempt", {{"answers", answers}})), "paper.bad_fields")
            << answers.dump();
    EXPECT_FALSE(world.view.marks.contains(id + "\nwang\ntries"));
}

TEST(Notices, right_answers_are_shown_to_nobody_who_is_tested) {
    PapersWorld world;
    const std::string id = published_notice(world);
    EXPECT_EQ(paper_json(world.paper(id)).dump().find("\"right\""), std::string::npos);
    EXPECT_NE(paper_json(world.paper(id), true).dump().find("\"right\""), std::string::npos);
    for (const auto& [key, entry] : world.view.entries)
        EXPECT_FALSE(entry.detail.contains("right")) << "the history is for everybody";
}

TEST(Notices, a_skill_without_a_test_and_a_changed_test_are_refused) {
    PapersWorld world;
    const std::string bare = world.open(kLead, "notice", {{"title", "x"}, {"text", "y"}, {"skill", "mortgage"}});
    EXPECT_EQ(world.refused(kLead, PapersWorld::act(bare, "publish")), "paper.bad_fields");
    EXPECT_EQ(world.refused(kLead, PapersWorld::act(bare, "add_question",
                                                    {{"text", "?"}, {"choices", {"a", "b"}}, {"right", 3}})),
              "paper.bad_fields");
    const std::string id = published_notice(world);
    EXPECT_EQ(world.refused(kLead, PapersWorld::act(id, "remove_question", {{"number", 1}})),
              "paper.action_not_possible");
    EXPECT_EQ(world.refused(kWang, ActOnPaper{"notice", "", "open", {{"title", "x"}, {"text", "y"}}, {}}),
              "auth.forbidden");
}

TEST(Notices, questions_go_back_to_who_wrote_it_and_answers_to_all) {
    PapersWorld world;
    const std::string id = published_notice(world);
    const Decision asked = world.done(kWang, PapersWorld::act(id, "ask", {{"text", "外地户口呢？"}}));
    EXPECT_EQ(std::get<PaperChanged>(asked.events.at(0)).users, (std::vector<std::string>{"zhao"}));
    EXPECT_EQ(world.refused(kWang, PapersWorld::act(id, "reply", {{"text", "x"}})), "auth.forbidden");
    const Decision replied = world.done(kLead, PapersWorld::act(id, "reply", {{"text", "一样"}}));
    EXPECT_TRUE(std::get<PaperChanged>(replied.events.at(0)).everybody);
    world.done(kLead, PapersWorld::act(id, "withdraw"));
    EXPECT_EQ(world.refused(kWang, PapersWorld::act(id, "read")), "paper.action_not_possible");
}

}  // namespace
}  // namespace citybridge::desk::testing
