#include "bench/recorded.h"

#include <chrono>
#include <utility>

#include "bench/bare_database.h"

namespace citybridge::bench {

void Recorded::statement(const std::string& sql, const std::vector<const store::Cell*>& values) {
    Statement& out = statements_.emplace_back();
    out.sql = &*texts_.insert(sql).first;
    out.values.reserve(values.size());
    for (const store::Cell* cell : values) {
        if (cell->indicator != soci::i_ok)
            out.values.push_back({});
        else if (cell->kind == store::CellKind::text)
            out.values.push_back({Value::Kind::text, cell->text, 0});
        else
            out.values.push_back({Value::Kind::number, {}, cell->number});
    }
    if (sql.starts_with("begin")) open_ = true;
    if (sql != "commit") return;
    // Listening began in the middle of this transaction, and half of one cannot be said again.
    if (!std::exchange(open_, false)) return clear();
    ++commits_;
}

void Recorded::clear() {
    statements_.clear();
    commits_ = 0;
    open_ = false;
}

std::int64_t BareDatabase::run_all(const std::vector<Statement>& statements) {
    const auto began = std::chrono::steady_clock::now();
    for (const Statement& each : statements) run(each);
    return std::chrono::nanoseconds(std::chrono::steady_clock::now() - began).count();
}

std::int64_t BareDatabase::count(const std::string& table) {
    const std::string sql = "select count(*) from " + table;
    run({&sql, {}});
    return last_number_;
}

std::unique_ptr<BareDatabase> open_bare(const store::StoreSettings& settings) {
    if (settings.database == store::Database::sqlite) return std::make_unique<BareSqlite>(settings.path);
    return std::make_unique<BarePostgresql>(settings.connection);
}

}  // namespace citybridge::bench
