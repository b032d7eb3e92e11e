// What somebody can do who wants to be taken for another: many verifications, many purposes, many messages, patience.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

#include "tests/unit/sms_verification/caller.h"

namespace citybridge::sms_verification {
namespace {

using namespace std::chrono_literals;

// Most of these moments within any 24 hours.
std::size_t most_in_a_day(const std::vector<WallTime>& moments) {
    std::size_t most = 0, first = 0;
    for (std::size_t last = 0; last < moments.size(); ++last) {
        while (moments[last] - moments[first] >= 24h) ++first;
        most = std::max(most, last - first + 1);
    }
    return most;
}

TEST(VerificationAttack, GuessingOverManyVerificationsAndPurposesStaysAtFiveComparedCodesADay) {
    Caller caller{{"purposes", "data_change, contract, payment"},
                  {"sends_per_day", "50"},
                  {"sends_per_number_per_day", "50"},
                  {"send_gap_seconds", "0"}};
    const char* const kPurposes[] = {"data_change", "contract", "payment"};
    std::vector<WallTime> guesses;
    // Five days, a new verification every ten minutes, as many guesses as are taken.
    for (int round = 0; round < 5 * 24 * 6; ++round, caller.now += 10min) {
        if (!caller.start(kPurposes[round % 3])) continue;
        for (int i = 0; i < 10; ++i, caller.now += 1s) {
            const std::int64_t before = caller.last.checks;
            const auto told = caller.check(caller.wrong());
            if (!told) break;
            ASSERT_EQ(told->answer, "not_passed");
            if (told->verification.checks > before) guesses.push_back(caller.now);
        }
    }
    EXPECT_EQ(most_in_a_day(guesses), 5U);
    EXPECT_GE(guesses.size(), 20U) << "the attacker was let try on every day";
}

// The right code itself is of no use once the number is locked, in whichever verification.
TEST(VerificationAttack, ALockedNumberLetsNoOtherVerificationPass) {
    Caller caller{{"send_gap_seconds", "0"}, {"purposes", "data_change, contract"}};
    ASSERT_TRUE(caller.start("contract"));
    const VerificationRecord other = caller.last;
    const std::string right = caller.code();
    ASSERT_TRUE(caller.start("data_change"));
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(caller.check(caller.wrong()));
    const auto told = caller.ask(other, VerificationAsk::What::check, right, "agent");
    ASSERT_TRUE(told);
    EXPECT_EQ(told->answer, "not_passed");
    EXPECT_EQ(told->verification.state, "locked");
}

TEST(VerificationAttack, FloodingANumberIsBoundedInAnyDay) {
    Caller caller{{"purposes", "data_change, contract, payment"}};
    const char* const kPurposes[] = {"data_change", "contract", "payment"};
    std::vector<WallTime> sends;
    for (int round = 0; round < 3 * 24 * 60; ++round, caller.now += 1min) {
        if (caller.start(kPurposes[round % 3])) sends.push_back(caller.now);
        caller.now += 31s;
        if (caller.resend()) sends.push_back(caller.now);
    }
    EXPECT_EQ(most_in_a_day(sends), 10U);
}

TEST(VerificationAttack, OnePurposeIsBoundedByItself) {
    Caller caller;
    std::vector<WallTime> sends;
    for (int round = 0; round < 24 * 60; ++round, caller.now += 1min)
        if (caller.start()) sends.push_back(caller.now);
    EXPECT_EQ(sends.size(), 6U);
}

TEST(VerificationAttack, MidnightGivesNothingBack) {
    Caller caller{{"send_gap_seconds", "0"}};
    caller.now = WallTime{Millis{1'764'000'000'000 / 86'400'000 * 86'400'000}} + 24h - 1min;
    ASSERT_TRUE(caller.start());
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(caller.check(caller.wrong()));
    caller.now += 2min;
    EXPECT_FALSE(caller.start());
    caller.now += 23h + 57min;
    EXPECT_FALSE(caller.start());
    caller.now += 1min;
    EXPECT_TRUE(caller.start());
}

TEST(VerificationAttack, AClockThatIsSetBackGivesNothingBack) {
    Caller caller{{"send_gap_seconds", "0"}};
    ASSERT_TRUE(caller.start());
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(caller.check(caller.wrong()));
    caller.now -= 48h;
    EXPECT_FALSE(caller.start());
}

TEST(VerificationAttack, AnotherNumberHasItsOwnBudget) {
    Caller caller{{"send_gap_seconds", "0"}};
    ASSERT_TRUE(caller.start());
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(caller.check(caller.wrong()));
    EXPECT_FALSE(caller.start());
    caller.number = "+8613800000002";
    EXPECT_TRUE(caller.start());
}

}  // namespace
}  // namespace citybridge::sms_verification
