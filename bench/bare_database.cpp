#include "bench/bare_database.h"

#include <regex>
#include <stdexcept>

namespace citybridge::bench {

BareSqlite::BareSqlite(const std::string& path) {
    check(sqlite3_open_v2(path.c_str(), &database_, SQLITE_OPEN_READWRITE, nullptr), "open " + path);
    for (const char* pragma : {"pragma foreign_keys=on", "pragma journal_mode=wal", "pragma synchronous=full"})
        check(sqlite3_exec(database_, pragma, nullptr, nullptr, nullptr), pragma);
}

BareSqlite::~BareSqlite() {
    for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
    sqlite3_close(database_);
}

void BareSqlite::check(int result, const std::string& sql) {
    if (result == SQLITE_OK || result == SQLITE_DONE) return;
    throw std::runtime_error(std::string(sqlite3_errmsg(database_)) + " in " + sql.substr(0, 200));
}

sqlite3_stmt* BareSqlite::prepared(const std::string& sql) {
    sqlite3_stmt*& statement = statements_[sql];
    if (statement == nullptr)
        check(sqlite3_prepare_v2(database_, sql.c_str(), static_cast<int>(sql.size()), &statement, nullptr), sql);
    return statement;
}

void BareSqlite::run(const Statement& what) {
    sqlite3_stmt* statement = prepared(*what.sql);
    for (std::size_t i = 0; i < what.values.size(); ++i) {
        const Value& value = what.values[i];
        const int place = static_cast<int>(i) + 1;
        if (value.kind == Value::Kind::text)
            sqlite3_bind_text(statement, place, value.text.data(), static_cast<int>(value.text.size()), SQLITE_STATIC);
        else if (value.kind == Value::Kind::number)
            sqlite3_bind_int64(statement, place, value.number);
        else
            sqlite3_bind_null(statement, place);
    }
    int result = sqlite3_step(statement);
    for (; result == SQLITE_ROW; result = sqlite3_step(statement)) {
        for (int column = 0; column < sqlite3_column_count(statement); ++column) {
            if (sqlite3_column_type(statement, column) == SQLITE_INTEGER)
                last_number_ = sqlite3_column_int64(statement, column);
            else
                sqlite3_column_text(statement, column);
        }
    }
    check(result, *what.sql);
    sqlite3_reset(statement);
}

BarePostgresql::BarePostgresql(const std::string& connection) : connection_(PQconnectdb(connection.c_str())) {
    if (PQstatus(connection_) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(connection_));
    PQsetNoticeProcessor(
        connection_, [](void*, const char*) {}, nullptr);
    const std::string sync = "set synchronous_commit=on";
    check(PQexec(connection_, sync.c_str()), sync);
}

BarePostgresql::~BarePostgresql() { PQfinish(connection_); }

void BarePostgresql::check(PGresult* result, const std::string& sql) {
    const ExecStatusType status = PQresultStatus(result);
    PQclear(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return;
    throw std::runtime_error(std::string(PQerrorMessage(connection_)) + " in " + sql.substr(0, 200));
}

const std::string& BarePostgresql::prepared(const Statement& statement) {
    std::string& name = names_[*statement.sql];
    if (!name.empty()) return name;
    name = "s" + std::to_string(names_.size());
    // The store's placeholders have names, PostgreSQL's own are numbers.
    static const std::regex kNamed(":p([0-9]+)");
    const std::string sql = std::regex_replace(*statement.sql, kNamed, "$$$1");
    check(PQprepare(connection_, name.c_str(), sql.c_str(), 0, nullptr), sql);
    return name;
}

void BarePostgresql::run(const Statement& what) {
    if (what.values.empty()) {
        PGresult* const result = PQexec(connection_, what.sql->c_str());
        if (PQntuples(result) > 0) last_number_ = std::atoll(PQgetvalue(result, 0, 0));
        return check(result, *what.sql);
    }
    const std::string& name = prepared(what);
    numbers_.resize(std::max(numbers_.size(), what.values.size()));
    values_.clear();
    for (std::size_t i = 0; i < what.values.size(); ++i) {
        const Value& value = what.values[i];
        if (value.kind == Value::Kind::number) numbers_[i] = std::to_string(value.number);
        values_.push_back(value.kind == Value::Kind::null     ? nullptr
                          : value.kind == Value::Kind::number ? numbers_[i].c_str()
                                                              : value.text.c_str());
    }
    check(PQexecPrepared(connection_, name.c_str(), static_cast<int>(values_.size()), values_.data(), nullptr, nullptr,
                         0),
          *what.sql);
}

}  // namespace citybridge::bench
