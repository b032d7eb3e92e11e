#pragma once
// The plugin: rules by which a caller proves with a code on his mobile that he is who the file says (B4). Pure
// decisions; nothing to start or stop.
#include "core/api/plugin.h"
#include "plugins/sms_verification/settings.h"

namespace citybridge::sms_verification {

class SmsVerificationPlugin final : public Plugin, public VerificationRules {
public:
    explicit SmsVerificationPlugin(Host&) {}

    static SettingsDoc settings();
    void configure(const RawSettings& settings, Problems& problems) override;
    Result<> start() override { return ok(); }
    void stop(Millis) override {}
    Capabilities offers() override;

    std::vector<std::string> budgets(const std::string& purpose) const override;
    Result<VerificationVerdict> decide(const VerificationAsk& ask, const VerificationRecord& verification,
                                       const std::vector<VerificationBudgetRecord>& budgets,
                                       WallTime now) const override;
    Result<std::string> code(const VerificationRecord& verification, WallTime now) const override;

private:
    Settings settings_;
};

}  // namespace citybridge::sms_verification
