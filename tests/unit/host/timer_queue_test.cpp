#include "core/host/timer_queue.h"

#include <gtest/gtest.h>

#include <string>

namespace citybridge {
namespace {

MonoTime at(int ms) { return MonoTime{Millis{ms}}; }

class TimerQueueTest : public testing::Test {
protected:
    TimerId add(int due_ms, const std::string& name) {
        return timers_.add(at(due_ms), [this, name] { fired_ += name; });
    }
    std::string run(int now_ms) {
        fired_.clear();
        const TimerId before = timers_.next_id();
        while (const auto task = timers_.pop_due(at(now_ms), before)) (*task)();
        return fired_;
    }
    TimerQueue timers_;
    std::string fired_;
};

TEST_F(TimerQueueTest, FiresInOrderOfDueTimeAndThenOfSetting) {
    add(30, "c");
    add(10, "a");
    add(20, "b");
    add(10, "A");
    EXPECT_EQ(run(9), "");
    EXPECT_EQ(run(10), "aA");
    EXPECT_EQ(run(100), "bc");
    EXPECT_EQ(timers_.size(), 0U);
}

TEST_F(TimerQueueTest, ACancelledTimerNeverFires) {
    const auto id = add(10, "a");
    add(10, "b");
    timers_.cancel(id);
    timers_.cancel(id);
    timers_.cancel(12345);
    EXPECT_EQ(run(10), "b");
}

TEST_F(TimerQueueTest, ManyCancelledTimersLeaveNothingBehind) {
    for (int i = 0; i < 10'000; ++i) timers_.cancel(add(1'000'000, "x"));
    EXPECT_EQ(timers_.size(), 0U);
    EXPECT_FALSE(timers_.next_due().has_value());
}

TEST_F(TimerQueueTest, ATimerThatSetsItselfAgainWaitsForTheNextRound) {
    std::function<void()> again = [&] {
        fired_ += "x";
        timers_.add(at(0), again);
    };
    timers_.add(at(0), again);
    EXPECT_EQ(run(10), "x");
    EXPECT_EQ(run(10), "x");
}

TEST_F(TimerQueueTest, ATimerMayCancelAnotherThatIsDueAtTheSameTime) {
    TimerId second = 0;
    timers_.add(at(5), [&] { timers_.cancel(second); });
    second = add(5, "b");
    EXPECT_EQ(run(5), "");
}

TEST_F(TimerQueueTest, SaysWhenTheNextOneIsDue) {
    EXPECT_FALSE(timers_.next_due().has_value());
    add(20, "b");
    add(10, "a");
    EXPECT_EQ(timers_.next_due(), at(10));
    timers_.clear();
    EXPECT_FALSE(timers_.next_due().has_value());
}

}  // namespace
}  // namespace citybridge
