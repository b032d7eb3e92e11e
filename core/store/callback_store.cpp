#include "core/store/callback_store.h"

#include "core/store/callback_rows.h"
#include "core/store/rows_by_keys.h"

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
    loaded.cities = rows_by<CityRecord>(connection, "city", wanted.cities);
    if (wanted.assigned) load_assigned_callbacks(connection, loaded);
}

void erase_callbacks(Connection& connection, const std::vector<std::string>& customers) {
    if (customers.empty()) return;
    const std::string his = "(select id from callbacks where customer<>'' and customer in ";
    const std::string by_number =
        "(select id from callbacks where number<>'' and number in "
        "(select number from customer_numbers where customer in ";
    for (const auto& [ids, end] : {std::pair{his, ")"}, std::pair{by_number, "))"}}) {
        run_with_texts(connection, "update callback_history set note='',detail='{}' where callback in " + ids,
                       customers, end);
        run_with_texts(
            connection,
            "update outbox set payload='{}' where kind='city_message' and state<>'pending' and lane_key in " + ids,
            customers, end);
        run_with_texts(connection, "update callbacks set name='',data='{}',number='' where id in " + ids, customers,
                       end);
    }
}

}  // namespace citybridge::store
