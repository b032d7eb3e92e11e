#include "core/store/read_rows.h"

#include <bit>

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
    const auto places = std::bit_ceil(values.size());
    for (std::size_t i = 0; i < places; ++i) {
        if (i != 0) sql_ += ',';
        i < values.size() ? static_cast<void>(text(values[i])) : null();
    }
    sql_ += ')';
    return *this;
}

Query& Query::pairs(const std::vector<std::pair<std::string, std::string>>& values) {
    sql_ += "(values ";
    const auto places = std::bit_ceil(values.size());
    for (std::size_t i = 0; i < places; ++i) {
        sql_ += i == 0 ? "(" : ",(";
        i < values.size() ? static_cast<void>(text(values[i].first)) : null();
        sql_ += ',';
        i < values.size() ? static_cast<void>(text(values[i].second)) : null();
        sql_ += ')';
    }
    sql_ += ')';
    return *this;
}

Cell& Query::add(CellKind kind) {
    auto& cell = cells_.emplace_back();
    cell.kind = kind;
    sql_ += bind_mark(database_, cells_.size());
    return cell;
}

void Query::null() { add(CellKind::text).indicator = soci::i_null; }

Connection::Prepared& ready(Connection& connection, Query& query, const std::vector<CellKind>& results) {
    auto& cells = query.cells();
    auto& prepared = connection.prepared(query.sql(), [&] {
        auto made =
            std::make_unique<Connection::Prepared>(connection.session(), query.sql(), cells.size(), results.size());
        for (std::size_t i = 0; i < results.size(); ++i) {
            auto& cell = made->results[i];
            cell.kind = results[i];
            if (cell.kind == CellKind::text)
                made->statement.exchange(soci::into(cell.text));
            else if (cell.kind == CellKind::number)
                made->statement.exchange(soci::into(cell.number));
            else
                made->statement.exchange(soci::into(cell.number, cell.indicator));
        }
        for (std::size_t i = 0; i < cells.size(); ++i) {
            auto& cell = made->cells[i];
            cell.kind = cells[i].kind;
            if (cell.kind == CellKind::text)
                made->statement.exchange(soci::use(std::as_const(cell.text), cell.indicator));
            else
                made->statement.exchange(soci::use(std::as_const(cell.number)));
        }
        made->statement.alloc();
        made->statement.prepare(query.sql());
        made->statement.define_and_bind();
        return made;
    });
    for (std::size_t i = 0; i < cells.size(); ++i) prepared.cells[i] = std::move(cells[i]);
    connection.log(prepared.sql, prepared.cells);
    return prepared;
}

std::size_t run_query(Connection& connection, Query& query) {
    auto& prepared = ready(connection, query, {});
    prepared.statement.execute(true);
    const auto rows = prepared.statement.get_affected_rows();
    return rows > 0 ? static_cast<std::size_t>(rows) : 0;
}

std::vector<std::string> read_texts(Connection& connection, Query& query) {
    auto& prepared = ready(connection, query, {CellKind::text});
    std::vector<std::string> texts;
    if (!prepared.statement.execute(true)) return texts;
    do texts.push_back(prepared.results.front().text);
    while (prepared.statement.fetch());
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
