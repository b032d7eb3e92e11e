#include "core/host/plugin_set.h"

#include <gtest/gtest.h>

#include "core/api/plugin.h"
#include "tests/unit/host/recording_sink.h"
#include "tests/unit/host/test_support.h"

namespace citybridge {
namespace {

using namespace std::chrono_literals;

PluginConfig plugin(const std::string& library, const std::string& name, int line = 3) {
    const Position place{"city.xml", line, 5};
    return {library, name, place, {place, {{"port", "5038", {"city.xml", line, 20}}}}};
}

class PluginSetTest : public testing::Test {
protected:
    Problems load(PluginSet& set, const std::vector<PluginConfig>& plugins) {
        Problems problems;
        set.load(plugins, problems);
        return problems;
    }
    test::Recorder recorder_;
    HostOptions options_ = recorder_.options();
};

TEST_F(PluginSetTest, StartsInOrderAndStopsInReverse) {
    PluginSet set(options_);
    ASSERT_TRUE(
        load(set, {plugin("well_behaved", "a"), plugin("well_behaved", "b"), plugin("well_behaved", "c")}).empty());
    ASSERT_TRUE(set.start());
    set.stop();
    set.stop();
    EXPECT_EQ(recorder_.steps(),
              (std::vector<std::string>{"a:start", "b:start", "c:start", "c:stop", "b:stop", "a:stop"}));
    EXPECT_EQ(set.abandoned(), 0U);
}

TEST_F(PluginSetTest, AFailedStartUndoesTheStartedOnesInReverse) {
    PluginSet set(options_);
    ASSERT_TRUE(load(set, {plugin("well_behaved", "a"), plugin("well_behaved", "b"), plugin("throws_in_start", "c"),
                           plugin("well_behaved", "d")})
                    .empty());
    const auto started = set.start();
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, "plugin.exception");
    EXPECT_NE(started.error().detail.find("instance c: start threw"), std::string::npos);
    EXPECT_EQ(recorder_.steps(), (std::vector<std::string>{"a:start", "b:start", "c:start", "b:stop", "a:stop"}));
}

TEST_F(PluginSetTest, AHangingStartUndoesTheStartedOnesToo) {
    options_.start_timeout = 50ms;
    PluginSet set(options_);
    ASSERT_TRUE(load(set, {plugin("well_behaved", "a"), plugin("hangs_in_start", "b")}).empty());
    EXPECT_EQ(set.start().error().code, "plugin.start_timeout");
    EXPECT_EQ(recorder_.steps(), (std::vector<std::string>{"a:start", "b:start", "a:stop"}));
    EXPECT_EQ(set.abandoned(), 1U);
}

TEST_F(PluginSetTest, AHangingStopDoesNotKeepTheOthersFromStopping) {
    PluginSet set(options_);
    ASSERT_TRUE(
        load(set, {plugin("well_behaved", "a"), plugin("hangs_in_stop", "b"), plugin("throws_in_stop", "c")}).empty());
    ASSERT_TRUE(set.start());
    set.stop();
    EXPECT_EQ(recorder_.steps(),
              (std::vector<std::string>{"a:start", "b:start", "c:start", "c:stop", "b:stop", "a:stop"}));
    EXPECT_EQ(set.abandoned(), 1U);
}

TEST_F(PluginSetTest, TheDestructorStopsWhatRuns) {
    {
        PluginSet set(options_);
        ASSERT_TRUE(load(set, {plugin("well_behaved", "a"), plugin("well_behaved", "b")}).empty());
        ASSERT_TRUE(set.start());
    }
    EXPECT_EQ(recorder_.steps(), (std::vector<std::string>{"a:start", "b:start", "b:stop", "a:stop"}));
    const auto ticks = recorder_.ticks();
    std::this_thread::sleep_for(10ms);
    EXPECT_EQ(recorder_.ticks(), ticks);
}

TEST_F(PluginSetTest, EveryProblemOfEveryInstanceIsTold) {
    PluginSet set(options_);
    auto unknown = plugin("well_behaved", "a", 10);
    unknown.settings.settings.push_back({"grreting", "hi", {"city.xml", 11, 7}});
    auto missing = plugin("well_behaved", "b", 20);
    missing.settings.settings.clear();
    auto rude = plugin("well_behaved", "c", 30);
    rude.settings.settings.push_back({"greeting", "rude", {"city.xml", 31, 7}});
    const auto problems = load(set, {unknown, missing, rude, plugin("wrong_abi", "d", 40), plugin("nowhere", "e", 50),
                                     plugin("throws_in_create", "f", 60), plugin("throws_in_configure", "g", 70)});
    std::vector<std::string> starts;
    for (const auto& problem : problems) {
        const auto text = to_string(problem);
        starts.push_back(text.substr(0, text.find(' ', text.find(' ') + 1)));
    }
    EXPECT_EQ(starts,
              (std::vector<std::string>{"city.xml:11:7: unknown", "city.xml:20:5: missing", "city.xml:30:5: greeting",
                                        "city.xml:40:5: plugin.abi:", "city.xml:50:5: plugin.open:",
                                        "city.xml:60:5: plugin.exception:", "city.xml:70:5: plugin.exception:"}));
    EXPECT_FALSE(set.start());
}

TEST_F(PluginSetTest, TellsTheStateOfEachInstance) {
    PluginSet set(options_);
    load(set, {plugin("well_behaved", "a"), plugin("wrong_build", "b")});
    auto infos = set.status();
    ASSERT_EQ(infos.size(), 2U);
    EXPECT_EQ(infos[0].name, "a");
    EXPECT_EQ(infos[0].library, "well_behaved");
    EXPECT_EQ(infos[0].version, "1.2.3");
    EXPECT_EQ(infos[0].state, "configured");
    EXPECT_EQ(infos[0].last_error, std::nullopt);
    EXPECT_EQ(infos[1].state, "failed");
    EXPECT_EQ(infos[1].version, "");
    EXPECT_EQ(infos[1].last_error->code, "plugin.build");
    EXPECT_FALSE(set.start());
    EXPECT_EQ(set.status()[0].state, "stopped");
}

TEST_F(PluginSetTest, CapabilitiesAreFoundByInstanceName) {
    PluginSet set(options_);
    ASSERT_TRUE(load(set, {plugin("well_behaved", "a"), plugin("well_behaved", "b")}).empty());
    EXPECT_NE(set.find("a").pbx, nullptr);
    EXPECT_NE(set.find("b").pbx, nullptr);
    EXPECT_NE(set.find("a").pbx, set.find("b").pbx);
    EXPECT_EQ(set.find("c").pbx, nullptr);
}

}  // namespace
}  // namespace citybridge
