#include "core/store/verification_store.h"

#include "core/store/rows_by_keys.h"
#include "core/store/verification_rows.h"

namespace citybridge::store {

void write_verifications(Connection& connection, const VerificationChanges& changes) {
    insert_rows(connection, last_of_each(changes.verifications, [](const auto& row) { return row.id; }));
    insert_rows(connection,
                last_of_each(changes.budgets, [](const auto& row) { return row.number + '\n' + row.purpose; }));
    insert_rows(connection,
                last_of_each(changes.blocked, [](const auto& row) { return row.address + '\n' + row.channel; }));
}

void load_verifications(Connection& connection, const VerificationWanted& wanted, Loaded& loaded) {
    loaded.verification.verifications = rows_by<VerificationRecord>(connection, "id", wanted.verifications);
    loaded.verification.budgets =
        rows_by_pairs<VerificationBudgetRecord>(connection, "number", "purpose", wanted.budgets);
    loaded.verification.blocked = rows_by_pairs<BlockedAddressRecord>(connection, "address", "channel", wanted.blocked);
    for (auto& row : rows_by_pairs<OutboxRecord>(connection, "destination", "external_id", wanted.outbox_by_far,
                                                 " where external_id<>''"))
        loaded.outbox.push_back(std::move(row));
}

void erase_verifications(Connection& connection, const std::vector<std::string>& customers) {
    if (customers.empty()) return;
    const std::string theirs = "(select number from customer_numbers where customer in ";
    run_with_texts(connection, "delete from verification_budgets where number in " + theirs, customers, ")");
    // Also for a number that is not on file any more.
    run_with_texts(connection,
                   "delete from verification_budgets where number in (select number from verifications where "
                   "customer<>'' and customer in ",
                   customers, ")");
    run_with_texts(connection,
                   "update verifications set number='',nonce='',detail='{}' where customer<>'' and customer in ",
                   customers);
}

}  // namespace citybridge::store
