// Callbacks between five cities through everything that can go wrong (P7).
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <cstdlib>

#include "tests/sim/cities_world.h"
#include "tools/support/temp_folder.h"

namespace citybridge::sim {
namespace {

// How many seeds; --full sets the rounds.
std::uint64_t seeds_wanted() {
    if (const char* const text = std::getenv("CITYBRIDGE_SIM_SEEDS")) return std::strtoull(text, nullptr, 10);
    return std::getenv("CITYBRIDGE_CITY_ROUNDS") == nullptr ? 1'000 : 10'000;
}

class Cities : public ::testing::Test {
protected:
    Cities() {
        spdlog::set_level(spdlog::level::off);
        if (std::filesystem::exists("/dev/shm")) setenv("TMPDIR", "/dev/shm", 0);
        folder_ = std::make_unique<TempFolder>("citybridge-sim");
    }

    std::vector<CitiesOutcome> run(std::uint64_t first, std::uint64_t seeds, Planted planted = Planted::none) {
        std::atomic<std::uint64_t> next{first};
        std::vector<CitiesOutcome> out(seeds);
        const auto work = [&] {
            for (std::uint64_t seed = next++; seed < first + seeds; seed = next++)
                out[seed - first] = run_cities(seed, planted, folder_->path());
        };
        std::thread other(work);
        work();
        other.join();
        return out;
    }

    // Seeds until it is seen, as something broken that says this; 0: it is not.
    std::size_t caught_after(Planted planted, std::uint64_t most, std::string_view saying = {}) {
        constexpr std::uint64_t kAtOnce = 10;
        for (std::uint64_t done = 0; done < most; done += kAtOnce) {
            const auto outcomes = run(1 + done, kAtOnce, planted);
            for (std::size_t i = 0; i < outcomes.size(); ++i)
                for (const std::string& broken : outcomes[i].broken)
                    if (broken.find(saying) != std::string::npos) return done + i + 1;
        }
        return 0;
    }

    std::unique_ptr<TempFolder> folder_;
};

TEST_F(Cities, every_task_ends_once_the_same_in_both_cities_and_nobody_is_called_twice_unasked) {
    CitiesOutcome all;
    for (const CitiesOutcome& one : run(1, seeds_wanted())) {
        for (const std::string& broken : one.broken) ADD_FAILURE() << broken;
        all.tasks += one.tasks;
        all.duplicates += one.duplicates;
        all.crashes += one.crashes;
        all.restores += one.restores;
        all.outlived += one.outlived;
        all.confirmed += one.confirmed;
        all.taken_back += one.taken_back;
        all.escalated += one.escalated;
        all.refused += one.refused;
    }
    // A run in which nothing goes wrong would show nothing.
    for (const std::size_t seen : {all.tasks, all.duplicates, all.crashes, all.restores, all.outlived, all.confirmed,
                                   all.taken_back, all.escalated, all.refused})
        EXPECT_GT(seen, 10U);
}

TEST_F(Cities, a_seed_decides_everything) {
    const auto once = run(42, 6), again = run(42, 6);
    for (std::size_t i = 0; i < once.size(); ++i) {
        EXPECT_EQ(once[i].hash, again[i].hash) << "seed " << once[i].seed;
        if (i > 0) {
            EXPECT_NE(once[i].hash, once[i - 1].hash);
        }
    }
}

TEST_F(Cities, a_dedupe_window_of_two_minutes_is_caught) { EXPECT_GT(caught_after(Planted::short_dedupe, 40), 0U); }

TEST_F(Cities, an_epoch_that_a_restart_resets_is_caught) { EXPECT_GT(caught_after(Planted::epoch_reset, 10), 0U); }

TEST_F(Cities, a_receipt_before_the_commit_is_caught) { EXPECT_GT(caught_after(Planted::ack_before_commit, 100), 0U); }

TEST_F(Cities, taking_back_by_timer_is_caught) { EXPECT_GT(caught_after(Planted::take_back_by_timer, 40), 0U); }

TEST_F(Cities, a_restored_store_that_forgets_its_generation_is_caught) {
    EXPECT_GT(caught_after(Planted::forgets_generation, 200), 0U);
}

// Two lives of a store with one number are not told apart any more, and it answers both under one id.
TEST_F(Cities, messages_that_do_not_tell_which_life_was_heard_of_are_caught) {
    EXPECT_GT(caught_after(Planted::untold_lives, 100, "UNIQUE constraint failed: outbox.id"), 0U);
}

}  // namespace
}  // namespace citybridge::sim
