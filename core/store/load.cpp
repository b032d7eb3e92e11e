#include "core/store/load.h"

#include <set>

#include "core/store/callback_store.h"
#include "core/store/desk_store.h"
#include "core/store/engine_store.h"
#include "core/store/paper_store.h"
#include "core/store/read_rows.h"
#include "core/store/verification_store.h"

namespace citybridge::store {

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

template <class T>
std::vector<T> unique(const std::vector<T>& values) {
    const std::set<T> once(values.begin(), values.end());
    return {once.begin(), once.end()};
}

template <class Row>
void load_by(Connection& connection, const char* column, const std::vector<std::string>& keys, std::vector<Row>& into) {
    if (keys.empty()) return;
    auto query = select<Row>(connection);
    query << "where " << column << " in ";
    query.texts(unique(keys));
    into = read_rows<Row>(connection, query);
}

template <class Row>
void load_by(Connection& connection, const char* first, const char* second, const Pairs& keys, std::vector<Row>& into) {
    if (keys.empty()) return;
    auto query = select<Row>(connection);
    // Joined and not `in`: SQLite takes an index for a list of pairs only then.
    query << "join ";
    query.pairs(unique(keys)) << " as asked on " << first << "=asked.column1 and " << second << "=asked.column2";
    into = read_rows<Row>(connection, query);
}

void load_orders(Connection& connection, const Wanted& wanted, Loaded& loaded) {
    if (wanted.orders.empty() && wanted.external.empty()) return;
    auto query = select<OrderRecord>(connection);
    query << "where ";
    if (wanted.external.empty()) {
        query << "id in ";
        query.texts(unique(wanted.orders));
    } else {
        // A union of ids, not an `or`: both sides then use their index.
        query << "id in (select id from orders where id in ";
        query.texts(unique(wanted.orders)) << " union select id from orders join ";
        query.pairs(unique(wanted.external)) << " as asked on external_system=asked.column1 and "
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
    query.texts(unique(wanted.customers)) << " union select customer from customer_numbers where number in ";
    query.texts(unique(wanted.numbers)) << ")";
    loaded.customers = read_rows<CustomerRecord>(connection, query);
}

}  // namespace

Loaded load_rows(Connection& connection, const Wanted& wanted) {
    Loaded loaded;
    load_orders(connection, wanted, loaded);
    load_customers(connection, wanted, loaded);
    load_by(connection, "id", wanted.outbox, loaded.outbox);
    load_by(connection, "source", "id", wanted.inbox, loaded.inbox);
    load_by(connection, "user_name", "request_key", wanted.idempotency, loaded.idempotency);
    load_by(connection, "id", wanted.commands, loaded.commands);
    load_by(connection, "name", wanted.users, loaded.users);
    load_engine(connection, wanted, loaded);
    load_papers(connection, wanted, loaded);
    load_desk(connection, wanted.desk, loaded.desk);
    load_verifications(connection, wanted.verification, loaded);
    load_callbacks(connection, wanted.callback, loaded.callback);
    return loaded;
}

}  // namespace citybridge::store
