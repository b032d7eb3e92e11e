#include "core/store/written_store.h"

#include "core/store/rows_by_keys.h"
#include "core/store/written_rows.h"

namespace citybridge::store {

void write_written(Connection& connection, const WrittenChanges& changes) {
    insert_rows(connection, last_of_each(changes.messages, [](const auto& row) { return row.id; }));
    insert_rows(connection, last_of_each(changes.budgets, [](const auto& row) { return row.of; }));
}

void load_written(Connection& connection, const WrittenWanted& wanted, WrittenLoaded& loaded) {
    loaded.messages = rows_by<WrittenMessageRecord>(connection, "id", wanted.messages);
    loaded.budgets = rows_by<MessageBudgetRecord>(connection, "of_whom", wanted.budgets);
}

void erase_written(Connection& connection, const std::vector<std::string>& customers) {
    if (customers.empty()) return;
    run_with_texts(connection,
                   "update outbox set last_detail='' where kind='written_sms' and lane_key in "
                   "(select id from written_messages where customer in ",
                   customers, ")");
    run_with_texts(connection,
                   "update written_messages set address='',words='',slots='[]',detail='' where customer in ",
                   customers);
}

}  // namespace citybridge::store
