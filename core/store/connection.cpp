#include "core/store/connection.h"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <algorithm>

#include "core/store/connection_string.h"

namespace citybridge::store {

namespace {

sqlite_api::sqlite3* sqlite_handle(soci::session& session) {
    return static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_;
}

PGconn* postgresql_handle(soci::session& session) {
    return static_cast<soci::postgresql_session_backend*>(session.get_backend())->conn_;
}

// SQLite counts what it allocates under one lock of the whole process: every thread's every statement waits there, for
// figures that nobody reads. Before the first connection, or SQLite refuses, which harms nothing.
void stop_counting_memory() {
    static const int refused = sqlite_api::sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    static_cast<void>(refused);
}

void prepare_sqlite(Connection& connection, Access access) {
    const auto& settings = connection.settings();
    auto* handle = sqlite_handle(connection.session());
    // SOCI's own setting knows whole seconds only.
    sqlite_api::sqlite3_busy_timeout(handle, static_cast<int>(settings.busy_timeout.count()));
    if (!settings.vfs.empty()) {
        char* name = nullptr;
        sqlite_api::sqlite3_file_control(handle, "main", SQLITE_FCNTL_VFSNAME, &name);
        const std::string used = name ? name : "";
        sqlite_api::sqlite3_free(name);
        if (used.find(settings.vfs) == std::string::npos)
            throw Rejected("SQLite did not take the VFS \"" + settings.vfs + "\" but \"" + used + "\"");
    }
    connection.run("pragma foreign_keys=on");
    if (access == Access::read) {
        connection.run("pragma query_only=on");
        return;
    }
    // While a new file is switched to the write-ahead log there is a rollback journal: its deletion must be synced too,
    // or it comes back after a power cut and undoes what was committed since.
    if (settings.sync) connection.run("pragma synchronous=extra");
    if (connection.one_text("pragma journal_mode=wal") != "wal")
        throw Rejected("SQLite cannot keep a write-ahead log for " + settings.path +
                       "; put the file on a local file system");
    connection.run(settings.sync ? "pragma synchronous=full" : "pragma synchronous=off");
}

// Sets what a role or a database may have set otherwise, and looks at what cannot be set.
void prepare_postgresql(Connection& connection, Access access) {
    const auto timeout = std::to_string(connection.settings().busy_timeout.count());
    connection.run("set client_encoding='UTF8'");
    connection.run("set standard_conforming_strings=on");
    connection.run("set lock_timeout=" + timeout);
    connection.run("set statement_timeout=" + timeout);
    connection.run("set idle_in_transaction_session_timeout=" + timeout);
    if (access == Access::read) {
        connection.run("set default_transaction_read_only=on");
        return;
    }
    for (const char* name : {"fsync", "full_page_writes", "synchronous_commit"}) {
        if (connection.one_text(std::string("show ") + name) != "off") continue;
        throw NotDurable(std::string("PostgreSQL runs with ") + name +
                         "=off: what it acknowledges may be lost; switch it on for this server, database and role");
    }
    connection.run("set synchronous_commit=on");
}

}  // namespace

Connection::Connection(const StoreSettings& settings, Access access) : settings_(settings) {
    if (settings.database == Database::sqlite) {
        stop_counting_memory();
        session_.open(soci::sqlite3, sqlite_connection(settings));
        prepare_sqlite(*this, access);
        return;
    }
    session_.open(soci::postgresql, postgresql_connection(settings));
    // The server's own time-outs come first; this is for when it does not run at all.
    guard_ = std::make_unique<LineGuard>(2 * settings.busy_timeout);
    const auto watching = watched();
    prepare_postgresql(*this, access);
}

Connection::~Connection() { prepared_.clear(); }

void Connection::run(const std::string& sql) {
    log(sql, std::vector<Cell>{});
    soci::statement statement(session_);
    statement.alloc();
    statement.prepare(sql, soci::details::st_one_time_query);
    statement.define_and_bind();
    statement.execute(true);
}

std::string Connection::one_text(const std::string& sql) {
    std::string value;
    soci::indicator indicator = soci::i_null;
    soci::statement statement(session_);
    statement.exchange(soci::into(value, indicator));
    statement.alloc();
    statement.prepare(sql, soci::details::st_one_time_query);
    statement.define_and_bind();
    if (!statement.execute(true) || indicator != soci::i_ok) return {};
    return value;
}

std::int64_t Connection::one_number(const std::string& sql) {
    long long value = 0;
    soci::indicator indicator = soci::i_null;
    soci::statement statement(session_);
    statement.exchange(soci::into(value, indicator));
    statement.alloc();
    statement.prepare(sql, soci::details::st_one_time_query);
    statement.define_and_bind();
    if (!statement.execute(true) || indicator != soci::i_ok) return 0;
    return value;
}

void Connection::begin() {
    // Immediate: a transaction that reads first and takes the write lock later can fail without waiting.
    run(database() == Database::sqlite ? "begin immediate" : "begin");
}

void Connection::rollback() noexcept {
    try {
        if (in_transaction()) run("rollback");
    } catch (const std::exception&) {  // the database has undone it, or the connection is gone and with it the rows
    }
}

LineGuard::Scope Connection::watched() { return {guard_.get(), guard_ ? PQsocket(postgresql_handle(session_)) : -1}; }

bool Connection::broken() const {
    if (settings_.database == Database::sqlite) return false;
    auto& session = const_cast<soci::session&>(session_);
    return PQstatus(postgresql_handle(session)) != CONNECTION_OK;
}

bool Connection::in_transaction() const {
    auto& session = const_cast<soci::session&>(session_);
    if (settings_.database == Database::sqlite) return sqlite_api::sqlite3_get_autocommit(sqlite_handle(session)) == 0;
    const auto status = PQtransactionStatus(postgresql_handle(session));
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR || status == PQTRANS_ACTIVE;
}

std::string bind_mark(Database database, std::size_t index) {
    // SOCI looks for a name when it describes an error on PostgreSQL, and fails over "$7".
    return database == Database::sqlite ? "?" : ":p" + std::to_string(index);
}

std::string bind_marks(Database database, std::size_t first, std::size_t count) {
    std::string text = "(";
    for (std::size_t i = 0; i < count; ++i) {
        if (i != 0) text += ',';
        text += bind_mark(database, first + i);
    }
    return text += ')';
}

}  // namespace citybridge::store
