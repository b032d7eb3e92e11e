#include "core/store/verification_reader.h"

#include "core/store/read_rows.h"
#include "core/store/read_with.h"
#include "core/store/verification_rows.h"

namespace citybridge::store {

Result<std::optional<VerificationRecord>> verification(Readers& readers, const std::string& id) {
    return read_with<std::optional<VerificationRecord>>(readers, [&](Connection& connection) {
        auto query = select<VerificationRecord>(connection);
        query << "where id=";
        query.text(id);
        return read_one<VerificationRecord>(connection, query);
    });
}

Result<std::vector<VerificationRecord>> verifications_of(Readers& readers, const std::string& customer,
                                                         const std::string& order, std::size_t limit) {
    return read_with<std::vector<VerificationRecord>>(readers, [&](Connection& connection) {
        auto query = select<VerificationRecord>(connection);
        query << (customer.empty() ? "where order_id<>'' and order_id=" : "where customer<>'' and customer=");
        query.text(customer.empty() ? order : customer) << " order by created_at desc,id desc limit ";
        query.number(static_cast<std::int64_t>(limit));
        return read_rows<VerificationRecord>(connection, query);
    });
}

Result<std::vector<VerificationBudgetRecord>> verification_budgets(Readers& readers,
                                                                   const std::vector<std::string>& numbers) {
    return read_with<std::vector<VerificationBudgetRecord>>(readers, [&](Connection& connection) {
        auto query = select<VerificationBudgetRecord>(connection);
        query << "where number in ";
        query.texts(numbers) << " order by number,purpose";
        return read_rows<VerificationBudgetRecord>(connection, query);
    });
}

Result<std::vector<BlockedAddressRecord>> blocked_addresses(Readers& readers, const BlockedQuery& asked) {
    return read_with<std::vector<BlockedAddressRecord>>(readers, [&](Connection& connection) {
        auto query = select<BlockedAddressRecord>(connection);
        query << "where blocked=1";
        if (!asked.channel.empty()) {
            query << " and channel=";
            query.text(asked.channel);
        }
        if (!asked.address.empty()) {
            query << " and address=";
            query.text(asked.address);
        }
        if (!asked.after_address.empty()) {
            query << " and (address,channel)>(";
            query.text(asked.after_address) << ",";
            query.text(asked.after_channel) << ")";
        }
        query << " order by address,channel limit ";
        query.number(static_cast<std::int64_t>(asked.limit));
        return read_rows<BlockedAddressRecord>(connection, query);
    });
}

}  // namespace citybridge::store
