#pragma once
// Statements with values, and rows out of them.
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "core/store/connection.h"
#include "core/store/write_rows.h"

namespace citybridge::store {

// Puts a statement together from fixed text and bound values.
class Query {
public:
    explicit Query(Database database) : database_(database) {}

    Query& operator<<(std::string_view sql);
    Query& text(const std::string& value);
    Query& number(std::int64_t value);
    // "(?,?,?)" of texts; an empty list matches nothing.
    Query& texts(const std::vector<std::string>& values);
    // "(values (?,?),(?,?))" of texts.
    Query& pairs(const std::vector<std::pair<std::string, std::string>>& values);

    const std::string& sql() const { return sql_; }
    std::deque<Cell>& cells() { return cells_; }

private:
    Cell& add(CellKind kind);

    Database database_;
    std::string sql_;
    std::deque<Cell> cells_;  // their addresses are bound
};

// Binds and executes; number of affected rows.
std::size_t run_query(Connection& connection, Query& query);
// One text column.
std::vector<std::string> read_texts(Connection& connection, Query& query);
// `head` with a list of texts behind it, in as many statements as the databases' limits ask for.
std::size_t run_with_texts(Connection& connection, const std::string& head, const std::vector<std::string>& texts,
                           const std::string& tail = "");

// A statement with its values and its result columns bound, not yet executed.
void bind_query(soci::statement& statement, Query& query, std::vector<Cell>& results);

// "select <columns> from <table> ".
template <class Row>
Query select(Connection& connection) {
    Query query(connection.database());
    query << "select ";
    bool first = true;
    for (const auto& column : columns_of<Row>()) {
        query << (first ? "" : ",") << Table<Row>::kName << "." << column.name;
        first = false;
    }
    query << " from " << Table<Row>::kName << " ";
    return query;
}

template <class Row>
std::vector<Row> read_rows(Connection& connection, Query& query) {
    std::vector<Cell> results;
    for (const auto& column : columns_of<Row>()) results.push_back({column.kind, {}, 0, soci::i_ok});
    soci::statement statement(connection.session());
    bind_query(statement, query, results);
    connection.log(query.sql(), query.cells());
    std::vector<Row> rows;
    if (!statement.execute(true)) return rows;
    do {
        CellReader reader(results);
        Table<Row>::columns(reader, rows.emplace_back());
    } while (statement.fetch());
    return rows;
}

template <class Row>
std::optional<Row> read_one(Connection& connection, Query& query) {
    auto rows = read_rows<Row>(connection, query);
    if (rows.empty()) return std::nullopt;
    return std::move(rows.front());
}

}  // namespace citybridge::store
