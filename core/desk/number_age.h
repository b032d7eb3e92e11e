#pragma once
// When a number came into a customer's file: for some time it does not prove who he is (core/api/verifications.h).
#include <algorithm>

#include "core/desk/context.h"

namespace citybridge::desk {

// Numbers of `now` that were not there `before`. With a new customer there is nothing to be taken from him yet, and
// nothing is noted.
inline void note_new_numbers(const Context& context, const std::vector<std::string>& before,
                             const std::vector<std::string>& now, Changes& changes) {
    if (context.settings.verification == nullptr) return;
    for (const std::string& number : now) {
        if (std::find(before.begin(), before.end(), number) != before.end()) continue;
        const VerificationBudgetRecord* known = context.view.verification_budget(number, "");
        VerificationBudgetRecord row = known == nullptr ? VerificationBudgetRecord{} : *known;
        row.number = number;
        row.detail["changed_at"] = context.now.wall.time_since_epoch().count();
        row.updated_at = context.now.wall;
        changes.verification.budgets.push_back(std::move(row));
    }
}

}  // namespace citybridge::desk
