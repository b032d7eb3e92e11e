// Whatever the far side does and whenever the node dies: every message ends
// once, has one effect, and the messages of a key take effect in their order.
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/sim/relay_world.h"

namespace citybridge::sim {
namespace {

constexpr std::uint64_t kSeeds = 400;

// CITYBRIDGE_SEED=n runs that one only; CITYBRIDGE_SEEDS=n that many.
std::pair<std::uint64_t, std::uint64_t> seeds() {
    if (const char* text = std::getenv("CITYBRIDGE_SEED")) {
        const auto seed = std::strtoull(text, nullptr, 10);
        return {seed, seed};
    }
    const char* many = std::getenv("CITYBRIDGE_SEEDS");
    return {1, many == nullptr ? kSeeds : std::strtoull(many, nullptr, 10)};
}

struct Totals {
    std::size_t crashes = 0;
    std::size_t possibly_done = 0;
    std::size_t sends = 0;
};

Totals hold_every_promise(Repeats repeats) {
    Totals totals;
    const auto [first, last] = seeds();
    for (std::uint64_t seed = first; seed <= last; ++seed) {
        RelayWorld world(repeats, Mutant::none, seed);
        const auto broken = world.run();
        for (const std::string& what : broken)
            ADD_FAILURE() << to_string(repeats) << ", CITYBRIDGE_SEED=" << seed << ": " << what;
        if (::testing::Test::HasFailure()) return totals;
        totals.crashes += world.crashes();
        totals.possibly_done += world.possibly_done_rows();
        totals.sends += world.sends();
    }
    return totals;
}

// Seeds out of `count` in which the broken driver was noticed.
std::size_t noticed(Repeats repeats, Mutant mutant, std::uint64_t count = 60) {
    std::size_t seeds = 0;
    for (std::uint64_t seed = 1; seed <= count; ++seed)
        if (!RelayWorld(repeats, mutant, seed).run().empty()) ++seeds;
    return seeds;
}

TEST(RelaySim, dedupingFarSideHasEveryMessageOnceInOrder) {
    const Totals totals = hold_every_promise(Repeats::dedupes);
    if (std::getenv("CITYBRIDGE_SEED") != nullptr) return;
    EXPECT_GT(totals.crashes, kSeeds);
}

TEST(RelaySim, searchableFarSideHasEveryMessageOnceInOrder) {
    const Totals totals = hold_every_promise(Repeats::findable);
    if (std::getenv("CITYBRIDGE_SEED") != nullptr) return;
    EXPECT_GT(totals.crashes, kSeeds);
}

TEST(RelaySim, farSideThatIsNeitherHasNoMessageTwiceAndUnclearOnesAreShown) {
    const Totals totals = hold_every_promise(Repeats::neither);
    if (std::getenv("CITYBRIDGE_SEED") != nullptr) return;
    EXPECT_GT(totals.crashes, kSeeds);
    EXPECT_GT(totals.possibly_done, kSeeds);
}

TEST(RelaySim, driverThatDoesNotWaitForTheCommitIsNoticed) {
    EXPECT_GT(noticed(Repeats::findable, Mutant::skips_commit_wait), 0U);
}

TEST(RelaySim, driverThatDoesNotLookBeforeRepeatingIsNoticed) {
    EXPECT_GT(noticed(Repeats::findable, Mutant::ignores_must_find), 0U);
}

TEST(RelaySim, driverThatSendsWithoutTheMarkIsNoticed) { EXPECT_GT(noticed(Repeats::neither, Mutant::skips_mark), 0U); }

TEST(RelaySim, lookingBeforeTheFarSideIsDoneIsNoticed) {
    EXPECT_GT(noticed(Repeats::findable, Mutant::ignores_far_timeout), 0U);
}

TEST(RelaySim, driverThatForgetsParkedKeysIsNoticed) {
    EXPECT_GT(noticed(Repeats::dedupes, Mutant::forgets_parking), 0U);
}

}  // namespace
}  // namespace citybridge::sim
