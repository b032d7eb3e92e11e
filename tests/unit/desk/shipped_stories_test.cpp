// Every story that comes with the flows, and that every flow has one.
#include <gtest/gtest.h>

#include <set>

#include "core/desk/story.h"

namespace citybridge::desk {
namespace {

const std::string kConfig = CITYBRIDGE_SOURCE_DIR "/config";

struct ShippedStories : ::testing::Test {
    void SetUp() override {
        Problems problems;
        files_ = load_stories(kConfig + "/flows/stories", problems);
        stage_ = load_stage(kConfig + "/flows", kConfig + "/calendars", kConfig + "/directory", files_, problems);
        for (const Problem& problem : problems) ADD_FAILURE() << to_string(problem);
        ASSERT_TRUE(problems.empty());
    }
    std::vector<StoryFile> files_;
    StoryStage stage_;
};

TEST_F(ShippedStories, AreTrue) {
    for (const StoryFile& file : files_)
        for (const Story& story : file.stories)
            for (const Problem& wrong : play(stage_, file, story))
                ADD_FAILURE() << story.title << "\n" << to_string(wrong);
}

TEST_F(ShippedStories, TellOfEveryFlow) {
    std::set<std::string> told;
    for (const StoryFile& file : files_) told.insert(file.kind);
    for (const Flow* flow : stage_.flows.all()) EXPECT_TRUE(told.contains(flow->kind)) << flow->kind;
}

TEST_F(ShippedStories, TellOfEveryRule) {
    std::set<std::string> told;
    for (const StoryFile& file : files_)
        for (const Story& story : file.stories) {
            std::string rest = story.rule;
            for (std::size_t at = 0; !rest.empty(); rest.erase(0, at + 1)) {
                at = std::min(rest.find(' '), rest.size());
                told.insert(rest.substr(0, at));
                if (at == rest.size()) break;
            }
        }
    for (int i = 1; i <= 17; ++i) EXPECT_TRUE(told.contains("B" + std::to_string(i))) << i;
    for (const char* rule : {"A4", "C1", "E1", "E3", "E4", "E5", "E6", "F5", "F6"})
        EXPECT_TRUE(told.contains(rule)) << rule;
}

// A story that cannot fail proves nothing.
TEST_F(ShippedStories, FailWhereTheyAreWrong) {
    const auto told = [&](const std::string& steps) {
        Problems problems;
        const StoryFile file = parse_stories("wrong.xml", R"(<stories flow="repair" calendar="standard">
<person name="li" role="agent" groups="service"/>
<story title="t" rule="B3"><at time="2026-11-23 10:00"/>
<open by="li"><field name="category" value="water"/><field name="address" value="a"/><field name="description" value="d"/></open>
)" + steps + "</story></stories>",
                                             problems);
        EXPECT_TRUE(problems.empty());
        const Problems wrong = play(stage_, file, file.stories.at(0));
        return wrong.empty() ? std::string("true") : to_string(wrong.front());
    };
    EXPECT_EQ(told(R"(<expect state="new"/>)"), "true");
    EXPECT_TRUE(told(R"(<expect state="closed"/>)").starts_with("wrong.xml:5:1: "))
        << told(R"(<expect state="closed"/>)");
    EXPECT_NE(told(R"(<expect><due follow_up="property_called" at="2026-11-23 11:01"/></expect>)"), "true");
    EXPECT_NE(told(R"(<expect><sent to="erp" message="open_order" count="2"/></expect>)"), "true");
    EXPECT_NE(told(R"(<expect><told message="erp_silent"/></expect>)"), "true");
    EXPECT_NE(told(R"(<act by="li" order="last" action="responsible_reached"/>)"), "true");
    EXPECT_NE(told(R"(<act by="li" order="last" action="cancel" note="x" refused="auth.forbidden"/>)"), "true");
    EXPECT_NE(told(R"(<at time="2026-11-23 09:00"/>)"), "true");
    EXPECT_NE(told(R"(<count is="2"/>)"), "true");
}

TEST(StoryFiles, SayWhereTheyAreWrong) {
    Problems problems;
    parse_stories("s.xml", R"(<stories flow="repair" calendar="standard">
<story title="t" rule="B3"><dance/></story>
<story title="t"><open by="li" colour="red"/></story></stories>)",
                  problems);
    ASSERT_EQ(problems.size(), 3U);
    EXPECT_TRUE(to_string(problems[0]).starts_with("s.xml:2:28: ")) << to_string(problems[0]);
}

}  // namespace
}  // namespace citybridge::desk
