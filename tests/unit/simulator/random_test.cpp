#include "adapters/simulator/random.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

#include "adapters/simulator/people.h"

namespace citybridge::simulator {
namespace {

constexpr int kDraws = 200'000;

TEST(SimulatorRandom, BelowIsUniform) {
    Random random(1);
    std::array<int, 10> counts{};
    for (int draw = 0; draw < 100'000; ++draw) ++counts[random.below(10)];
    double chi_square = 0;
    for (const int count : counts) chi_square += (count - 10'000.0) * (count - 10'000.0) / 10'000.0;
    EXPECT_LT(chi_square, 33.7);  // 9 degrees of freedom, p = 0.0001
}

TEST(SimulatorRandom, BelowOneIsZero) {
    Random random(1);
    EXPECT_EQ(random.below(1), 0U);
}

TEST(SimulatorRandom, BetweenIncludesBothEnds) {
    Random random(2);
    std::set<Millis> seen;
    for (int draw = 0; draw < 200; ++draw) seen.insert(random.between(Millis{5}, Millis{7}));
    EXPECT_EQ(seen, (std::set<Millis>{Millis{5}, Millis{6}, Millis{7}}));
    EXPECT_EQ(random.between(Millis{9}, Millis{3}), Millis{9});
}

TEST(SimulatorRandom, ExponentialHasItsMeanAndTail) {
    Random random(3);
    double sum = 0;
    int over_twice_mean = 0;
    for (int draw = 0; draw < kDraws; ++draw) {
        const Millis value = random.exponential(Millis{10'000});
        sum += static_cast<double>(value.count());
        if (value > Millis{20'000}) ++over_twice_mean;
    }
    EXPECT_NEAR(sum / kDraws, 10'000, 100);
    EXPECT_NEAR(over_twice_mean / static_cast<double>(kDraws), 0.1353, 0.005);  // e^-2
}

TEST(SimulatorRandom, NeighbouringSeedsAreUnrelated) {
    std::set<std::uint64_t> seen;
    for (std::uint64_t index = 0; index < 1'000; ++index) seen.insert(Random(seed_of(1, index)).below(1'000'000'000));
    EXPECT_GT(seen.size(), 990U);
}

TEST(SimulatorPeople, NumbersAreChineseMobileNumbers) {
    Random random(4);
    for (int draw = 0; draw < 1'000; ++draw) {
        const std::string number = mobile_number(random);
        ASSERT_EQ(number.size(), 11U);
        ASSERT_EQ(number[0], '1');
        ASSERT_GE(number[1], '3');
        ASSERT_EQ(number.find_first_not_of("0123456789"), std::string::npos);
    }
}

TEST(SimulatorPeople, SomeCallersHaveNames) {
    Random random(5);
    int named = 0;
    for (int draw = 0; draw < 1'000; ++draw) named += caller_name(random).empty() ? 0 : 1;
    EXPECT_GT(named, 300);
    EXPECT_LT(named, 500);
}

TEST(SimulatorPeople, TwoHundredAgentsHaveManyNames) {
    std::set<std::string> names;
    for (int index = 0; index < 200; ++index) names.insert(agent_name(index));
    EXPECT_GT(names.size(), 150U);
    EXPECT_EQ(agent_name(0), "王芳");
}

}  // namespace
}  // namespace citybridge::simulator
