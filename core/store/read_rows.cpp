#include "core/store/read_rows.h"

namespace citybridge::store {

namespace {

constexpr std::size_t kMaxTextsPerStatement = 5'000;

}  // namespace

Query& Query::operator<<(std::string_view sql) {
    sql_ += sql;
    return *this;
}

Query& Query::text(const std::string& value) {
    set_text(add(CellKind::text), "a value asked for", value);
    return *this;
}

Query& Query::number(std::int64_t value) {
    add(CellKind::number).number = value;
    return *this;
}

Query& Query::texts(const std::vector<std::string>& values) {
    sql_ += '(';
    if (values.empty()) sql_ += "null";
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i != 0) sql_ += ',';
        text(values[i]);
    }
    sql_ += ')';
    return *this;
}

Query& Query::pairs(const std::vector<std::pair<std::string, std::string>>& values) {
    sql_ += "(values ";
    for (std::size_t i = 0; i < values.size(); ++i) {
        sql_ += i == 0 ? "(" : ",(";
        text(values[i].first);
        sql_ += ',';
        text(values[i].second);
        sql_ += ')';
    }
    sql_ += ')';
    return *this;
}

Cell& Query::add(CellKind kind) {
    auto& cell = cells_.emplace_back();
    cell.kind = kind;
    sql_ += placeholder(database_, cells_.size());
    return cell;
}

void bind_query(soci::statement& statement, Query& query, std::vector<Cell>& results) {
    for (auto& cell : results) {
        if (cell.kind == CellKind::text)
            statement.exchange(soci::into(cell.text));
        else if (cell.kind == CellKind::number)
            statement.exchange(soci::into(cell.number));
        else
            statement.exchange(soci::into(cell.number, cell.indicator));
    }
    for (const auto& cell : query.cells()) {
        if (cell.kind == CellKind::text)
            statement.exchange(soci::use(cell.text));
        else
            statement.exchange(soci::use(cell.number));
    }
    statement.alloc();
    statement.prepare(query.sql(), soci::details::st_one_time_query);
    statement.define_and_bind();
}

std::size_t run_query(Connection& connection, Query& query) {
    std::vector<Cell> none;
    soci::statement statement(connection.session());
    bind_query(statement, query, none);
    connection.log(query.sql(), query.cells());
    statement.execute(true);
    const auto rows = statement.get_affected_rows();
    return rows > 0 ? static_cast<std::size_t>(rows) : 0;
}

std::vector<std::string> read_texts(Connection& connection, Query& query) {
    std::vector<Cell> results(1);
    soci::statement statement(connection.session());
    bind_query(statement, query, results);
    connection.log(query.sql(), query.cells());
    std::vector<std::string> texts;
    if (!statement.execute(true)) return texts;
    do texts.push_back(results.front().text);
    while (statement.fetch());
    return texts;
}

std::size_t run_with_texts(Connection& connection, const std::string& head, const std::vector<std::string>& texts,
                           const std::string& tail) {
    std::size_t rows = 0;
    for (std::size_t done = 0; done < texts.size(); done += kMaxTextsPerStatement) {
        const auto from = texts.begin() + static_cast<std::ptrdiff_t>(done);
        const auto count = std::min(kMaxTextsPerStatement, texts.size() - done);
        Query query(connection.database());
        query << head;
        query.texts({from, from + static_cast<std::ptrdiff_t>(count)}) << tail;
        rows += run_query(connection, query);
    }
    return rows;
}

}  // namespace citybridge::store
