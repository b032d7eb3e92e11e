// The knowledge base (FLOWS.md B1): articles and their approvals; a question that
// was not found is escalated, answered, and becomes an article.
#include "tests/unit/desk/papers_world.h"

namespace citybridge::desk::testing {
namespace {

Centre with_approvals() {
    Centre centre;
    centre.approvals = {{"product", "product", ""}, {"centre", "", "supervisor"}};
    return centre;
}

const Fields kArticle{{"title", "公积金贷款"}, {"text", "提取公积金需要身份证和购房合同。"}, {"tags", {"贷款"}}};

TEST(Articles, without_approvals_a_team_lead_publishes_and_words_are_found) {
    PapersWorld world;
    const std::string id = world.open(kWang, "article", kArticle);
    EXPECT_EQ(world.paper(id).state, "draft");
    EXPECT_TRUE(world.view.words.empty()) << "a draft is not found";
    EXPECT_EQ(world.refused(kWang, PapersWorld::act(id, "publish")), "auth.forbidden");
    world.done(kLead, PapersWorld::act(id, "publish"));
    EXPECT_EQ(world.paper(id).state, "published");
    const PaperWords& words = world.view.words.at(id);
    EXPECT_NE(words.title.find("公积"), std::string::npos);
    EXPECT_NE(words.tags.find("贷款"), std::string::npos);
    EXPECT_NE(words.body.find("合同"), std::string::npos);
}

TEST(Articles, appear_only_when_all_approved_in_order) {
    PapersWorld world(with_approvals());
    const std::string id = world.open(kWang, "article", kArticle);
    EXPECT_EQ(world.refused(kProduct, PapersWorld::act(id, "approve")), "paper.action_not_possible");
    world.done(kWang, PapersWorld::act(id, "submit"));
    EXPECT_EQ(world.paper(id).state, "review");
    EXPECT_EQ(world.refused(kChief, PapersWorld::act(id, "approve")), "auth.forbidden") << "the product comes first";
    EXPECT_EQ(world.refused(kLead, PapersWorld::act(id, "publish")), "paper.action_not_possible");
    world.done(kProduct, PapersWorld::act(id, "approve"));
    EXPECT_EQ(world.paper(id).state, "review");
    EXPECT_EQ(world.refused(kProduct, PapersWorld::act(id, "approve")), "auth.forbidden");
    const Decision last = world.done(kChief, PapersWorld::act(id, "approve"));
    EXPECT_EQ(world.paper(id).state, "published");
    EXPECT_EQ(PapersWorld::event_of(last), "article.published");
}

TEST(Articles, a_change_after_an_approval_needs_all_of_them_again) {
    PapersWorld world(with_approvals());
    const std::string id = world.open(kWang, "article", kArticle);
    world.done(kWang, PapersWorld::act(id, "submit"));
    world.done(kProduct, PapersWorld::act(id, "approve"));
    world.done(kWang, PapersWorld::act(id, "edit", {{"text", "另一段文字"}}));
    EXPECT_EQ(world.paper(id).state, "draft");
    EXPECT_TRUE(world.paper(id).body["approvals"].empty());
    world.done(kWang, PapersWorld::act(id, "submit"));
    EXPECT_EQ(world.refused(kChief, PapersWorld::act(id, "approve")), "auth.forbidden");
}

TEST(Articles, what_is_published_stays_until_its_new_version_is_approved_and_old_ones_are_kept) {
    PapersWorld world(with_approvals());
    const std::string id = world.open(kWang, "article", kArticle);
    world.done(kWang, PapersWorld::act(id, "submit"));
    world.done(kProduct, PapersWorld::act(id, "approve"));
    world.done(kChief, PapersWorld::act(id, "approve"));
    world.done(kWang, PapersWorld::act(id, "edit", {{"text", "新版"}, {"title", "公积金新政"}}));
    EXPECT_EQ(world.paper(id).state, "published");
    EXPECT_EQ(world.paper(id).title, "公积金贷款");
    EXPECT_EQ(world.paper(id).body["text"], kArticle["text"]);
    world.done(kProduct, PapersWorld::act(id, "approve"));
    world.done(kChief, PapersWorld::act(id, "approve"));
    EXPECT_EQ(world.paper(id).title, "公积金新政");
    EXPECT_EQ(world.paper(id).body["text"], "新版");
    EXPECT_EQ(world.paper(id).body["version"], 2);
    EXPECT_EQ(world.view.words.at(id).body.find("合同"), std::string::npos) << "old words find it no more";
    std::vector<Fields> versions;
    for (const auto& [key, entry] : world.view.entries)
        if (key.first == id && entry.detail.contains("text")) versions.push_back(entry.detail);
    ASSERT_EQ(versions.size(), 2U);
    EXPECT_EQ(versions[0]["text"], kArticle["text"]);
    EXPECT_EQ(versions[1]["text"], "新版");
}

TEST(Articles, a_returned_one_is_a_draft_again_and_a_retired_one_is_not_found) {
    PapersWorld world(with_approvals());
    const std::string id = world.open(kWang, "article", kArticle);
    world.done(kWang, PapersWorld::act(id, "submit"));
    EXPECT_EQ(world.refused(kZhou, PapersWorld::act(id, "return", {{"text", "?"}})), "auth.forbidden");
    EXPECT_EQ(world.refused(kProduct, PapersWorld::act(id, "return")), "paper.bad_fields");
    world.done(kProduct, PapersWorld::act(id, "return", {{"text", "缺少利率"}}));
    EXPECT_EQ(world.paper(id).state, "draft");
    EXPECT_EQ(world.refused(kWang, PapersWorld::act(id, "retire")), "auth.forbidden");
    world.done(kLead, PapersWorld::act(id, "retire"));
    EXPECT_EQ(world.paper(id).state, "retired");
    EXPECT_EQ(world.view.words.at(id), (PaperWords{id, "", "", ""}));
    EXPECT_EQ(world.refused(kWang, PapersWorld::act(id, "edit", {{"text", "x"}})), "paper.action_not_possible");
}

TEST(Articles, strangers_and_empty_ones_are_refused) {
    PapersWorld world;
    EXPECT_EQ(world.refused(kWang, ActOnPaper{"article", "", "open", {{"title", "x"}}, {}}), "paper.bad_fields");
    EXPECT_EQ(world.refused({"erp", "erp", {}}, ActOnPaper{"article", "", "open", kArticle, {}}), "auth.forbidden");
    const std::string id = world.open(kWang, "article", kArticle);
    EXPECT_EQ(world.refused(kZhou, PapersWorld::act(id, "edit", {{"text", "x"}})), "auth.forbidden");
    EXPECT_EQ(world.refused(kLead, PapersWorld::act(id, "sing")), "paper.action_not_possible");
    EXPECT_EQ(world.refused(kLead, PapersWorld::act("art_other", "edit", {{"text", "x"}})), "paper.unknown");
    ActOnPaper stale = PapersWorld::act(id, "edit", {{"text", "x"}});
    stale.revision = 7;
    EXPECT_EQ(world.refused(kWang, stale), "paper.changed_meanwhile");
}

Fields question(const std::string& level) {
    return {
        {"text", "外地户口可以贷款吗？"}, {"level", level}, {"owner", "zhao"}, {"group", "sales"}, {"contact", "c1"}};
}

TEST(Questions, are_due_in_working_days_today_or_in_two_hours) {
    // FLOWS.md B: normal (1-3 working days), high (same day), highest (2 hours); hours 8:00 to 20:00 daily.
    PapersWorld world;
    EXPECT_EQ(world.deadline(world.open(kWang, "question", question("normal")))->due_at,
              at("2026-11-26T02:00:00.000Z"));
    EXPECT_EQ(world.deadline(world.open(kWang, "question", question("high")))->due_at, at("2026-11-23T12:00:00.000Z"));
    EXPECT_EQ(world.deadline(world.open(kWang, "question", question("highest")))->due_at,
              at("2026-11-23T04:00:00.000Z"));
    world.now = at("2026-11-23T11:30:00.000Z");  // 19:30: half an hour is left today
    EXPECT_EQ(world.deadline(world.open(kWang, "question", question("highest")))->due_at,
              at("2026-11-24T01:30:00.000Z"));
    world.now = at("2026-11-23T13:00:00.000Z");  // closed: today is tomorrow
    EXPECT_EQ(world.deadline(world.open(kWang, "question", question("high")))->due_at, at("2026-11-24T12:00:00.000Z"));
}

TEST(Questions, not_found_escalated_answered_becomes_an_article_in_one_commit) {
    PapersWorld world;
    const std::string id = world.open(kWang, "question", question("highest"));
    EXPECT_EQ(world.paper(id).owner, "zhao");
    EXPECT_EQ(world.refused(kWang, PapersWorld::act(id, "answer", {{"text", "x"}})), "auth.forbidden");
    const Decision answered = world.done(
        kLead, PapersWorld::act(id, "answer", {{"title", "外地户口贷款"}, {"text", "可以，需要社保证明。"}}));
    ASSERT_EQ(answered.changes.papers.rows.size(), 2U);
    const std::string article = world.paper(id).about;
    EXPECT_EQ(world.paper(article).state, "published");
    EXPECT_EQ(world.paper(article).title, "外地户口贷款");
    EXPECT_TRUE(world.view.words.contains(article));
    EXPECT_EQ(world.paper(id).state, "answered");
    EXPECT_EQ(world.paper(id).owner, "wang") << "who asked calls the customer back";
    EXPECT_FALSE(world.deadline(id));
    world.done(kWang, PapersWorld::act(id, "close"));
    EXPECT_EQ(world.paper(id).state, "closed");
    EXPECT_TRUE(world.paper(id).closed_at);
}

TEST(Questions, may_be_answered_by_an_article_that_is_there_or_its_new_version) {
    PapersWorld world;
    const std::string article = world.open(kLead, "article", kArticle);
    world.done(kLead, PapersWorld::act(article, "publish"));
    const std::string first = world.open(kWang, "question", question("normal"));
    EXPECT_EQ(world.refused(kLead, PapersWorld::act(first, "answer", {{"article", article}})), "paper.unknown")
        << "it is not in the view";
    world.done(kLead, PapersWorld::act(first, "answer", {{"article", article}}, {article}));
    EXPECT_EQ(world.paper(first).about, article);
    EXPECT_EQ(world.paper(article).body["version"], 1);
    const std::string second = world.open(kWang, "question", question("normal"));
    world.done(kLead, PapersWorld::act(second, "answer", {{"article", article}, {"text", "新的说明"}}, {article}));
    EXPECT_EQ(world.paper(article).body["version"], 2);
    EXPECT_EQ(world.paper(article).body["text"], "新的说明");
    EXPECT_EQ(world.paper(article).title, "公积金贷款");
}

TEST(Questions, an_answer_waits_for_the_approvals_the_city_wants) {
    PapersWorld world(with_approvals());
    const std::string id = world.open(kWang, "question", question("normal"));
    world.done(kLead, PapersWorld::act(id, "answer", {{"text", "可以。"}}));
    EXPECT_EQ(world.paper(world.paper(id).about).state, "review");
    EXPECT_FALSE(world.view.words.contains(world.paper(id).about));
}

TEST(Questions, ring_once_when_they_are_overdue) {
    PapersWorld world;
    const std::string id = world.open(kWang, "question", question("highest"));
    const auto due = world.deadline(id);
    const Decision rung = world.ring(id);
    EXPECT_EQ(PapersWorld::event_of(rung), "question.overdue");
    const auto& told = std::get<PaperChanged>(rung.events.at(0));
    EXPECT_EQ(told.users, (std::vector<std::string>{"zhao", "wang"}));
    EXPECT_EQ(world.paper(id).body["overdue"], true);
    EXPECT_FALSE(world.deadline(id));
    EXPECT_TRUE(world.done(kSystem, DeadlineReached{id, due->name, due->n}).events.empty()) << "only once";
    world.done(kLead, PapersWorld::act(id, "assign", {{"owner", "sun"}, {"level", "highest"}}));
    EXPECT_EQ(world.paper(id).owner, "sun");
    EXPECT_TRUE(world.deadline(id)) << "a new level sets a new deadline";
}

TEST(Questions, closed_ones_do_not_ring_and_open_ones_are_not_closed_without_a_word) {
    PapersWorld world;
    const std::string id = world.open(kWang, "question", question("normal"));
    EXPECT_EQ(world.refused(kWang, PapersWorld::act(id, "close")), "paper.bad_fields");
    EXPECT_EQ(world.refused(kZhou, PapersWorld::act(id, "close", {{"text", "?"}})), "auth.forbidden");
    const auto due = world.deadline(id);
    world.done(kWang, PapersWorld::act(id, "close", {{"text", "客户不再需要"}}));
    EXPECT_FALSE(world.deadline(id));
    EXPECT_TRUE(world.done(kSystem, DeadlineReached{id, due->name, due->n}).events.empty());
    EXPECT_EQ(world.refused(kLead, PapersWorld::act(id, "answer", {{"text", "x"}})), "paper.action_not_possible");
    EXPECT_EQ(world.refused(kWang, ActOnPaper{"question", "", "open", {{"text", "x"}, {"level", "soon"}}, {}}),
              "paper.bad_fields");
}

}  // namespace
}  // namespace citybridge::desk::testing
