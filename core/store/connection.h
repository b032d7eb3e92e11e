#pragma once
// One session with the database. Not thread-safe. Everything that talks to the
// database throws; guarded() is the edge where that ends.
#include <soci/soci.h>

#include <map>
#include <memory>
#include <span>
#include <string>

#include "core/store/cells.h"
#include "core/store/line_guard.h"
#include "core/store/statement_log.h"
#include "core/store/store.h"

namespace citybridge::store {

enum class Access { write, read };

class Connection {
public:
    // Throws soci::soci_error; Rejected if the settings make no sense.
    Connection(const StoreSettings& settings, Access access);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection();

    Database database() const { return settings_.database; }
    const StoreSettings& settings() const { return settings_; }
    soci::session& session() { return session_; }

    // A statement without values and without rows.
    void run(const std::string& sql);
    std::string one_text(const std::string& sql);  // of the first row; empty if there is none
    std::int64_t one_number(const std::string& sql);

    // A statement bound to cells of its own, to be filled and executed again and again.
    struct Prepared {
        Prepared(soci::session& database, std::string text, std::size_t count, std::size_t columns = 0)
            : sql(std::move(text)), cells(count), results(columns), statement(database) {}
        const std::string sql;
        // Never resized: the statement is bound to their addresses.
        std::vector<Cell> cells;
        std::vector<Cell> results;  // of the row fetched last
        soci::statement statement;
    };
    // `name` identifies the statement; `make` is called the first time. Valid until the next call.
    template <class Make>
    Prepared& prepared(const std::string& name, Make make) {
        auto found = prepared_.find(name);
        if (found != prepared_.end()) return *found->second;
        // Lists of people may be filtered in many ways; few of them are used again.
        if (prepared_.size() >= kMaxPrepared) prepared_.clear();
        found = prepared_.emplace(name, make()).first;
        return *found->second;
    }
    // After an error: a statement that failed half way is not used again.
    void forget_prepared() { prepared_.clear(); }

    // Tells who listens what is about to run.
    template <class Cells>
    void log(const std::string& sql, const Cells& cells) {
        if (log_ == nullptr) return;
        std::vector<const Cell*> values;
        values.reserve(cells.size());
        for (const Cell& cell : cells) values.push_back(&cell);
        log_->statement(sql, values);
    }
    void log_to(StatementLog* log) { log_ = log; }

    void begin();
    // Nothing to undo is no error; a dead connection neither.
    void rollback() noexcept;

    // While it lives, a server that stays silent too long loses the connection. Put around all talk with it.
    LineGuard::Scope watched();

    // PostgreSQL: the connection is known to be broken. SQLite: never.
    bool broken() const;
    // A transaction is open, as far as this side knows.
    bool in_transaction() const;

private:
    static constexpr std::size_t kMaxPrepared = 512;

    StoreSettings settings_;
    soci::session session_;
    std::unique_ptr<LineGuard> guard_;  // null on SQLite; ends before the session does
    std::map<std::string, std::unique_ptr<Prepared>, std::less<>> prepared_;
    StatementLog* log_ = nullptr;
};

// "?" or ":p7".
std::string bind_mark(Database database, std::size_t index);
// "(?,?,?)", numbered from `first`.
std::string bind_marks(Database database, std::size_t first, std::size_t count);

}  // namespace citybridge::store
