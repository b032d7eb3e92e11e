#include "core/host/host_lane.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "tests/unit/host/test_support.h"

namespace citybridge {
namespace {

using namespace std::chrono_literals;
using test::eventually;

class HostLaneTest : public testing::Test {
protected:
    void TearDown() override {
        if (!lane_) return;
        EXPECT_TRUE(lane_->finish(30s));
    }
    void start(LaneOptions options = {}) {
        options.name = "test";
        options.on_exception = [this](std::string_view what) { told_.emplace_back(what); };
        lane_ = HostLane::start(std::move(options));
    }
    // Runs on the lane's thread and waits for it.
    void on_lane(const std::function<void()>& work) { ASSERT_TRUE(lane_->run(work, 30s)); }

    std::vector<std::string> told_;  // lane thread, or after a step
    std::shared_ptr<HostLane> lane_;
};

TEST_F(HostLaneTest, RunsTasksOfManyThreadsEachInItsOwnOrder) {
    start();
    constexpr int kThreads = 4;
    constexpr int kEach = 2'000;
    std::vector<std::vector<int>> seen(kThreads);
    std::vector<std::thread> threads;
    threads.reserve(kThreads);
    for (int t = 0; t < kThreads; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < kEach; ++i)
                ASSERT_TRUE(lane_->post([&seen, t, i] { seen[static_cast<std::size_t>(t)].push_back(i); }));
        });
    for (auto& thread : threads) thread.join();
    std::promise<void> done;
    ASSERT_TRUE(lane_->post([&] { done.set_value(); }));
    done.get_future().wait();
    for (const auto& each : seen) {
        ASSERT_EQ(each.size(), static_cast<std::size_t>(kEach));
        EXPECT_TRUE(std::is_sorted(each.begin(), each.end()));
    }
}

TEST_F(HostLaneTest, RefusesTasksBeyondItsBoundAndTakesThemAgainLater) {
    start({.max_tasks = 3});
    std::promise<void> entered;
    std::promise<void> go_on;
    ASSERT_TRUE(lane_->post([&] {
        entered.set_value();
        go_on.get_future().wait();
    }));
    entered.get_future().wait();
    std::atomic<int> ran{0};
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(lane_->post([&] { ++ran; }));
    EXPECT_FALSE(lane_->post([&] { ++ran; }));
    go_on.set_value();
    EXPECT_TRUE(eventually([&] { return ran == 3; }));
    EXPECT_TRUE(lane_->post([&] { ++ran; }));
    EXPECT_TRUE(eventually([&] { return ran == 4; }));
}

TEST_F(HostLaneTest, TimersFireInOrderAndNotBeforeTheirTime) {
    start();
    std::vector<std::string> fired;
    std::promise<void> done;
    MonoTime set_at{};
    MonoTime last_at{};
    on_lane([&] {
        set_at = lane_->now().mono;
        lane_->after(40ms, [&] {
            fired.emplace_back("late");
            last_at = lane_->now().mono;
            done.set_value();
        });
        lane_->after(0ms, [&] { fired.emplace_back("now"); });
        const auto cancelled = lane_->after(1ms, [&] { fired.emplace_back("cancelled"); });
        lane_->after(5ms, [&] { fired.emplace_back("soon"); });
        lane_->cancel(cancelled);
    });
    done.get_future().wait();
    EXPECT_EQ(fired, (std::vector<std::string>{"now", "soon", "late"}));
    EXPECT_GE(last_at - set_at, 40ms);
}

TEST_F(HostLaneTest, ATimerThatSetsItselfAtOnceDoesNotStarveTasks) {
    start();
    std::function<void()> again = [&] { lane_->after(0ms, again); };
    on_lane([&] { again(); });
    std::promise<void> done;
    ASSERT_TRUE(lane_->post([&] { done.set_value(); }));
    EXPECT_EQ(done.get_future().wait_for(30s), std::future_status::ready);
    on_lane([&] { lane_->quiesce(); });
}

TEST_F(HostLaneTest, AnExceptionIsToldAndTheLaneGoesOn) {
    start();
    std::atomic<bool> went_on{false};
    lane_->post([] { throw std::runtime_error("first"); });
    lane_->post([] { throw 7; });
    lane_->post([&] { went_on = true; });
    EXPECT_TRUE(eventually([&] { return went_on.load(); }));
    on_lane([&] { EXPECT_EQ(told_, (std::vector<std::string>{"first", "an exception that is no std::exception"})); });
}

TEST_F(HostLaneTest, RefusesMoreTimersThanItsBound) {
    start({.max_timers = 2});
    on_lane([&] {
        lane_->after(1h, [] {});
        lane_->after(1h, [] {});
        EXPECT_THROW(lane_->after(1h, [] {}), std::length_error);
    });
}

TEST_F(HostLaneTest, TimersAndLinksBelongToTheLanesThread) {
    start();
    EXPECT_THROW(lane_->after(1ms, [] {}), std::logic_error);
    EXPECT_THROW(lane_->cancel(1), std::logic_error);
    EXPECT_THROW(lane_->connect({.host = "127.0.0.1", .port = 1}, {}), std::logic_error);
}

TEST_F(HostLaneTest, AStepRunsAlsoWhenTheQueueIsFull) {
    start({.max_tasks = 0});
    EXPECT_FALSE(lane_->post([] {}));
    bool ran = false;
    EXPECT_TRUE(lane_->run([&] { ran = true; }, 30s));
    EXPECT_TRUE(ran);
}

TEST_F(HostLaneTest, AStepThatCannotBeginInTimeNeverBegins) {
    start();
    std::promise<void> go_on;
    auto may_go_on = go_on.get_future();
    std::promise<void> entered;
    lane_->post([&] {
        entered.set_value();
        may_go_on.wait();
    });
    entered.get_future().wait();
    std::atomic<bool> ran{false};
    EXPECT_FALSE(lane_->run([&] { ran = true; }, 20ms));
    go_on.set_value();
    on_lane([] {});
    EXPECT_FALSE(ran);
}

TEST_F(HostLaneTest, NothingRunsAfterItWasQuiesced) {
    start();
    std::atomic<int> after{0};
    on_lane([&] {
        lane_->after(0ms, [&] { ++after; });
        EXPECT_TRUE(lane_->post([&] { ++after; }));
        lane_->quiesce();
        EXPECT_EQ(lane_->after(0ms, [&] { ++after; }), 0U);
        EXPECT_FALSE(lane_->post([&] { ++after; }));
    });
    on_lane([] {});
    on_lane([] {});
    EXPECT_EQ(after, 0);
}

TEST_F(HostLaneTest, FinishLetsAHangingThreadGoAndItEndsQuietlyLater) {
    start();
    std::promise<void> entered;
    auto go_on = std::make_shared<std::promise<void>>();
    auto ran_after = std::make_shared<std::atomic<bool>>(false);
    lane_->post([&entered, go_on] {
        entered.set_value();
        go_on->get_future().wait();
    });
    entered.get_future().wait();
    EXPECT_TRUE(lane_->post([ran_after] { *ran_after = true; }));
    EXPECT_FALSE(lane_->finish(10ms));
    EXPECT_FALSE(lane_->post([] {}));
    const std::weak_ptr<HostLane> gone = lane_;
    lane_.reset();
    EXPECT_FALSE(gone.expired()) << "its thread still needs it";
    go_on->set_value();
    EXPECT_TRUE(eventually([&] { return gone.expired(); }));
}

TEST_F(HostLaneTest, StepsAreRefusedOnceItHasEnded) {
    start();
    EXPECT_TRUE(lane_->finish(30s));
    EXPECT_FALSE(lane_->run([] {}, 30s));
    EXPECT_TRUE(lane_->finish(30s));
}

}  // namespace
}  // namespace citybridge
