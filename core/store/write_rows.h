#pragma once
// Rows into a table, many in one statement.
#include <algorithm>
#include <unordered_map>

#include "core/store/connection.h"
#include "core/store/orders_seen.h"
#include "core/store/row_arrays.h"
#include "core/store/sql_rows.h"

namespace citybridge::store {

template <class Row>
const std::vector<ColumnInfo>& columns_of() {
    static const auto columns = [] {
        Row row;
        ColumnLister lister;
        Table<Row>::columns(lister, row);
        return lister.columns;
    }();
    return columns;
}

// PostgreSQL, and more than one row: the statement is bound to arrays (row_arrays.h), and serves any number of rows.
bool takes_arrays(Database database, std::size_t rows);
// "insert into t(..) values (..),(..) on conflict ...", or with a select from arrays. `kept`: columns that a row which
// is there keeps, as in `key`.
std::string insert_sql(Database database, std::string_view table, std::string_view key, OnConflict on_conflict,
                       const std::vector<ColumnInfo>& columns, std::size_t rows, std::string_view kept = {});
// "with v(..) as (..) update outbox ...".
std::string progress_sql(Database database, const std::vector<ColumnInfo>& columns, std::size_t rows);

std::unique_ptr<Connection::Prepared> prepare_rows(Connection& connection, const std::string& sql,
                                                   const std::vector<ColumnInfo>& columns, std::size_t rows);

// How many of `left` rows the next statement takes. SQLite: powers of two, so that few statements serve all batches and
// stay prepared; and under its limit of parameters.
std::size_t chunk_of(Database database, std::size_t left);

template <class Row>
void fill_rows(Connection& connection, Connection::Prepared& prepared, const Row* const* rows, std::size_t count) {
    if (!takes_arrays(connection.database(), count)) {
        CellWriter writer(prepared.cells);
        for (std::size_t i = 0; i < count; ++i) Table<Row>::columns(writer, *rows[i]);
        return;
    }
    RowArrays arrays(prepared.cells, columns_of<Row>());
    for (std::size_t i = 0; i < count; ++i) {
        CellWriter writer(arrays.row());
        Table<Row>::columns(writer, *rows[i]);
        arrays.take_row();
    }
    arrays.end();
}

// Number of rows written.
template <class Row, class MakeSql>
std::size_t write_chunks(Connection& connection, const std::string& name, const std::vector<const Row*>& rows,
                         MakeSql make_sql) {
    const auto& columns = columns_of<Row>();
    std::size_t written = 0;
    for (std::size_t done = 0; done < rows.size();) {
        const auto count = chunk_of(connection.database(), rows.size() - done);
        const auto shape = takes_arrays(connection.database(), count) ? "arrays" : std::to_string(count);
        auto& prepared = connection.prepared(
            name + shape, [&] { return prepare_rows(connection, make_sql(columns, count), columns, count); });
        fill_rows(connection, prepared, rows.data() + done, count);
        connection.log(prepared.sql, prepared.cells);
        prepared.statement.execute(true);
        written += static_cast<std::size_t>(prepared.statement.get_affected_rows());
        done += count;
    }
    return written;
}

template <class Row>
void insert_rows(Connection& connection, const std::vector<const Row*>& rows) {
    if (rows.empty()) return;
    write_chunks<Row>(connection, "insert " + std::string(Table<Row>::kName) + " ", rows,
                      [&](const auto& columns, std::size_t count) {
                          return insert_sql(connection.database(), Table<Row>::kName, Table<Row>::kKey,
                                            Table<Row>::kOnConflict, columns, count);
                      });
}

template <class Row>
std::vector<const Row*> pointers_to(const std::vector<Row>& rows) {
    std::vector<const Row*> pointers;
    pointers.reserve(rows.size());
    for (const auto& row : rows) pointers.push_back(&row);
    return pointers;
}

// The last row of each key: a batch may change the same row several times, and one statement must not.
template <class Row, class Key>
std::vector<const Row*> last_of_each(const std::vector<Row>& rows, Key key_of) {
    auto pointers = pointers_to(rows);
    if (pointers.size() < 2) return pointers;
    std::unordered_map<std::string, std::size_t> place;
    std::vector<const Row*> kept;
    for (const auto* row : pointers) {
        const auto [found, fresh] = place.emplace(key_of(*row), kept.size());
        if (fresh)
            kept.push_back(row);
        else
            kept[found->second] = row;
    }
    return kept;
}

// All of one batch, inside the caller's transaction. Throws.
void write_changes(Connection& connection, const Changes& changes, const OrdersSeen& seen);

}  // namespace citybridge::store
