#include "adapters/freeswitch/settings.h"

#include <gtest/gtest.h>

namespace citybridge::freeswitch {
namespace {

RawSettings raw(const std::vector<std::pair<std::string, std::string>>& values) {
    RawSettings out;
    for (auto& [name, value] : values) {
        RawSetting setting;
        setting.name = name;
        setting.value = value;
        out.settings.push_back(std::move(setting));
    }
    return out;
}

TEST(Settings, AddressAndPasswordAreEnough) {
    Problems problems;
    const Config config = parse_config(raw({{"host", "10.0.0.5"}, {"password", "ClueCon"}}), problems);
    EXPECT_TRUE(problems.empty());
    EXPECT_EQ(config.port, 8021);
    const SessionSettings session = session_settings(config);
    EXPECT_EQ(session.password, "ClueCon");
    EXPECT_EQ(session.commands.context, "default");
    EXPECT_EQ(session.translator.trunk_profiles, std::vector<std::string>{"external"});
}

TEST(Settings, WhatWouldBreakACommandIsRefused) {
    for (const auto& [name, value] :
         std::vector<std::pair<std::string, std::string>>{{"password", "a\nb"},
                                                          {"domain", "bei jing"},
                                                          {"context", "default}"},
                                                          {"recording_folder", "/srv/rec ordings"},
                                                          {"caller_id", "1,2"}}) {
        std::vector<std::pair<std::string, std::string>> values{{"host", "x"}, {name, value}};
        if (name != "password") values.emplace_back("password", "y");
        Problems problems;
        (void)parse_config(raw(values), problems);
        EXPECT_EQ(problems.size(), 1U) << name;
    }
}

TEST(Settings, AHighestWaitBelowTheLowestIsRefused) {
    Problems problems;
    (void)parse_config(
        raw({{"host", "x"}, {"password", "y"}, {"reconnect_min_ms", "5000"}, {"reconnect_max_ms", "1000"}}), problems);
    EXPECT_EQ(problems.size(), 1U);
}

TEST(Settings, WithoutAPasswordNothingStarts) {
    Problems problems;
    (void)parse_config(raw({{"host", "x"}}), problems);
    EXPECT_EQ(problems.size(), 1U);
}

}  // namespace
}  // namespace citybridge::freeswitch
