#include "core/store/callback_reader.h"

#include "core/api/records_json.h"
#include "core/store/callback_rows.h"
#include "core/store/conditions.h"
#include "core/store/read_rows.h"
#include "core/store/read_with.h"

namespace citybridge::store {

Result<std::vector<CallbackRecord>> read_callbacks(Readers& readers, const CallbackQuery& asked) {
    return read_with<std::vector<CallbackRecord>>(readers, [&](Connection& connection) {
        auto query = select<CallbackRecord>(connection);
        Conditions where(query);
        where.equal("state", asked.state);
        where.equal("side", asked.side);
        where.equal("owner", asked.owner);
        where.equal("customer", asked.customer, true);
        where.equal("number", asked.number, true);
        if (asked.open_only) where.next() << "closed_at is null";
        if (asked.unowned_only) where.next() << "owner=''";
        if (!asked.city.empty()) {
            where.next() << "((side='origin' and target=";
            query.text(asked.city) << ") or (side='target' and origin=";
            query.text(asked.city) << "))";
        }
        if (!asked.after.empty()) {
            where.next() << "(created_at,id)<(select created_at,id from callbacks where id=";
            query.text(asked.after) << ")";
        }
        query << " order by created_at desc,id desc limit ";
        query.number(static_cast<std::int64_t>(asked.limit));
        return read_rows<CallbackRecord>(connection, query);
    });
}

Result<std::vector<CallbackRecord>> read_callbacks_of(Readers& readers, const std::string& customer,
                                                      const std::vector<std::string>& numbers, bool open_only,
                                                      std::size_t limit) {
    std::vector<std::string> known;
    for (const std::string& number : numbers)
        if (!number.empty()) known.push_back(number);
    if (customer.empty() && known.empty()) return std::vector<CallbackRecord>{};
    return read_with<std::vector<CallbackRecord>>(readers, [&](Connection& connection) {
        auto query = select<CallbackRecord>(connection);
        query << "where ";
        if (open_only) query << "closed_at is null and ";
        query << "(";
        if (!customer.empty()) {
            query << "(customer<>'' and customer=";
            query.text(customer) << ")" << (known.empty() ? "" : " or ");
        }
        if (!known.empty()) {
            query << "(number<>'' and number in ";
            query.texts(known) << ")";
        }
        query << ") order by created_at desc,id desc limit ";
        query.number(static_cast<std::int64_t>(limit));
        return read_rows<CallbackRecord>(connection, query);
    });
}

Result<std::optional<CallbackRecord>> read_callback(Readers& readers, const std::string& id) {
    return read_with<std::optional<CallbackRecord>>(readers, [&](Connection& connection) {
        auto query = select<CallbackRecord>(connection);
        query << "where id=";
        query.text(id);
        return read_one<CallbackRecord>(connection, query);
    });
}

Result<std::vector<CallbackHistoryRecord>> read_callback_history(Readers& readers, const std::string& id) {
    return read_with<std::vector<CallbackHistoryRecord>>(readers, [&](Connection& connection) {
        auto query = select<CallbackHistoryRecord>(connection);
        query << "where callback=";
        query.text(id) << " order by n";
        return read_rows<CallbackHistoryRecord>(connection, query);
    });
}

Result<std::vector<CityRecord>> read_cities(Readers& readers) {
    return read_with<std::vector<CityRecord>>(readers, [](Connection& connection) {
        auto query = select<CityRecord>(connection);
        query << "order by city";
        return read_rows<CityRecord>(connection, query);
    });
}

Result<std::vector<CallbackCount>> count_callbacks(Readers& readers) {
    return read_with<std::vector<CallbackCount>>(readers, [](Connection& connection) {
        Query query(connection.database());
        query << "select side,case when side='origin' then target else origin end as city,state,count(*),"
                 "min(created_at) from callbacks where closed_at is null group by 1,2,3 order by 1,2,3";
        auto& prepared = ready(connection, query,
                               {CellKind::text, CellKind::text, CellKind::text, CellKind::number, CellKind::number});
        std::vector<CallbackCount> counts;
        if (!prepared.statement.execute(true)) return counts;
        do {
            CellReader reader(prepared.results);
            CallbackCount& count = counts.emplace_back();
            reader.text("side", count.side);
            reader.text("city", count.city);
            reader.text("state", count.state);
            reader.number("count", count.count);
            reader.number("oldest", count.oldest_ms);
        } while (prepared.statement.fetch());
        return counts;
    });
}

std::vector<CallbackDueRow> due_callbacks(Connection& connection, WallTime until, std::size_t limit) {
    Query query(connection.database());
    query << "select id,due_at from callbacks where due_at is not null and due_at<=";
    query.number(epoch_ms(until)) << " order by due_at,id limit ";
    query.number(static_cast<std::int64_t>(limit));
    auto& prepared = ready(connection, query, {CellKind::text, CellKind::number});
    std::vector<CallbackDueRow> rows;
    if (!prepared.statement.execute(true)) return rows;
    do {
        CellReader reader(prepared.results);
        CallbackDueRow& row = rows.emplace_back();
        reader.text("id", row.id);
        reader.time("due_at", row.due_at);
    } while (prepared.statement.fetch());
    return rows;
}

Result<std::vector<CallbackDueRow>> read_due_callbacks(Readers& readers, WallTime until, std::size_t limit) {
    return read_with<std::vector<CallbackDueRow>>(
        readers, [&](Connection& connection) { return due_callbacks(connection, until, limit); });
}

}  // namespace citybridge::store
