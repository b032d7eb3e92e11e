#include "core/desk/story_codes.h"

#include "core/desk/story_play.h"

namespace citybridge::desk {
namespace {

constexpr std::int64_t kSends = 2, kWrong = 5;
constexpr Millis kGood{600'000};

VerificationVerdict told(VerificationRecord row, const char* answer, const char* next, const char* history) {
    VerificationVerdict out;
    out.verification = std::move(row);
    out.answer = answer;
    out.next = next;
    out.history = history;
    return out;
}

}  // namespace

Result<VerificationVerdict> StoryCodes::decide(const VerificationAsk& ask, const VerificationRecord& verification,
                                               const std::vector<VerificationBudgetRecord>&, WallTime now) const {
    VerificationRecord row = verification;
    const bool starts = ask.what == VerificationAsk::What::start;
    if (!starts && (row.state != "pending" || now >= row.expires_at))
        return Error{"verification.not_pending", "the verification is over"};
    if (ask.what == VerificationAsk::What::check) {
        if (ask.code == "right") {
            row.state = "verified";
            return told(row, "passed", "none", "verification_passed");
        }
        if (++row.checks < kWrong) return told(row, "not_passed", "check_again", "verification_wrong");
        row.state = "failed";
        return told(row, "not_passed", "go_to_a_shop", "verification_failed");
    }
    if (row.sends >= kSends) return Error{"verification.exhausted", "sent as often as it may be"};
    if (starts) row.expires_at = now + kGood;
    row.state = "pending";
    ++row.sends;
    VerificationVerdict out = told(row, "sent", "ask_for_code", "verification_sent");
    out.send = true;
    return out;
}

bool StoryPlay::verify_step(const StoryStep& step) {
    if (step.what != "verify" && step.what != "resend_code" && step.what != "check_code") return false;
    const OrderRecord* about = order(step);
    if (about == nullptr) return true;
    last_ = about->id;
    if (step.what == "verify") {
        const auto begun =
            ask(step, step["by"], StartVerification{about->customer, step["purpose"], about->id, {}, {}});
        if (begun) verification_ = begun->changes.verification.verifications.front().id;
        return true;
    }
    StepVerification what;
    what.id = verification_;
    what.what = step.what == "check_code" ? VerificationAsk::What::check : VerificationAsk::What::resend;
    what.code = step["code"];
    ask(step, step["by"], std::move(what));
    return true;
}

}  // namespace citybridge::desk
