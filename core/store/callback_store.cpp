#include "core/store/callback_store.h"

#include "core/store/callback_rows.h"
#include "core/store/rows_by_keys.h"
#include "core/store/transfer_reader.h"

namespace citybridge::store {

namespace {

void load_assigned_callbacks(Connection& connection, CallbackLoaded& loaded) {
    Query counts(connection.database());
    counts << "select owner,count(*) from callbacks where closed_at is null and owner<>'' group by owner";
    auto& prepared = ready(connection, counts, {CellKind::text, CellKind::number});
    if (!prepared.statement.execute(true)) return;
    do {
        CellReader reader(prepared.results);
        auto& [owner, count] = loaded.assigned.emplace_back();
        reader.text("owner", owner);
        reader.number("count", count);
    } while (prepared.statement.fetch());
}

std::vector<CallbackRecord> ended_callbacks(Connection& connection, const CallbackEnds& wanted) {
    // Both cities put ids in the same order, whatever a database is set up to.
    const char* by_bytes = connection.database() == Database::postgresql ? " and id collate \"C\"" : " and id";
    auto query = select<CallbackRecord>(connection);
    query << "where closed_at is not null and ((side='origin' and target=";
    query.text(wanted.city) << ") or (side='target' and origin=";
    query.text(wanted.city) << "))";
    if (!wanted.after.empty()) {
        query << by_bytes << ">";
        query.text(wanted.after);
    }
    if (!wanted.to.empty()) {
        query << by_bytes << "<=";
        query.text(wanted.to);
    }
    query << " order by closed_at desc,id limit ";
    query.number(static_cast<std::int64_t>(CallbackEnds::kMost));
    return read_rows<CallbackRecord>(connection, query);
}

}  // namespace

void write_callbacks(Connection& connection, const CallbackChanges& changes) {
    insert_rows(connection, last_of_each(changes.callbacks, [](const auto& row) { return row.id; }));
    insert_rows(connection, pointers_to(changes.history));
    insert_rows(connection, last_of_each(changes.cities, [](const auto& row) { return row.city; }));
}

void load_callbacks(Connection& connection, const CallbackWanted& wanted, CallbackLoaded& loaded) {
    loaded.callbacks = rows_by<CallbackRecord>(connection, "id", wanted.callbacks);
    if (!wanted.open_of.empty()) {
        const auto cities = each_once(wanted.open_of);
        auto query = select<CallbackRecord>(connection);
        query << "where closed_at is null and ((side='origin' and target in ";
        query.texts(cities) << ") or (side='target' and origin in ";
        query.texts(cities) << ")) order by created_at,id";
        for (auto& row : read_rows<CallbackRecord>(connection, query)) loaded.callbacks.push_back(std::move(row));
    }
    for (const CallbackEnds& each : wanted.ended_of)
        for (auto& row : ended_callbacks(connection, each)) loaded.callbacks.push_back(std::move(row));
    loaded.cities = rows_by<CityRecord>(connection, "city", wanted.cities);
    if (wanted.assigned) load_assigned_callbacks(connection, loaded);
}

namespace {

// Which callbacks and on-line transfers are these customers': by who they are, and by their numbers.
const std::string kHis = "(select id from callbacks where customer<>'' and customer in ";
const std::string kByNumber =
    "(select id from callbacks where number<>'' and number in (select number from customer_numbers where customer in ";
const std::string kNamesHim =
    "exists (select 1 from customer_numbers where detail like '%'||customer_numbers.number||'%' and customer in ";

void erase_transfers(Connection& connection, const std::vector<std::string>& customers) {
    const std::string those = std::string("kind in ") + kTransferKinds + " and " + kNamesHim;
    run_with_texts(connection,
                   "update outbox set payload='{}' where kind='city_transfer' and state<>'pending' and lane_key in "
                   "(select id from commands where " +
                       those,
                   customers, "))");
    run_with_texts(connection, "update commands set detail='{}' where " + those, customers, ")");
}

}  // namespace

void erase_callbacks(Connection& connection, const std::vector<std::string>& customers) {
    if (customers.empty()) return;
    for (const auto& [ids, end] : {std::pair{kHis, ")"}, std::pair{kByNumber, "))"}}) {
        run_with_texts(connection, "update callback_history set note='',detail='{}' where callback in " + ids,
                       customers, end);
        run_with_texts(
            connection,
            "update outbox set payload='{}' where kind='city_message' and state<>'pending' and lane_key in " + ids,
            customers, end);
        run_with_texts(connection, "update callbacks set name='',data='{\"erased\":true}',number='' where id in " + ids,
                       customers, end);
    }
    // What two stores exchanged after a restore holds many callbacks; delivered, it is of no more use.
    run_with_texts(connection,
                   "update outbox set payload='{}' where kind='city_message' and lane_key='cities' and "
                   "state<>'pending' and exists (select 1 from customer_numbers where payload like "
                   "'%'||customer_numbers.number||'%' and customer in ",
                   customers, ")");
    erase_transfers(connection, customers);
}

std::size_t erase_delivered_to_cities(Connection& connection) {
    Query query(connection.database());
    query << "update outbox set payload='{}' where kind='city_message' and state in ('delivered','cancelled') and "
             "payload<>'{}' and lane_key in (select id from callbacks where number='' and data like '%erased%')";
    return run_query(connection, query);
}

}  // namespace citybridge::store
