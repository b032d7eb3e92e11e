#include "adapters/simulator/settings.h"

#include <gtest/gtest.h>

namespace citybridge::simulator {
namespace {

RawSettings raw(std::vector<RawSetting> settings) { return {{"city.xml", 3, 5}, std::move(settings)}; }

std::string only_problem(const RawSettings& settings) {
    Problems problems;
    read_settings(settings, problems);
    return problems.size() == 1 ? to_string(problems[0]) : std::to_string(problems.size()) + " problems";
}

TEST(SimulatorSettings, DefaultsAreValidAndEqualTheEnginesOwn) {
    Problems problems;
    const Config made = engine_config(read_settings(raw({}), problems));
    EXPECT_TRUE(problems.empty());
    const Config own;
    EXPECT_EQ(made.seed, own.seed);
    EXPECT_EQ(made.speed, own.speed);
    EXPECT_EQ(made.hotline, own.hotline);
    EXPECT_EQ(made.callers_per_minute, own.callers_per_minute);
    EXPECT_EQ(made.agents, own.agents);
    EXPECT_EQ(made.desks, own.desks);
    ASSERT_EQ(made.queues.size(), own.queues.size());
    for (std::size_t index = 0; index < own.queues.size(); ++index) {
        EXPECT_EQ(made.queues[index].name, own.queues[index].name);
        EXPECT_EQ(made.queues[index].strategy, own.queues[index].strategy);
    }
    EXPECT_EQ(made.menu_max, own.menu_max);
    EXPECT_EQ(made.patience_mean, own.patience_mean);
    EXPECT_EQ(made.answer_mean, own.answer_mean);
    EXPECT_EQ(made.ring_timeout, own.ring_timeout);
    EXPECT_EQ(made.queue_timeout, own.queue_timeout);
    EXPECT_EQ(made.talk_mean, own.talk_mean);
    EXPECT_EQ(made.wrap_up, own.wrap_up);
    EXPECT_EQ(made.break_every, own.break_every);
    EXPECT_EQ(made.break_mean, own.break_mean);
    EXPECT_EQ(made.menu_hangup_percent, own.menu_hangup_percent);
    EXPECT_EQ(made.answer_percent, own.answer_percent);
    EXPECT_EQ(made.refuse_percent, own.refuse_percent);
    EXPECT_EQ(made.hold_percent, own.hold_percent);
    EXPECT_EQ(made.agent_hangup_percent, own.agent_hangup_percent);
    EXPECT_EQ(made.survey_percent, own.survey_percent);
    EXPECT_EQ(made.voicemail_percent, own.voicemail_percent);
    EXPECT_EQ(made.race_percent, own.race_percent);
    EXPECT_EQ(made.internal_per_hour, own.internal_per_hour);
    EXPECT_EQ(made.regular_percent, own.regular_percent);
}

TEST(SimulatorSettings, EverySettingHasAValidDefaultAndASentence) {
    for (const auto& row : settings_table()) {
        EXPECT_EQ(check_value(row.doc, row.doc.fallback), "") << row.doc.name;
        EXPECT_TRUE(row.doc.sentence.ends_with('.')) << row.doc.name;
    }
}

TEST(SimulatorSettings, QueuesAreNamesWithStrategies) {
    Problems problems;
    const auto settings = read_settings(raw({{"queues", "vip:ringall, rest", {"city.xml", 9, 7}}}), problems);
    ASSERT_TRUE(problems.empty());
    const auto queues = engine_config(settings).queues;
    ASSERT_EQ(queues.size(), 2U);
    EXPECT_EQ(queues[0].name, "vip");
    EXPECT_EQ(queues[0].strategy, Strategy::ring_all);
    EXPECT_EQ(queues[1].name, "rest");
    EXPECT_EQ(queues[1].strategy, Strategy::round_robin);
}

TEST(SimulatorSettings, WrongQueuesAreShownWhereTheyStand) {
    const Position place{"city.xml", 9, 7};
    EXPECT_EQ(only_problem(raw({{"queues", "vip:loudest", place}})),
              "city.xml:9:7: \"vip:loudest\" in queues must be name:strategy with roundrobin, ringall or leastrecent");
    EXPECT_EQ(only_problem(raw({{"queues", "vip, vip:ringall", place}})),
              "city.xml:9:7: queue \"vip\" is named twice; keep one");
    EXPECT_EQ(only_problem(raw({{"queues", "", place}})), "city.xml:9:7: queues must name 1 to 8 queues");
    EXPECT_EQ(only_problem(raw({{"queues", "a,b,c,d,e,f,g,h,i", place}})),
              "city.xml:9:7: queues must name 1 to 8 queues");
}

TEST(SimulatorSettings, ChancesThatDoNotFitTogetherAreRefused) {
    EXPECT_EQ(only_problem(raw({{"answer_percent", "80", {"c.xml", 1, 1}}, {"refuse_percent", "30", {"c.xml", 2, 9}}})),
              "c.xml:2:9: answer_percent and refuse_percent together must not be over 100");
}

TEST(SimulatorSettings, RangesAreChecked) {
    EXPECT_NE(only_problem(raw({{"agents", "0", {"c.xml", 1, 1}}})).find("agents must be from 1 to 500"),
              std::string::npos);
    EXPECT_NE(only_problem(raw({{"speed", "fast", {"c.xml", 1, 1}}})).find("whole number"), std::string::npos);
}

}  // namespace
}  // namespace citybridge::simulator
