#pragma once
// One decision about one verification; docs/verification.md tells its life.
#include "core/api/capabilities.h"
#include "plugins/sms_verification/budget.h"
#include "plugins/sms_verification/settings.h"

namespace citybridge::sms_verification {

inline constexpr const char* kPending = "pending";
inline constexpr const char* kVerified = "verified";
inline constexpr const char* kFailed = "failed";    // its checks are used up
inline constexpr const char* kLocked = "locked";    // those of its number are
inline constexpr const char* kExpired = "expired";  // seen by a check that came too late

class Decider {
public:
    Decider(const Settings& settings, const VerificationRecord& verification,
            const std::vector<VerificationBudgetRecord>& budgets, WallTime now);

    Result<VerificationVerdict> decide(const VerificationAsk& ask);

private:
    Result<VerificationVerdict> start();
    Result<VerificationVerdict> resend();
    Result<VerificationVerdict> check(const std::string& told);
    Result<VerificationVerdict> unlock(const std::string& role);

    Result<> may_send() const;
    bool locked() const { return number_.failures() >= settings_.wrong_checks_per_day; }
    bool sends_used_up() const;
    const char* when_over() const { return locked() || sends_used_up() ? "go_to_a_shop" : "start_again"; }
    void leave_words();  // for who looks at it later
    VerificationVerdict sent();
    VerificationVerdict not_passed(const char* state, const char* history);
    VerificationVerdict verdict(std::string answer, std::string next, std::string history) const;

    const Settings& settings_;
    VerificationRecord row_;
    Budget number_;  // over all purposes
    Budget purpose_;
    WallTime now_;
};

}  // namespace citybridge::sms_verification
