#include "core/node/node_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace citybridge {
namespace {

NodeConfig with_calls(std::vector<RawSetting> settings) {
    NodeConfig config;
    config.city = "beijing";
    config.sections["calls"] = {{"node.xml", 2, 1}, std::move(settings)};
    return config;
}

calls::CallSettings digits(const std::string& text, Problems& problems) {
    const NodeConfig config = with_calls({{"agent_number_digits", text, {"node.xml", 3, 5}}});
    const CallsConfig calls = read_calls(config, problems);
    return call_settings(config, calls, "pbx1");
}

TEST(CallsSettings, digits_are_a_number_or_a_range) {
    Problems problems;
    const auto range = digits("3-5", problems);
    EXPECT_EQ(range.agent_digits_min, 3);
    EXPECT_EQ(range.agent_digits_max, 5);
    const auto one = digits("4", problems);
    EXPECT_EQ(one.agent_digits_min, 4);
    EXPECT_EQ(one.agent_digits_max, 4);
    EXPECT_TRUE(problems.empty());
}

TEST(CallsSettings, other_digits_are_told_with_their_place) {
    for (const char* text : {"", "x", "5-3", "0-3", "3-21", "3-", "-3", "3-5x", "3 - 5"}) {
        Problems problems;
        digits(text, problems);
        ASSERT_EQ(problems.size(), 1U) << text;
        EXPECT_THAT(to_string(problems[0]), testing::HasSubstr("node.xml:3:5: agent_number_digits")) << text;
    }
}

TEST(CallsSettings, the_region_is_two_capital_letters) {
    Problems problems;
    read_calls(with_calls({{"region", "china", {"node.xml", 3, 5}}}), problems);
    EXPECT_THAT(problems, testing::SizeIs(1));
}

TEST(CallsSettings, an_empty_outside_prefix_is_allowed) {
    Problems problems;
    EXPECT_EQ(read_calls(with_calls({{"outside_prefix", "", {"node.xml", 3, 5}}}), problems).outside_prefix, "");
    EXPECT_TRUE(problems.empty());
}

}  // namespace
}  // namespace citybridge
