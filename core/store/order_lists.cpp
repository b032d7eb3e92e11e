#include "core/store/order_lists.h"

#include "core/store/read_rows.h"

namespace citybridge::store {

namespace {

// "where" before the first condition, "and" before the others.
class Conditions {
public:
    explicit Conditions(Query& query) : query_(query) {}

    Query& next() { return query_ << (std::exchange(first_, false) ? "where " : " and "); }
    void equal(const char* column, const std::string& value) {
        if (value.empty()) return;
        next() << column << "=";
        query_.text(value);
    }

private:
    Query& query_;
    bool first_ = true;
};

}  // namespace

std::vector<OrderRecord> list_orders(Connection& connection, const OrderQuery& asked) {
    auto query = select<OrderRecord>(connection);
    Conditions where(query);
    where.equal("kind", asked.kind);
    where.equal("state", asked.state);
    where.equal("owner", asked.owner);
    where.equal("customer", asked.customer);
    where.equal("group_name", asked.group);
    // The partial indexes are taken only when their own condition stands here.
    if (!asked.owner.empty()) where.next() << "owner<>''";
    if (!asked.customer.empty()) where.next() << "customer<>''";
    if (asked.open_only || asked.overdue_only) where.next() << "closed_at is null";
    if (asked.overdue_only)
        where.next() << "exists (select 1 from deadlines where deadlines.order_id=orders.id "
                        "and deadlines.state='overdue')";
    if (!asked.after.empty()) {
        // The time of creation never changes, so that a page ends where the next begins whatever happens between.
        where.next() << "(created_at,id)<(select created_at,id from orders where id=";
        query.text(asked.after) << ")";
    }
    query << " order by created_at desc,id desc limit ";
    query.number(static_cast<std::int64_t>(asked.limit));
    return read_rows<OrderRecord>(connection, query);
}

std::vector<OutboxRecord> list_outbox(Connection& connection, const OutboxQuery& asked) {
    auto query = select<OutboxRecord>(connection);
    Conditions where(query);
    where.equal("destination", asked.destination);
    where.equal("state", asked.state);
    where.equal("lane_key", asked.key);
    where.equal("order_id", asked.order);
    if (!asked.order.empty()) where.next() << "order_id<>''";
    if (!asked.state.empty() && asked.state != to_string(OutboxState::delivered)) where.next() << "state<>'delivered'";
    if (asked.before_seq > 0) {
        where.next() << "seq<";
        query.number(asked.before_seq);
    }
    query << " order by seq desc limit ";
    query.number(static_cast<std::int64_t>(asked.limit));
    return read_rows<OutboxRecord>(connection, query);
}

std::vector<OutboxCount> count_outbox(Connection& connection) {
    Query query(connection.database());
    query << "select destination,state,count(*),min(created_at) from outbox where state<>'delivered' "
             "group by destination,state order by destination,state";
    auto& prepared = ready(connection, query, {CellKind::text, CellKind::text, CellKind::number, CellKind::number});
    std::vector<OutboxCount> counts;
    if (!prepared.statement.execute(true)) return counts;
    do {
        CellReader reader(prepared.results);
        auto& count = counts.emplace_back();
        reader.text("destination", count.destination);
        reader.state("state", count.state);
        reader.number("count", count.count);
        reader.time("oldest", count.oldest);
    } while (prepared.statement.fetch());
    return counts;
}

}  // namespace citybridge::store
