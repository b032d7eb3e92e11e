#include "core/api/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace citybridge {
namespace {

struct Config {
    std::string host;
    std::int64_t port = 0;
    bool filter = false;
    std::string auth;
    std::vector<std::string> events;
    std::string secret;
};

const std::vector<Setting<Config>>& table() {
    static const std::vector<Setting<Config>> rows{
        {{.name = "host", .fallback = "127.0.0.1", .sentence = "Where."}, &Config::host},
        {{.name = "port",
          .type = SettingType::integer,
          .fallback = "5038",
          .min = 1,
          .max = 65535,
          .sentence = "Port."},
         &Config::port},
        {{.name = "filter", .type = SettingType::boolean, .fallback = "true", .sentence = "Filter."}, &Config::filter},
        {{.name = "auth", .type = SettingType::choice, .fallback = "md5", .choices = "plain|md5", .sentence = "How."},
         &Config::auth},
        {{.name = "events", .type = SettingType::list, .fallback = "A, B", .sentence = "Which."}, &Config::events},
        {{.name = "secret", .required = true, .secret = true, .sentence = "Password."}, &Config::secret},
    };
    return rows;
}

RawSettings raw(const std::vector<std::pair<std::string, std::string>>& settings) {
    RawSettings out{{"node.xml", 3, 5}, {}};
    int line = 4;
    for (auto& [name, value] : settings) out.settings.push_back({name, value, {"node.xml", line++, 7}});
    return out;
}

std::vector<std::string> problems_of(const RawSettings& settings) {
    Problems problems;
    parse_settings(table(), settings, problems);
    std::vector<std::string> texts;
    for (const Problem& problem : problems) texts.push_back(to_string(problem));
    return texts;
}

TEST(Settings, defaults_fill_what_is_not_given) {
    Problems problems;
    const Config config = parse_settings(table(), raw({{"secret", "s3"}}), problems);
    EXPECT_TRUE(problems.empty());
    EXPECT_EQ(config.host, "127.0.0.1");
    EXPECT_EQ(config.port, 5038);
    EXPECT_TRUE(config.filter);
    EXPECT_EQ(config.auth, "md5");
    EXPECT_THAT(config.events, testing::ElementsAre("A", "B"));
}

TEST(Settings, given_values_win) {
    Problems problems;
    const Config config = parse_settings(
        table(), raw({{"secret", "s"}, {"port", "1"}, {"filter", "false"}, {"auth", "plain"}, {"events", " X ,, Y"}}),
        problems);
    EXPECT_TRUE(problems.empty());
    EXPECT_EQ(config.port, 1);
    EXPECT_FALSE(config.filter);
    EXPECT_EQ(config.auth, "plain");
    EXPECT_THAT(config.events, testing::ElementsAre("X", "Y"));
}

TEST(Settings, every_problem_is_told_with_its_place) {
    const auto problems = problems_of(
        raw({{"prot", "1"}, {"port", "50x"}, {"filter", "yes"}, {"auth", "md6"}, {"host", "a"}, {"host", "b"}}));
    ASSERT_EQ(problems.size(), 6U);
    EXPECT_THAT(problems[0], testing::HasSubstr("node.xml:4:7: unknown setting \"prot\""));
    EXPECT_THAT(problems[1], testing::HasSubstr("node.xml:5:7: port must be a whole number"));
    EXPECT_THAT(problems[2], testing::HasSubstr("node.xml:6:7: filter must be true or false"));
    EXPECT_THAT(problems[3], testing::HasSubstr("node.xml:7:7: auth must be one of plain|md5"));
    EXPECT_THAT(problems[4], testing::HasSubstr("node.xml:9:7: setting \"host\" is given twice"));
    EXPECT_THAT(problems[5], testing::HasSubstr("node.xml:3:5: missing setting \"secret\""));
}

TEST(Settings, ranges_hold) {
    EXPECT_THAT(problems_of(raw({{"secret", "s"}, {"port", "0"}})),
                testing::ElementsAre(testing::HasSubstr("from 1 to 65535")));
    EXPECT_THAT(problems_of(raw({{"secret", "s"}, {"port", "65536"}})), testing::SizeIs(1));
    EXPECT_THAT(problems_of(raw({{"secret", "s"}, {"port", "99999999999999999999"}})), testing::SizeIs(1));
    EXPECT_THAT(problems_of(raw({{"secret", "s"}, {"port", "65535"}})), testing::IsEmpty());
    EXPECT_THAT(problems_of(raw({{"secret", ""}})), testing::SizeIs(1));
}

TEST(Settings, a_secret_is_never_in_a_message) {
    const SettingDoc doc{.name = "pin", .type = SettingType::integer, .secret = true, .sentence = "Pin."};
    EXPECT_THAT(check_value(doc, "hunter2"), testing::Not(testing::HasSubstr("hunter2")));
    EXPECT_FALSE(check_value(doc, "hunter2").empty());
}

}  // namespace
}  // namespace citybridge
