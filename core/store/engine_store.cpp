#include "core/store/engine_store.h"

#include <map>
#include <set>

#include "core/store/read_rows.h"

namespace citybridge::store {

namespace {

void take_with_deadlines(Connection& connection, std::vector<OrderRecord> orders, Loaded& loaded) {
    if (orders.empty()) return;
    std::vector<std::string> ids;
    ids.reserve(orders.size());
    for (const auto& order : orders) ids.push_back(order.id);
    auto open = select<DeadlineRecord>(connection);
    open << "where state='open' and order_id in ";
    open.texts(ids);
    for (auto& row : read_rows<DeadlineRecord>(connection, open)) loaded.deadlines.push_back(std::move(row));
    for (auto& row : orders) loaded.orders.push_back(std::move(row));
}

// The newest of each customer and kind; whoever has hundreds keeps nobody else's out.
void load_of_customer(Connection& connection, const std::set<OrdersOf>& asked, bool open_only, Loaded& loaded) {
    std::vector<std::string> customers;
    std::vector<std::string> kinds;
    for (const OrdersOf& one : asked) {
        if (one.open_only != open_only || one.customer.empty()) continue;
        customers.push_back(one.customer);
        kinds.push_back(one.kind);
    }
    if (customers.empty()) return;
    auto query = select<OrderRecord>(connection);
    query << "where id in (select id from (select id, row_number() over (partition by customer, kind "
             "order by created_at desc, id desc) as place from orders where customer<>'' ";
    if (open_only) query << "and closed_at is null ";
    query << "and customer in ";
    query.texts(customers) << " and kind in ";
    query.texts(kinds) << ") as ranked where place<=";
    query.number(static_cast<std::int64_t>(OrdersOf::kMost)) << ")";
    take_with_deadlines(connection, read_rows<OrderRecord>(connection, query), loaded);
}

// The newest of a kind, whoever's they are.
void load_of_kind(Connection& connection, const OrdersOf& asked, Loaded& loaded) {
    auto query = select<OrderRecord>(connection);
    query << "where kind=";
    query.text(asked.kind);
    if (asked.open_only) query << " and closed_at is null";
    query << " order by created_at desc, id desc limit ";
    query.number(static_cast<std::int64_t>(OrdersOf::kMost));
    take_with_deadlines(connection, read_rows<OrderRecord>(connection, query), loaded);
}

// The first in turn. One that waits may lose its turn within the batch, so there are more than are asked about.
void load_of_turn(Connection& connection, const TurnOf& asked, std::size_t times, Loaded& loaded) {
    auto query = select<OrderRecord>(connection);
    query << "where kind=";
    query.text(asked.kind) << " and state=";
    query.text(asked.state) << " and group_name=";
    query.text(asked.group) << " and closed_at is null order by created_at, id limit ";
    query.number(static_cast<std::int64_t>(TurnOf::kMost + times));
    take_with_deadlines(connection, read_rows<OrderRecord>(connection, query), loaded);
}

void load_people(Connection& connection, Loaded& loaded) {
    auto users = select<UserRecord>(connection);
    users << "order by name";
    loaded.users = read_rows<UserRecord>(connection, users);
    Query counts(connection.database());
    counts << "select owner,count(*) from orders where closed_at is null and owner<>'' group by owner";
    auto& prepared = ready(connection, counts, {CellKind::text, CellKind::number});
    if (!prepared.statement.execute(true)) return;
    do {
        CellReader reader(prepared.results);
        auto& [owner, count] = loaded.open_orders.emplace_back();
        reader.text("owner", owner);
        reader.number("count", count);
    } while (prepared.statement.fetch());
}

}  // namespace

void load_engine(Connection& connection, const Wanted& wanted, Loaded& loaded) {
    const std::set<OrdersOf> asked(wanted.of_customer.begin(), wanted.of_customer.end());
    load_of_customer(connection, asked, true, loaded);
    load_of_customer(connection, asked, false, loaded);
    for (const OrdersOf& one : asked)
        if (one.customer.empty()) load_of_kind(connection, one, loaded);
    std::map<TurnOf, std::size_t> turns;
    for (const TurnOf& one : wanted.turns) ++turns[one];
    for (const auto& [one, times] : turns) load_of_turn(connection, one, times, loaded);
    if (wanted.people) load_people(connection, loaded);
}

}  // namespace citybridge::store
