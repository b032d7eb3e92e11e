#pragma once
// Reading verifications and blocked addresses. Any thread; errors "store.*".
#include "core/store/reader.h"

namespace citybridge::store {

Result<std::optional<VerificationRecord>> verification(Readers& readers, const std::string& id);
// Of one customer or one order, whichever is given; the newest first.
Result<std::vector<VerificationRecord>> verifications_of(Readers& readers, const std::string& customer,
                                                         const std::string& order, std::size_t limit);
// What was used up for these numbers.
Result<std::vector<VerificationBudgetRecord>> verification_budgets(Readers& readers,
                                                                   const std::vector<std::string>& numbers);

struct BlockedQuery {
    std::string channel, address;              // empty: any
    std::string after_address, after_channel;  // of the last row of the page before
    std::size_t limit = 50;
};
// By address and channel; those that are blocked now.
Result<std::vector<BlockedAddressRecord>> blocked_addresses(Readers& readers, const BlockedQuery& query);

}  // namespace citybridge::store
