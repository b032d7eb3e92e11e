#include "plugins/sms_verification/sms_verification.h"

#include "plugins/sms_verification/code.h"
#include "plugins/sms_verification/decide.h"

namespace citybridge::sms_verification {

SettingsDoc SmsVerificationPlugin::settings() {
    return describe("Rules by which a caller proves with a code by SMS that he is who the file says.",
                    settings_table());
}

void SmsVerificationPlugin::configure(const RawSettings& settings, Problems& problems) {
    settings_ = read_settings(settings, problems);
}

Capabilities SmsVerificationPlugin::offers() {
    Capabilities out;
    out.verification = this;
    return out;
}

std::vector<std::string> SmsVerificationPlugin::budgets(const std::string& purpose) const {
    return {std::string(), purpose};
}

Result<VerificationVerdict> SmsVerificationPlugin::decide(const VerificationAsk& ask,
                                                          const VerificationRecord& verification,
                                                          const std::vector<VerificationBudgetRecord>& budgets,
                                                          WallTime now) const {
    return Decider(settings_, verification, budgets, now).decide(ask);
}

Result<std::string> SmsVerificationPlugin::code(const VerificationRecord& verification, WallTime now) const {
    if (verification.state != kPending || now >= verification.expires_at)
        return Error{"verification.expired", "verification " + verification.id +
                                                 " is over, and its code is sent no more; start a new one if the "
                                                 "customer is still there"};
    return code_of(settings_.key, verification.id, verification.nonce);
}

}  // namespace citybridge::sms_verification
