#include "adapters/asterisk/settings.h"

#include <gtest/gtest.h>

namespace citybridge::asterisk {
namespace {

RawSettings raw(const std::vector<std::pair<std::string, std::string>>& values) {
    RawSettings out{{"city.xml", 3, 5}, {}};
    int line = 4;
    for (auto& [name, value] : values) out.settings.push_back({name, value, {"city.xml", line++, 7}});
    return out;
}

TEST(AsteriskSettings, NeedOnlyHostUserAndSecret) {
    Problems problems;
    const Config config = parse_config(raw({{"host", "pbx"}, {"user", "cti"}, {"secret", "s"}}), problems);
    EXPECT_TRUE(problems.empty());
    const SessionSettings session = session_settings(config);
    EXPECT_EQ(config.port, 5038);
    EXPECT_TRUE(session.md5);
    EXPECT_TRUE(session.filter);
    EXPECT_EQ(session.refused_retry, Millis(60'000));
    EXPECT_EQ(session.reconnect_min, Millis(500));
    EXPECT_EQ(session.reconnect_max, Millis(30'000));
    EXPECT_EQ(session.translator.survey_events, std::vector<std::string>{"Satisfaction"});
    EXPECT_EQ(session.translator.charset, "GB18030");
    EXPECT_EQ(session.dial.context, "internal");
}

TEST(AsteriskSettings, SayEveryProblemWithItsPlace) {
    Problems problems;
    parse_config(raw({{"host", "pbx"}, {"user", "a\nb"}, {"port", "0"}, {"auth", "none"}}), problems);
    std::string all;
    for (const Problem& problem : problems) all += to_string(problem) + "\n";
    EXPECT_NE(all.find("city.xml:3:5"), std::string::npos) << "secret is missing: " << all;
    EXPECT_NE(all.find("city.xml:5:7"), std::string::npos) << "line break: " << all;
    EXPECT_NE(all.find("city.xml:6:7"), std::string::npos) << "port: " << all;
    EXPECT_NE(all.find("city.xml:7:7"), std::string::npos) << "auth: " << all;
}

TEST(AsteriskSettings, RefuseAReconnectLimitBelowTheFirstStep) {
    Problems problems;
    parse_config(raw({{"host", "pbx"},
                      {"user", "u"},
                      {"secret", "s"},
                      {"reconnect_min_ms", "5000"},
                      {"reconnect_max_ms", "1000"}}),
                 problems);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0].where.line, 8);
}

TEST(AsteriskSettings, NeverShowTheSecret) {
    for (const SettingDoc& doc : settings_doc().settings) EXPECT_EQ(doc.secret, doc.name == "secret") << doc.name;
}

}  // namespace
}  // namespace citybridge::asterisk
