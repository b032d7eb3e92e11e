#include <gtest/gtest.h>

#include "tests/unit/sms_verification/caller.h"

namespace citybridge::sms_verification {
namespace {

using namespace std::chrono_literals;

std::string code_of_error(const Result<VerificationVerdict>& result) { return result ? "" : result.error().code; }

TEST(Verification, TheRightCodePassesOnce) {
    Caller caller;
    const auto started = caller.start();
    ASSERT_TRUE(started);
    EXPECT_TRUE(started->send);
    EXPECT_EQ(started->answer, "sent");
    EXPECT_EQ(started->history, "verification_sent");
    EXPECT_EQ(started->verification.expires_at - caller.now, Millis{600'000});
    const std::string code = caller.code();
    ASSERT_EQ(code.size(), 6U);
    const auto passed = caller.check(code);
    ASSERT_TRUE(passed);
    EXPECT_EQ(passed->answer, "passed");
    EXPECT_EQ(passed->verification.state, "verified");
    EXPECT_FALSE(passed->send);
    EXPECT_EQ(code_of_error(caller.check(code)), "verification.not_pending");
}

TEST(Verification, TheCodeIsNowhereInWhatIsKept) {
    Caller caller;
    ASSERT_TRUE(caller.start());
    const std::string code = caller.code();
    ASSERT_TRUE(caller.check(caller.wrong()));
    const auto holds = [&](const std::string& text) { return text.find(code) != std::string::npos; };
    EXPECT_FALSE(holds(caller.last.detail.dump()) || holds(caller.last.nonce) || holds(caller.last.id));
    for (const auto& [key, row] : caller.budgets) EXPECT_FALSE(holds(row.detail.dump()));
}

TEST(Verification, WrongExpiredAndLockedAreToldTheSame) {
    Caller wrong, expired, locked;
    ASSERT_TRUE(wrong.start() && expired.start() && locked.start());
    const auto after_wrong = wrong.check(wrong.wrong());
    expired.now += 10min;
    const auto after_expired = expired.check("000000");
    Result<VerificationVerdict> after_locked = locked.check(locked.wrong());
    for (int i = 0; i < 4; ++i) after_locked = locked.check(locked.wrong());
    ASSERT_TRUE(after_wrong && after_expired && after_locked);
    EXPECT_EQ(after_wrong->answer, "not_passed");
    EXPECT_EQ(after_expired->answer, "not_passed");
    EXPECT_EQ(after_locked->answer, "not_passed");
    EXPECT_EQ(after_wrong->next, "check_again");
    EXPECT_EQ(after_expired->next, "start_again");
    EXPECT_EQ(after_locked->next, "go_to_a_shop");
}

TEST(Verification, ACodeIsGoodUntilItsTimeIsOverAndNotLonger) {
    Caller caller;
    ASSERT_TRUE(caller.start());
    const std::string code = caller.code();
    caller.now += 10min - 1ms;
    EXPECT_EQ(caller.code(), code);
    caller.now += 1ms;
    EXPECT_EQ(caller.code(), "verification.expired");
    const auto late = caller.check(code);
    ASSERT_TRUE(late);
    EXPECT_EQ(late->answer, "not_passed");
    EXPECT_EQ(late->verification.state, "expired");
}

TEST(Verification, ASecondMessageCarriesTheSameCodeAndAThirdIsNotSent) {
    Caller caller;
    ASSERT_TRUE(caller.start());
    const std::string code = caller.code();
    caller.now += 31s;
    const auto again = caller.resend();
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->send);
    EXPECT_EQ(again->verification.sends, 2);
    EXPECT_EQ(caller.code(), code);
    caller.now += 31s;
    EXPECT_EQ(code_of_error(caller.resend()), "verification.exhausted");
    // It can still be told.
    EXPECT_EQ(caller.check(code)->answer, "passed");
}

TEST(Verification, TheNextMessageWaitsAMoment) {
    Caller caller;
    ASSERT_TRUE(caller.start());
    caller.now += 29s;
    EXPECT_EQ(code_of_error(caller.resend()), "verification.too_soon");
    EXPECT_EQ(code_of_error(caller.start()), "verification.too_soon");
    caller.now += 1s;
    EXPECT_TRUE(caller.resend());
}

TEST(Verification, AResendDoesNotMakeTheCodeLiveLonger) {
    Caller caller;
    ASSERT_TRUE(caller.start());
    const WallTime until = caller.last.expires_at;
    caller.now += 9min;
    ASSERT_TRUE(caller.resend());
    EXPECT_EQ(caller.last.expires_at, until);
    caller.now += 1min;
    EXPECT_EQ(code_of_error(caller.resend()), "verification.not_pending");
}

TEST(Verification, OnlyNamedPurposesAndPeopleOfTheCentre) {
    Caller caller;
    EXPECT_EQ(code_of_error(caller.start("transfer_money")), "verification.bad_purpose");
    for (const char* role : {"quality", "erp", "node", ""})
        EXPECT_EQ(code_of_error(caller.start("data_change", role)), "verification.forbidden") << role;
    EXPECT_TRUE(caller.budgets.empty());
}

TEST(Verification, ANumberThatIsNewInTheFileProvesNothing) {
    Caller caller;
    VerificationBudgetRecord row;
    row.number = caller.number;
    row.detail["changed_at"] = caller.now.time_since_epoch().count();
    caller.budgets[{caller.number, ""}] = row;
    EXPECT_EQ(code_of_error(caller.start()), "verification.number_too_new");
    caller.now += 72h - 1ms;
    EXPECT_EQ(code_of_error(caller.start()), "verification.number_too_new");
    caller.now += 1ms;
    EXPECT_TRUE(caller.start());
    // What is remembered of the number is not lost by using it.
    EXPECT_TRUE((caller.budgets[{caller.number, ""}].detail.contains("changed_at")));
}

TEST(Verification, ASupervisorGivesANewBudgetOnce) {
    Caller caller;
    ASSERT_TRUE(caller.start());
    EXPECT_EQ(code_of_error(caller.unlock()), "verification.not_locked");
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(caller.check(caller.wrong()));
    EXPECT_EQ(caller.last.state, "locked");
    EXPECT_EQ((caller.budgets[{caller.number, ""}].locked_until - caller.now), Millis{86'400'000});
    caller.now += 1min;
    EXPECT_EQ(code_of_error(caller.start()), "verification.exhausted");
    for (const char* role : {"agent", "team_lead", "quality"})
        EXPECT_EQ(code_of_error(caller.unlock(role)), "verification.forbidden") << role;
    const auto unlocked = caller.unlock();
    ASSERT_TRUE(unlocked);
    EXPECT_EQ(unlocked->answer, "unlocked");
    EXPECT_EQ(unlocked->history, "verification_unlocked");
    EXPECT_EQ(unlocked->verification.state, "locked");
    ASSERT_TRUE(caller.start());
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(caller.check(caller.wrong()));
    EXPECT_EQ(code_of_error(caller.unlock()), "verification.exhausted");
}

}  // namespace
}  // namespace citybridge::sms_verification
