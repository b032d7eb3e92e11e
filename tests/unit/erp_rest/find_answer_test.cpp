#include "plugins/erp_rest/find_answer.h"

#include <gtest/gtest.h>

namespace citybridge::erp_rest {
namespace {

TEST(ExternalId, IsTextOrAWholeNumber) {
    EXPECT_EQ(external_id_in(R"({"id":"A1"})", Pointer("/id")), "A1");
    EXPECT_EQ(external_id_in(R"({"data":[{"nr":17}]})", Pointer("/data/0/nr")), "17");
    EXPECT_EQ(external_id_in(R"("A1")", Pointer("")), "A1");
    for (const char* body :
         {"", "no json", "{}", R"({"id":null})", R"({"id":1.5})", R"({"id":{}})", R"({"id":""})", "[]"})
        EXPECT_EQ(external_id_in(body, Pointer("/id")), "") << body;
    EXPECT_EQ(external_id_in(R"({"id":")" + std::string(10'000, 'x') + "\"}", Pointer("/id")), "");
}

FindReply read(std::string body, const FindRules& rules, int status = 200) {
    HttpOutcome outcome;
    outcome.progress = HttpProgress::answered;
    outcome.status = status;
    outcome.body = std::move(body);
    return find_reply(outcome, rules, "k1");
}

TEST(FindAnswer, TheListMayLieDeeper) {
    const FindRules rules{Pointer("/items/0/id"), Pointer("/items/0/key"), true, false};
    EXPECT_EQ(read(R"({"items":[]})", rules).outcome, FindReply::Outcome::absent);
    EXPECT_EQ(read(R"({"items":[{"id":1,"key":"k1"}]})", rules).external_id, "1");
    EXPECT_EQ(read(R"({"items":[{"id":1,"key":"k2"}]})", rules).outcome, FindReply::Outcome::failed);
    EXPECT_EQ(read(R"({"items":[{"id":1}]})", rules).outcome, FindReply::Outcome::failed);
}

TEST(FindAnswer, AnUnknownShapeIsNoAbsence) {
    const FindRules rules{Pointer("/items/0/id"), Pointer(), false, false};
    for (const char* body :
         {"{}", "[]", R"({"error":"x"})", R"({"items":{}})", R"({"items":null})", R"({"items":[{}]})", "null"})
        EXPECT_EQ(read(body, rules).outcome, FindReply::Outcome::failed) << body;
}

TEST(FindAnswer, WithAbsenceBy404AnEmptyListIsAMistake) {
    const FindRules rules{Pointer("/0/id"), Pointer(), false, true};
    EXPECT_EQ(read("[]", rules).outcome, FindReply::Outcome::failed);
    EXPECT_EQ(read("", rules, 404).outcome, FindReply::Outcome::absent);
}

}  // namespace
}  // namespace citybridge::erp_rest
