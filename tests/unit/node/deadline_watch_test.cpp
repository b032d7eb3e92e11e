// What of the follow-ups lies in memory, and when more is loaded.
#include "core/node/deadline_watch.h"

#include <gtest/gtest.h>

namespace citybridge {
namespace {

const WallTime kToday{Millis{1'790'000'000'000}};

DeadlineRecord due(std::int64_t n, Millis after) {
    DeadlineRecord row;
    row.order = "ord_" + std::to_string(1'000'000 + n);
    row.name = "call";
    row.n = 1;
    row.due_at = kToday + after;
    return row;
}

Now now_at(Millis after) { return {kToday + after, MonoTime{after}}; }

// Fires everything that is due, as the strand does, until nothing is left to do; how many times the store was asked.
struct Runner {
    std::map<std::pair<WallTime, std::string>, DeadlineRecord> store;
    DeadlineWatch watch;
    std::size_t loads = 0, fired = 0;
    WallTime last{};

    void put(const DeadlineRecord& row) { store.emplace(std::pair{row.due_at, row.order}, row); }
    void load(Now now) {
        ++loads;
        std::vector<DeadlineRecord> rows;
        for (const auto& [key, row] : store) {
            if (row.due_at > DeadlineWatch::horizon(now.wall) || rows.size() >= DeadlineWatch::kLoad) break;
            rows.push_back(row);
        }
        watch.loaded(rows, now);
    }
    bool step(Now now, bool settles = true) {
        if (watch.wants_load(now.mono)) load(now);
        const auto rows = watch.take_due(now.wall);
        EXPECT_LE(rows.size(), DeadlineWatch::kAtOnce);
        for (const DeadlineRecord& row : rows) {
            EXPECT_GE(row.due_at, last) << "the earliest first";
            last = row.due_at;
            ++fired;
            if (settles) store.erase({row.due_at, row.order});
        }
        return !rows.empty();
    }
};

TEST(DeadlineWatch, a_backlog_of_any_size_is_fired_at_once_and_never_held_whole) {
    Runner runner;
    for (std::int64_t n = 0; n < 50'000; ++n) runner.put(due(n, Millis{-100'000 + n}));
    while (runner.step(now_at(Millis{0})))
        EXPECT_LE(runner.watch.size(), DeadlineWatch::kLoad + DeadlineWatch::kAtOnce);
    EXPECT_EQ(runner.fired, 50'000U);
    EXPECT_TRUE(runner.store.empty());
    EXPECT_LT(runner.loads, 50'000U / (DeadlineWatch::kLoad - DeadlineWatch::kAtOnce) + 3);
}

TEST(DeadlineWatch, what_falls_due_later_waits_for_its_time) {
    Runner runner;
    for (std::int64_t n = 0; n < 10'000; ++n) runner.put(due(n, Millis{1'000 * n}));
    EXPECT_TRUE(runner.step(now_at(Millis{0})));
    EXPECT_EQ(runner.fired, 1U);
    EXPECT_EQ(runner.watch.wait(kToday + Millis{1}), Millis{999});
    while (runner.step(now_at(Millis{5'000'000}))) continue;
    EXPECT_EQ(runner.fired, 5'001U);
    while (runner.step(now_at(Millis{10'000'000}))) continue;
    EXPECT_EQ(runner.fired, 10'000U);
}

TEST(DeadlineWatch, a_committed_row_behind_the_loaded_stretch_is_not_kept_and_not_lost) {
    Runner runner;
    for (std::int64_t n = 0; n < 6'000; ++n) runner.put(due(n, Millis{10 * n}));
    runner.load(now_at(Millis{0}));
    EXPECT_EQ(runner.watch.size(), DeadlineWatch::kLoad);
    const DeadlineRecord later = due(7'777, Millis{59'995});
    runner.put(later);
    runner.watch.put(later, kToday);
    EXPECT_EQ(runner.watch.size(), DeadlineWatch::kLoad);
    while (runner.step(now_at(Millis{60'000}))) continue;
    EXPECT_EQ(runner.fired, 6'001U);
}

TEST(DeadlineWatch, a_settled_one_is_forgotten) {
    DeadlineWatch watch;
    DeadlineRecord row = due(1, Millis{10});
    watch.put(row, kToday);
    row.state = DeadlineState::done;
    watch.put(row, kToday);
    EXPECT_TRUE(watch.take_due(kToday + Millis{20}).empty());
    EXPECT_EQ(watch.wait(kToday), std::nullopt);
}

TEST(DeadlineWatch, rows_that_stay_open_whatever_is_done_do_not_keep_the_strand_busy) {
    Runner runner;
    for (std::int64_t n = 0; n < 5'000; ++n) runner.put(due(n, Millis{-1'000}));
    for (int i = 0; i < 100; ++i) {
        runner.last = WallTime{};
        runner.step(now_at(Millis{0}), false);
    }
    EXPECT_LE(runner.loads, 3U);
    const auto loads = runner.loads;
    runner.last = WallTime{};
    runner.step(now_at(Millis{1'001}), false);
    EXPECT_EQ(runner.loads, loads + 1) << "looked at again after a second";
}

}  // namespace
}  // namespace citybridge
