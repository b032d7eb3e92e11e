// <centre>: what is right is taken over, what is wrong is told with its place.
#include "core/node/centre_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace citybridge {
namespace {

NodeConfig with_centre(std::vector<RawSetting> settings) {
    const std::string shipped = CITYBRIDGE_SOURCE_DIR "/config/dispositions/standard.xml";
    settings.push_back({"dispositions", shipped, {"node.xml", 2, 9}});
    NodeConfig config;
    config.city = "beijing";
    config.sections["centre"] = {{"node.xml", 2, 1}, std::move(settings)};
    return config;
}

TEST(CentreSettings, defaults_ask_for_nothing_and_follow_the_rules_of_the_centres) {
    Problems problems;
    const desk::Centre centre = read_centre(with_centre({}), problems);
    EXPECT_TRUE(problems.empty());
    EXPECT_FALSE(centre.disposition_required);
    EXPECT_FALSE(centre.dispositions.empty());
    EXPECT_TRUE(centre.approvals.empty());
    EXPECT_EQ(centre.normal_days, 3);
    EXPECT_EQ(centre.highest, std::chrono::hours(2));
}

TEST(CentreSettings, approvals_name_a_group_or_a_role) {
    Problems problems;
    const desk::Centre centre = read_centre(
        with_centre({{"article_approvals", "product=group:product, centre=role:supervisor", {"node.xml", 3, 5}}}),
        problems);
    EXPECT_TRUE(problems.empty());
    ASSERT_EQ(centre.approvals.size(), 2U);
    EXPECT_EQ(centre.approvals[0].name, "product");
    EXPECT_EQ(centre.approvals[0].group, "product");
    EXPECT_EQ(centre.approvals[1].role, "supervisor");
}

TEST(CentreSettings, wrong_approvals_are_told_with_their_place) {
    for (const char* text : {"product", "product=", "=group:x", "product=group:", "product=person:x", "x=role:king"}) {
        Problems problems;
        read_centre(with_centre({{"article_approvals", text, {"node.xml", 3, 5}}}), problems);
        ASSERT_EQ(problems.size(), 1U) << text;
        EXPECT_THAT(to_string(problems[0]), testing::HasSubstr("node.xml:3:5: ")) << text;
    }
}

TEST(CentreSettings, a_file_that_is_not_there_is_told) {
    Problems problems;
    NodeConfig config = with_centre({});
    config.sections["centre"].settings[0].value = "/nowhere/tree.xml";
    read_centre(config, problems);
    EXPECT_EQ(problems.size(), 1U);
}

}  // namespace
}  // namespace citybridge
