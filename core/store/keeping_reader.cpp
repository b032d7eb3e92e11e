#include "core/store/keeping_reader.h"

#include "core/store/connection.h"
#include "core/store/meta.h"
#include "core/store/read_rows.h"

namespace citybridge::store {
namespace {

// `lacks`: an SQL number, more than 0 for an order that lacks something.
Result<Lacking> lacking(Readers& readers, const char* lacks, const char* condition, const std::string& after,
                        std::size_t scanned) {
    Lacking out;
    const auto done = readers.read([&](Connection& connection) {
        out = {};
        Query query(connection.database());
        query << "select orders.id," << lacks << " from orders where " << condition << "orders.id>";
        query.text(after) << " order by orders.id limit ";
        query.number(static_cast<std::int64_t>(scanned));
        auto& prepared = ready(connection, query, {CellKind::text, CellKind::number});
        if (!prepared.statement.execute(true)) return;
        do {
            CellReader reader(prepared.results);
            std::int64_t number = 0;
            reader.text("id", out.last);
            reader.number("lacks", number);
            if (number > 0) out.orders.push_back(out.last);
        } while (prepared.statement.fetch());
    });
    if (!done) return done.error();
    return out;
}

}  // namespace

Result<std::vector<OtherVersion>> on_other_version(Readers& readers, const std::string& kind, std::int64_t version,
                                                   const std::string& after, std::size_t limit) {
    std::vector<OtherVersion> out;
    const auto done = readers.read([&](Connection& connection) {
        out.clear();
        auto query = select<OrderRecord>(connection);
        query << "where closed_at is null and kind=";
        query.text(kind) << " and flow_version<>";
        query.number(version) << " and id>";
        query.text(after) << " order by id limit ";
        query.number(static_cast<std::int64_t>(limit));
        std::vector<std::string> ids;
        for (OrderRecord& order : read_rows<OrderRecord>(connection, query)) {
            ids.push_back(order.id);
            out.push_back({std::move(order), {}});
        }
        if (ids.empty()) return;
        auto first = select<HistoryRecord>(connection);
        first << "where n=1 and order_id in ";
        first.texts(ids) << " order by order_id";
        auto at = out.begin();
        for (HistoryRecord& row : read_rows<HistoryRecord>(connection, first)) {
            while (at != out.end() && at->order.id != row.order) ++at;
            if (at == out.end()) break;
            at->opener = std::move(row.actor);
        }
    });
    if (!done) return done.error();
    return out;
}

Result<Lacking> open_without_deadline(Readers& readers, const std::string& after, std::size_t scanned) {
    return lacking(readers,
                   "1-(select count(*) from deadlines where deadlines.order_id=orders.id and deadlines.state='open')",
                   "closed_at is null and ", after, scanned);
}

Result<Lacking> without_search_words(Readers& readers, const std::string& after, std::size_t scanned) {
    return lacking(readers,
                   "(case when customer='' then 1 else 2 end)-(select count(*) from order_text where "
                   "order_text.order_id=orders.id and order_text.n in (-1,0))",
                   "", after, scanned);
}

Result<std::vector<HistoryRecord>> texts_of(Readers& readers, const std::vector<std::string>& orders) {
    std::vector<HistoryRecord> out;
    const auto done = readers.read([&](Connection& connection) {
        auto query = select<HistoryRecord>(connection);
        query << "where note<>'' and order_id in ";
        query.texts(orders) << " order by order_id,n";
        out = read_rows<HistoryRecord>(connection, query);
    });
    if (!done) return done.error();
    return out;
}

Result<std::vector<TellingRecord>> tellings_to(Readers& readers, const TellingQuery& asked) {
    std::vector<TellingRecord> out;
    const auto done = readers.read([&](Connection& connection) {
        auto query = select<TellingRecord>(connection);
        query << "where ";
        if (asked.waiting) query << "settled_at is null and to_acknowledge=1 and ";
        query << "(to_user=";
        query.text(asked.user) << " or (to_user='' and to_role=";
        query.text(asked.role) << " and (to_group='' or to_group in ";
        query.texts(asked.groups) << ")) or (to_user='' and to_role='' and to_group in ";
        query.texts(asked.groups) << "))";
        if (asked.before_at) {
            query << " and (at,id)<(";
            query.number(epoch_ms(*asked.before_at)) << ",";
            query.text(asked.before_id) << ")";
        }
        query << " order by at desc,id desc limit ";
        query.number(static_cast<std::int64_t>(asked.limit));
        out = read_rows<TellingRecord>(connection, query);
    });
    if (!done) return done.error();
    return out;
}

Result<std::vector<OrderRecord>> orders_by_id(Readers& readers, const std::vector<std::string>& ids) {
    std::vector<OrderRecord> out;
    const auto done = readers.read([&](Connection& connection) {
        auto query = select<OrderRecord>(connection);
        query << "where id in ";
        query.texts(ids);
        out = read_rows<OrderRecord>(connection, query);
    });
    if (!done) return done.error();
    return out;
}

Result<std::string> meta_of(Readers& readers, const std::string& name) {
    std::string out;
    const auto done = readers.read([&](Connection& connection) { out = read_meta(connection, name); });
    if (!done) return done.error();
    return out;
}

}  // namespace citybridge::store
