#include "core/store/load.h"

#include "core/store/callback_store.h"
#include "core/store/desk_store.h"
#include "core/store/engine_store.h"
#include "core/store/paper_store.h"
#include "core/store/rows_by_keys.h"
#include "core/store/verification_store.h"
#include "core/store/written_store.h"

namespace citybridge::store {

namespace {

void load_orders(Connection& connection, const Wanted& wanted, Loaded& loaded) {
    if (wanted.orders.empty() && wanted.external.empty()) return;
    auto query = select<OrderRecord>(connection);
    query << "where ";
    if (wanted.external.empty()) {
        query << "id in ";
        query.texts(each_once(wanted.orders));
    } else {
        // A union of ids, not an `or`: both sides then use their index.
        query << "id in (select id from orders where id in ";
        query.texts(each_once(wanted.orders)) << " union select id from orders join ";
        query.pairs(each_once(wanted.external)) << " as asked on external_system=asked.column1 and "
                                                   "external_id=asked.column2 where external_id<>'')";
    }
    loaded.orders = read_rows<OrderRecord>(connection, query);
    if (loaded.orders.empty()) return;
    std::vector<std::string> ids;
    for (const auto& order : loaded.orders) ids.push_back(order.id);
    auto open = select<DeadlineRecord>(connection);
    open << "where state='open' and order_id in ";
    open.texts(ids);
    loaded.deadlines = read_rows<DeadlineRecord>(connection, open);
}

void load_customers(Connection& connection, const Wanted& wanted, Loaded& loaded) {
    if (wanted.customers.empty() && wanted.numbers.empty()) return;
    auto query = select<CustomerRecord>(connection);
    query << "where id in (select id from customers where id in ";
    query.texts(each_once(wanted.customers)) << " union select customer from customer_numbers where number in ";
    query.texts(each_once(wanted.numbers)) << ")";
    loaded.customers = read_rows<CustomerRecord>(connection, query);
}

}  // namespace

Loaded load_rows(Connection& connection, const Wanted& wanted) {
    Loaded loaded;
    load_orders(connection, wanted, loaded);
    load_customers(connection, wanted, loaded);
    loaded.outbox = rows_by<OutboxRecord>(connection, "id", wanted.outbox);
    loaded.inbox = rows_by_pairs<InboxRecord>(connection, "source", "id", wanted.inbox);
    loaded.idempotency = rows_by_pairs<IdempotencyRecord>(connection, "user_name", "request_key", wanted.idempotency);
    loaded.commands = rows_by<CommandRecord>(connection, "id", wanted.commands);
    loaded.users = rows_by<UserRecord>(connection, "name", wanted.users);
    load_engine(connection, wanted, loaded);
    load_papers(connection, wanted, loaded);
    load_desk(connection, wanted.desk, loaded.desk);
    load_verifications(connection, wanted.verification, loaded);
    load_callbacks(connection, wanted.callback, loaded.callback);
    load_written(connection, wanted.written, loaded.written);
    return loaded;
}

}  // namespace citybridge::store
