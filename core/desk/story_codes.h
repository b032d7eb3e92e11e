#pragma once
// Stands in for the plugin that verifies callers: two messages, five wrong answers, ten minutes; the code is "right".
#include "core/api/capabilities.h"

namespace citybridge::desk {

class StoryCodes final : public VerificationRules {
public:
    std::vector<std::string> budgets(const std::string& purpose) const override { return {purpose}; }
    Result<VerificationVerdict> decide(const VerificationAsk& ask, const VerificationRecord& verification,
                                       const std::vector<VerificationBudgetRecord>& budgets,
                                       WallTime now) const override;
    Result<std::string> code(const VerificationRecord&, WallTime) const override { return std::string("right"); }
};

}  // namespace citybridge::desk
