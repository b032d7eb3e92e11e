#pragma once
// Statements with values, and rows out of them.
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
    // "(?,?,?,?)" of texts, for `in`; an empty list matches nothing. Filled up with nulls, which match nothing either,
    // to a power of two, so that few statements serve lists of all lengths and stay prepared.
    Query& texts(const std::vector<std::string>& values);
    // "(values (?,?),(?,?))" of texts, filled up likewise: a table to join, with column1 and column2.
    Query& pairs(const std::vector<std::pair<std::string, std::string>>& values);

    const std::string& sql() const { return sql_; }
    std::vector<Cell>& cells() { return cells_; }

private:
    Cell& add(CellKind kind);
    void null();

    Database database_;
    std::string sql_;
    std::vector<Cell> cells_;
};

// Binds and executes; number of affected rows.
std::size_t run_query(Connection& connection, Query& query);
// One text column.
std::vector<std::string> read_texts(Connection& connection, Query& query);
// `head` with a list of texts behind it, in as many statements as the databases' limits ask for.
std::size_t run_with_texts(Connection& connection, const std::string& head, const std::vector<std::string>& texts,
                           const std::string& tail = "");

// Its statement with the values in it and `results` columns bound, not yet executed. Ends the query.
Connection::Prepared& ready(Connection& connection, Query& query, const std::vector<CellKind>& results);

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
    std::vector<CellKind> kinds;
    for (const auto& column : columns_of<Row>()) kinds.push_back(column.kind);
    auto& prepared = ready(connection, query, kinds);
    std::vector<Row> rows;
    if (!prepared.statement.execute(true)) return rows;
    do {
        CellReader reader(prepared.results);
        Table<Row>::columns(reader, rows.emplace_back());
    } while (prepared.statement.fetch());
    return rows;
}

template <class Row>
std::optional<Row> read_one(Connection& connection, Query& query) {
    auto rows = read_rows<Row>(connection, query);
    if (rows.empty()) return std::nullopt;
    return std::move(rows.front());
}

}  // namespace citybridge::store
