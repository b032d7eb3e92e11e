#include "plugins/sms_verification/decide.h"

#include <algorithm>

#include "core/api/verification_words.h"
#include "plugins/sms_verification/code.h"

namespace citybridge::sms_verification {
namespace {

VerificationBudgetRecord budget_of(const std::vector<VerificationBudgetRecord>& budgets, const std::string& number,
                                   const std::string& purpose) {
    for (const VerificationBudgetRecord& row : budgets)
        if (row.number == number && row.purpose == purpose) return row;
    VerificationBudgetRecord out;
    out.number = number;
    out.purpose = purpose;
    return out;
}

bool is_one_of(const std::string& role, std::initializer_list<const char*> roles) {
    return std::find(roles.begin(), roles.end(), role) != roles.end();
}

Error forbidden(const char* what, const char* who) {
    return {"verification.forbidden", std::string(what) + " is for " + who + "; ask one of them"};
}

Error not_pending(const VerificationRecord& row) {
    return {"verification.not_pending",
            "verification " + row.id + " is over; start a new one if the customer is still there"};
}

}  // namespace

Decider::Decider(const Settings& settings, const VerificationRecord& verification,
                 const std::vector<VerificationBudgetRecord>& budgets, WallTime now)
    : settings_(settings),
      row_(verification),
      number_(budget_of(budgets, verification.number, ""), now),
      purpose_(budget_of(budgets, verification.number, verification.purpose), now),
      now_(now) {}

Result<VerificationVerdict> Decider::decide(const VerificationAsk& ask) {
    using What = VerificationAsk::What;
    if (ask.what != What::unlock && !is_one_of(ask.role, {"agent", "team_lead", "supervisor", "admin"}))
        return forbidden("verifying a caller", "agents, team leads, supervisors and administrators");
    switch (ask.what) {
        case What::start: return start();
        case What::resend: return resend();
        case What::check: return check(ask.code);
        case What::unlock: return unlock(ask.role);
    }
    return not_pending(row_);
}

bool Decider::sends_used_up() const {
    return purpose_.sends() >= settings_.sends_per_day || number_.sends() >= settings_.sends_per_number_per_day;
}

Result<> Decider::may_send() const {
    if (locked())
        return Error{"verification.exhausted",
                     "too many wrong codes for this number; the customer brings identification to a shop, or a "
                     "supervisor unlocks the number"};
    if (sends_used_up())
        return Error{"verification.exhausted",
                     "no more codes go to this number today; the customer brings identification to a shop, or a "
                     "supervisor unlocks the number"};
    const auto last = number_.last_send();
    if (last && now_ < *last + std::chrono::seconds{settings_.send_gap_seconds})
        return Error{"verification.too_soon", "a code went to this number a moment ago; wait " +
                                                  std::to_string(settings_.send_gap_seconds) +
                                                  " seconds after it before you send again"};
    return ok();
}

VerificationVerdict Decider::verdict(std::string answer, std::string next, std::string history) const {
    VerificationVerdict out;
    out.verification = row_;
    out.answer = std::move(answer);
    out.next = std::move(next);
    out.history = std::move(history);
    return out;
}

void Decider::leave_words() {
    row_.detail[kWhenOver] = when_over();
    row_.detail[kLastSend] = row_.sends >= settings_.max_sends || sends_used_up();
}

VerificationVerdict Decider::sent() {
    ++row_.sends;
    number_.sent();
    purpose_.sent();
    row_.detail.erase("delivery");
    leave_words();
    VerificationVerdict out =
        verdict("sent", "ask_for_code", row_.sends == 1 ? "verification_sent" : "verification_sent_again");
    out.send = true;
    out.budgets = {number_.row(), purpose_.row()};
    return out;
}

Result<VerificationVerdict> Decider::start() {
    const auto& purposes = settings_.purposes;
    if (std::find(purposes.begin(), purposes.end(), row_.purpose) == purposes.end())
        return Error{"verification.bad_purpose",
                     "nobody is verified for \"" + row_.purpose + "\" here; the setting purposes names what for"};
    const auto changed = number_.changed_at();
    if (changed && now_ < *changed + std::chrono::hours{settings_.number_age_hours})
        return Error{"verification.number_too_new",
                     "the number came into the file a short time ago and proves nothing yet; the customer brings "
                     "identification to a shop"};
    if (auto may = may_send(); !may) return may.error();
    row_.state = kPending;
    row_.sends = row_.checks = 0;
    row_.expires_at = now_ + std::chrono::minutes{settings_.valid_minutes};
    return sent();
}

Result<VerificationVerdict> Decider::resend() {
    if (row_.state != kPending || now_ >= row_.expires_at) return not_pending(row_);
    if (row_.sends >= settings_.max_sends)
        return Error{"verification.exhausted",
                     "this code was sent as often as it may be; the customer brings identification to a shop"};
    if (auto may = may_send(); !may) return may.error();
    return sent();
}

VerificationVerdict Decider::not_passed(const char* state, const char* history) {
    row_.state = state;
    leave_words();
    return verdict("not_passed", row_.state == kPending ? "check_again" : when_over(), history);
}

Result<VerificationVerdict> Decider::check(const std::string& told) {
    if (row_.state != kPending) return not_pending(row_);
    if (now_ >= row_.expires_at) return not_passed(kExpired, "verification_expired");
    // Another verification used up what there is for the number: this code is not even looked at.
    if (locked()) return not_passed(kLocked, "verification_locked");
    if (same_code(told, code_of(settings_.key, row_.id, row_.nonce))) {
        row_.state = kVerified;
        row_.detail["verified_at"] = now_.time_since_epoch().count();
        return verdict("passed", "none", "verification_passed");
    }
    ++row_.checks;
    number_.failed();
    purpose_.failed();
    const bool over = row_.checks >= settings_.max_checks;
    VerificationVerdict out = locked() ? not_passed(kLocked, "verification_locked")
                              : over   ? not_passed(kFailed, "verification_failed")
                                       : not_passed(kPending, "verification_wrong");
    out.budgets = {number_.row(), purpose_.row()};
    if (locked()) out.budgets[0].locked_until = number_.locked_until(settings_.wrong_checks_per_day);
    return out;
}

Result<VerificationVerdict> Decider::unlock(const std::string& role) {
    if (!is_one_of(role, {"supervisor", "admin"}))
        return forbidden("unlocking a number", "supervisors and administrators");
    if (!locked() && !sends_used_up())
        return Error{"verification.not_locked", "this number is not locked; start a new verification"};
    if (number_.unlocks() >= settings_.unlocks_per_day)
        return Error{"verification.exhausted",
                     "this number was unlocked as often as it may be today; the customer brings identification to a "
                     "shop"};
    number_.unlock();
    purpose_.unlock();
    leave_words();
    VerificationVerdict out = verdict("unlocked", "start_again", "verification_unlocked");
    out.budgets = {number_.row(), purpose_.row()};
    for (VerificationBudgetRecord& row : out.budgets) row.locked_until = WallTime{};
    return out;
}

}  // namespace citybridge::sms_verification
