#include "core/host/instance.h"

#include <gtest/gtest.h>

#include <future>

#include "tests/unit/host/recording_sink.h"
#include "tests/unit/host/test_support.h"

namespace citybridge {
namespace {

using namespace std::chrono_literals;
using test::eventually;

RawSettings good_settings() { return {{"city.xml", 3, 5}, {{"port", "5038", {"city.xml", 4, 7}}}}; }

class InstanceTest : public testing::Test {
protected:
    Result<std::shared_ptr<Instance>> create(const std::string& library) {
        const auto opened = PluginLibrary::open(BROKEN_PLUGINS, library);
        EXPECT_TRUE(opened) << opened.error().detail;
        return Instance::create("pbx1", *opened, options_);
    }
    std::shared_ptr<Instance> configured(const std::string& library) {
        auto instance = create(library);
        EXPECT_TRUE(instance) << instance.error().detail;
        Problems problems;
        const auto done = (*instance)->configure(good_settings(), problems);
        EXPECT_TRUE(done) << done.error().detail;
        EXPECT_TRUE(problems.empty());
        return *instance;
    }
    bool logged(std::string_view text) { return recorder_.log().find(text) != std::string::npos; }

    test::Recorder recorder_;
    HostOptions options_ = recorder_.options();
};

TEST_F(InstanceTest, LivesFromCreateToStop) {
    const auto instance = configured("well_behaved");
    EXPECT_EQ(instance->state(), InstanceState::configured);
    ASSERT_TRUE(instance->start());
    EXPECT_EQ(instance->state(), InstanceState::running);
    EXPECT_TRUE(eventually([&] { return recorder_.ticks() > 2; }));
    instance->stop();
    EXPECT_EQ(instance->state(), InstanceState::stopped);
    instance->stop();
    EXPECT_EQ(recorder_.steps(), (std::vector<std::string>{"pbx1:start", "pbx1:stop"}));
    EXPECT_EQ(instance->last_error(), std::nullopt);
}

TEST_F(InstanceTest, IsDestroyedWhenItGoes) {
    configured("well_behaved").reset();
    EXPECT_TRUE(logged("test.destroyed"));
}

TEST_F(InstanceTest, NothingHappensBeforeStart) {
    const auto instance = configured("well_behaved");
    EXPECT_TRUE(recorder_.steps().empty());
    EXPECT_EQ(recorder_.ticks(), 0U);
}

TEST_F(InstanceTest, CapabilitiesAnswerAlsoAfterStop) {
    const auto instance = configured("well_behaved");
    auto* const pbx = instance->capabilities().pbx;
    ASSERT_NE(pbx, nullptr);
    ASSERT_TRUE(instance->start());
    std::promise<CommandOutcome> running;
    pbx->hangup("c1", [&](const CommandReply& reply) { running.set_value(reply.outcome); });
    EXPECT_EQ(running.get_future().get(), CommandOutcome::succeeded);
    instance->stop();
    std::promise<std::string> stopped;
    pbx->hangup("c1", [&](const CommandReply& reply) { stopped.set_value(reply.reason); });
    EXPECT_EQ(stopped.get_future().get(), "link_down");
}

TEST_F(InstanceTest, AnExceptionInCreateIsAnError) {
    for (const std::string library : {"throws_in_create", "throws_int_in_create"}) {
        const auto instance = create(library);
        ASSERT_FALSE(instance);
        EXPECT_EQ(instance.error().code, "plugin.exception");
        EXPECT_NE(instance.error().detail.find("instance pbx1: create threw"), std::string::npos);
    }
}

TEST_F(InstanceTest, AnExceptionInConfigureIsAnError) {
    const auto instance = create("throws_in_configure");
    Problems problems;
    const auto done = (*instance)->configure(good_settings(), problems);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, "plugin.exception");
    EXPECT_NE(done.error().detail.find("fault on purpose in configure"), std::string::npos);
    EXPECT_EQ((*instance)->state(), InstanceState::failed);
}

TEST_F(InstanceTest, AnExceptionInStartIsAnErrorAndNothingOfItRunsOn) {
    const auto instance = configured("throws_in_start");
    const auto started = instance->start();
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, "plugin.exception");
    EXPECT_EQ(instance->state(), InstanceState::failed);
    EXPECT_EQ(instance->last_error(), started.error());
    EXPECT_FALSE(instance->abandoned());
}

TEST_F(InstanceTest, AnErrorFromStartKeepsItsCodeAndDetail) {
    const auto instance = create("well_behaved");
    Problems problems;
    auto settings = good_settings();
    settings.settings.push_back({"refuse_start", "true", {}});
    ASSERT_TRUE((*instance)->configure(settings, problems));
    const auto started = (*instance)->start();
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, "plugin.start_failed");
    EXPECT_NE(started.error().detail.find("test.refused: told to refuse"), std::string::npos);
}

TEST_F(InstanceTest, AnExceptionInStopIsLoggedAndItIsStoppedAllTheSame) {
    const auto instance = configured("throws_in_stop");
    ASSERT_TRUE(instance->start());
    EXPECT_TRUE(eventually([&] { return recorder_.ticks() > 0; }));
    instance->stop();
    EXPECT_TRUE(logged("[pbx1] plugin.exception: instance pbx1: stop threw: fault on purpose in stop"));
    EXPECT_EQ(instance->state(), InstanceState::failed);
    EXPECT_FALSE(instance->abandoned());
    const auto ticks = recorder_.ticks();
    std::this_thread::sleep_for(20ms);
    EXPECT_EQ(recorder_.ticks(), ticks);
}

TEST_F(InstanceTest, ATimerForgottenInStopNeverFires) {
    const auto instance = configured("forgets_its_timer");
    ASSERT_TRUE(instance->start());
    EXPECT_TRUE(eventually([&] { return recorder_.ticks() > 0; }));
    instance->stop();
    const auto ticks = recorder_.ticks();
    std::this_thread::sleep_for(20ms);
    EXPECT_EQ(recorder_.ticks(), ticks);
}

TEST_F(InstanceTest, ExceptionsInCallbacksAreCountedAndItRunsOn) {
    std::atomic<int> told = 0;
    options_.said = [&](std::string_view name, LogLevel level, std::string_view code) {
        told += name == "pbx1" && level == LogLevel::error && code == "plugin.exception";
    };
    const auto instance = configured("throws_in_callback");
    ASSERT_TRUE(instance->start());
    EXPECT_TRUE(eventually([&] { return instance->exceptions() >= 20 && recorder_.ticks() > 20; }));
    EXPECT_EQ(instance->state(), InstanceState::running);
    EXPECT_TRUE(logged("[pbx1] plugin.exception: a callback threw: fault on purpose in callback"));
    EXPECT_GE(told.load(), 10);
    ASSERT_TRUE(instance->last_said());
    EXPECT_EQ(instance->last_said()->level, LogLevel::error);
    EXPECT_EQ(instance->last_said()->code, "plugin.exception");
    instance->stop();
    EXPECT_EQ(instance->state(), InstanceState::stopped);
}

TEST_F(InstanceTest, AHangingStepIsGivenUpAfterItsTimeout) {
    options_.step_timeout = 50ms;
    const auto in_create = create("hangs_in_create");
    ASSERT_FALSE(in_create);
    EXPECT_EQ(in_create.error().code, "plugin.step_timeout");
    const auto instance = create("hangs_in_configure");
    ASSERT_TRUE(instance);
    Problems problems;
    const auto done = (*instance)->configure(good_settings(), problems);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, "plugin.step_timeout");
    EXPECT_TRUE((*instance)->abandoned());
}

TEST_F(InstanceTest, AHangingStartIsGivenUpAfterItsTimeout) {
    options_.start_timeout = 50ms;
    const auto instance = configured("hangs_in_start");
    const auto started = instance->start();
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, "plugin.start_timeout");
    EXPECT_TRUE(instance->abandoned());
    EXPECT_EQ(instance->state(), InstanceState::failed);
    instance->stop();
}

TEST_F(InstanceTest, AHangingStopIsAbandonedAfterItsGrace) {
    options_.stop_grace = 50ms;
    const auto instance = configured("hangs_in_stop");
    ASSERT_TRUE(instance->start());
    instance->stop();
    EXPECT_TRUE(instance->abandoned());
    EXPECT_TRUE(logged("[pbx1] plugin.stop_timeout"));
    EXPECT_EQ(instance->state(), InstanceState::failed);
}

TEST_F(InstanceTest, AStartThatReturnsTooLateChangesNothingAnyMore) {
    options_.start_timeout = 20ms;
    {
        const auto instance = configured("late_in_start");
        EXPECT_FALSE(instance->start());
    }
    const auto steps = recorder_.steps();
    std::this_thread::sleep_for(600ms);  // it comes back after 400 and would tick from then on
    EXPECT_EQ(recorder_.ticks(), 0U);
    EXPECT_EQ(recorder_.steps(), steps);
    EXPECT_FALSE(logged("test.destroyed"));
}

}  // namespace
}  // namespace citybridge
