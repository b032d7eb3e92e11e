#include "core/store/write_rows.h"

#include <bit>
#include <map>
#include <set>

#include "core/store/callback_store.h"
#include "core/store/desk_store.h"
#include "core/store/erase.h"
#include "core/store/fact_rows.h"
#include "core/store/paper_store.h"
#include "core/store/read_rows.h"
#include "core/store/verification_store.h"
#include "core/store/written_store.h"

namespace citybridge::store {

namespace {

constexpr std::size_t kMaxRowsPerStatement = 64;
constexpr std::size_t kMaxRowsInArrays = 1'000;

void append_rows(std::string& sql, Database database, std::size_t columns, std::size_t rows) {
    sql += "values ";
    for (std::size_t row = 0; row < rows; ++row) {
        if (row != 0) sql += ',';
        sql += bind_marks(database, row * columns + 1, columns);
    }
}

const char* type_of(const ColumnInfo& column) { return column.kind == CellKind::text ? "text" : "bigint"; }

std::string cast(Database database, std::size_t index, const std::string& type) {
    return "cast(" + bind_mark(database, index) + " as " + type + ")";
}

void append_arrays(std::string& sql, const std::vector<ColumnInfo>& columns) {
    sql += "select * from unnest(";
    for (std::size_t i = 0; i < columns.size(); ++i)
        sql += (i == 0 ? "" : ",") + cast(Database::postgresql, i + 1, std::string(type_of(columns[i])) + "[]");
    sql += ')';
}

std::string names(const std::vector<ColumnInfo>& columns) {
    std::string text;
    for (const auto& column : columns) text += (text.empty() ? "" : ",") + column.name;
    return text;
}

void write_customers(Connection& connection, const std::vector<CustomerRecord>& customers) {
    if (customers.empty()) return;
    const auto rows = last_of_each(customers, [](const auto& row) { return row.id; });
    std::vector<std::string> ids;
    std::vector<NumberRow> numbers;
    for (const auto* row : rows) {
        ids.push_back(row->id);
        for (const auto& number : row->numbers) numbers.push_back({number, row->id});
    }
    // All old numbers go before any new one comes: a number may move from one customer of the batch to another.
    run_with_texts(connection, "delete from customer_numbers where customer in ", ids);
    insert_rows(connection, pointers_to(numbers));
    insert_rows(connection, rows);
}

void write_orders(Connection& connection, const std::vector<OrderRecord>& orders, const OrdersSeen& seen) {
    std::map<std::string, std::vector<const OrderRecord*>> by_kept;
    for (const auto* row : last_of_each(orders, [](const auto& each) { return each.id; }))
        by_kept[seen.unchanged(*row)].push_back(row);
    using Rows = Table<OrderRecord>;
    for (const auto& [kept, rows] : by_kept)
        write_chunks<OrderRecord>(connection, "insert orders " + kept, rows,
                                  [&, keep = &kept](const auto& columns, std::size_t count) {
                                      return insert_sql(connection.database(), Rows::kName, Rows::kKey,
                                                        Rows::kOnConflict, columns, count, *keep);
                                  });
}

void write_deliveries(Connection& connection, const std::vector<OutboxProgress>& deliveries) {
    if (deliveries.empty()) return;
    const auto rows = last_of_each(deliveries, [](const auto& row) { return row.id; });
    const auto written = write_chunks<OutboxProgress>(
        connection, "progress ", rows,
        [&](const auto& columns, std::size_t count) { return progress_sql(connection.database(), columns, count); });
    if (written != rows.size()) throw Rejected("a delivery names an outbox message that is not in the store");
}

void write_facts(Connection& connection, const ReportFacts& facts) {
    insert_rows(connection, pointers_to(facts.contacts));
    insert_rows(connection, pointers_to(facts.parts));
    insert_rows(connection, last_of_each(facts.intervals, [](const auto& row) {
                    return row.agent + '\n' + std::to_string(epoch_ms(row.from));
                }));
    insert_rows(connection, pointers_to(facts.orders));
    insert_rows(connection, pointers_to(facts.scores));
    insert_rows(connection, pointers_to(facts.runs));
}

// Which of the two came last cannot be seen any more; the batch is repeated input by input.
void refuse_contradiction(const Changes& changes) {
    if (changes.users.empty()) return;
    const std::set<std::string> removed(changes.removed_users.begin(), changes.removed_users.end());
    for (const auto& user : changes.users)
        if (removed.count(user.name))
            throw Rejected("user \"" + user.name + "\" is both changed and removed in one batch");
}

}  // namespace

std::string insert_sql(Database database, std::string_view table, std::string_view key, OnConflict on_conflict,
                       const std::vector<ColumnInfo>& columns, std::size_t rows, std::string_view kept) {
    std::string sql = "insert into " + std::string(table) + "(" + names(columns) + ") ";
    if (takes_arrays(database, rows))
        append_arrays(sql, columns);
    else
        append_rows(sql, database, columns.size(), rows);
    if (on_conflict == OnConflict::error) return sql;
    sql += " on conflict (" + std::string(key) + ") do ";
    if (on_conflict == OnConflict::nothing) return sql + "nothing";
    std::string set;
    const std::string left = "," + std::string(key) + "," + std::string(kept);
    for (const auto& column : columns) {
        if (left.find("," + column.name + ",") != std::string::npos) continue;
        set += (set.empty() ? "" : ",") + column.name + "=excluded." + column.name;
    }
    return sql + "update set " + set;
}

std::string progress_sql(Database database, const std::vector<ColumnInfo>& columns, std::size_t rows) {
    std::string sql = "with v(" + names(columns) + ") as (";
    if (takes_arrays(database, rows)) {
        append_arrays(sql, columns);
    } else {
        sql += "values (";
        // A PostgreSQL that is told one row must be told its types; SQLite needs none.
        for (std::size_t i = 0; i < columns.size(); ++i)
            sql += (i == 0 ? "" : ",") + cast(database, i + 1, type_of(columns[i]));
        sql += ')';
        for (std::size_t row = 1; row < rows; ++row)
            sql += "," + bind_marks(database, row * columns.size() + 1, columns.size());
    }
    sql += ") update outbox set ";
    for (std::size_t i = 1; i < columns.size(); ++i)
        sql += (i == 1 ? "" : ",") + columns[i].name + "=v." + columns[i].name;
    return sql + " from v where outbox.id=v.id";
}

std::unique_ptr<Connection::Prepared> prepare_rows(Connection& connection, const std::string& sql,
                                                   const std::vector<ColumnInfo>& columns, std::size_t rows) {
    const bool arrays = takes_arrays(connection.database(), rows);
    const auto values = columns.size() * (arrays ? 1 : rows);
    auto prepared = std::make_unique<Connection::Prepared>(connection.session(), sql, values);
    for (std::size_t i = 0; i < prepared->cells.size(); ++i) {
        auto& cell = prepared->cells[i];
        cell.kind = arrays ? CellKind::text : columns[i % columns.size()].kind;
        if (cell.kind == CellKind::text)
            prepared->statement.exchange(soci::use(std::as_const(cell.text)));
        else if (cell.kind == CellKind::number)
            prepared->statement.exchange(soci::use(std::as_const(cell.number)));
        else
            prepared->statement.exchange(soci::use(std::as_const(cell.number), cell.indicator));
    }
    prepared->statement.alloc();
    prepared->statement.prepare(sql);
    prepared->statement.define_and_bind();
    return prepared;
}

bool takes_arrays(Database database, std::size_t rows) { return database == Database::postgresql && rows > 1; }

std::size_t chunk_of(Database database, std::size_t left) {
    if (database == Database::postgresql) return std::min(left, kMaxRowsInArrays);
    return std::min(std::bit_floor(left), kMaxRowsPerStatement);
}

void write_changes(Connection& connection, const Changes& changes, const OrdersSeen& seen) {
    refuse_contradiction(changes);
    // While the numbers are still the customer's.
    erase_papers(connection, changes.erased_customers);
    erase_desk(connection, changes.erased_customers);
    erase_callbacks(connection, changes.erased_customers);
    erase_verifications(connection, changes.erased_customers);
    erase_written(connection, changes.erased_customers);
    erase_journal(connection, changes.erased_customers);
    write_customers(connection, changes.customers);
    write_orders(connection, changes.orders, seen);
    insert_rows(connection, pointers_to(changes.history));
    insert_rows(connection, last_of_each(changes.deadlines, [](const auto& row) {
                    return row.order + '\n' + row.name + '\n' + std::to_string(row.n);
                }));
    insert_rows(connection, last_of_each(changes.tellings, [](const auto& row) { return row.id; }));
    insert_rows(connection, pointers_to(changes.outbox));
    write_deliveries(connection, changes.deliveries);
    insert_rows(connection, pointers_to(changes.inbox));
    insert_rows(connection, pointers_to(changes.idempotency));
    insert_rows(connection, last_of_each(changes.commands, [](const auto& row) { return row.id; }));
    insert_rows(connection, last_of_each(changes.users, [](const auto& row) { return row.name; }));
    run_with_texts(connection, "delete from users where name in ", changes.removed_users);
    insert_rows(connection, pointers_to(changes.journal));
    insert_rows(connection, pointers_to(changes.calendar_overrides));
    write_facts(connection, changes.facts);
    write_papers(connection, changes.papers);
    join_dispositions(connection, changes);
    write_written(connection, changes.written);
    write_desk(connection, changes.desk);
    write_callbacks(connection, changes.callback);
    write_verifications(connection, changes.verification);
    erase_rest(connection, changes.erased_customers);
}

}  // namespace citybridge::store
