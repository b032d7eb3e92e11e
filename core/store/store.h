#pragma once
// The durable store: one schema on SQLite (default) and PostgreSQL 15, through
// SOCI. A Store is the one writing session and belongs to one thread, the
// durable strand; Readers (reader.h) stand beside it.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/api/changes.h"
#include "core/api/result.h"

namespace citybridge::store {

enum class Database { sqlite, postgresql };

struct StoreSettings {
    Database database = Database::sqlite;
    std::string path;        // SQLite: the file; made if it is not there
    std::string connection;  // PostgreSQL: "host=... dbname=... user=..."; may hold a password: never logged
    Millis busy_timeout{
        10'000};             // SQLite: how long to wait for another writer; PostgreSQL: lock and statement time-out
    std::string vfs;         // SQLite VFS to use; empty: the default (tests cut its power)
    bool sync = true;        // SQLite `synchronous=full`; false is for the test that proves it matters
    std::string backup_dir;  // where a copy goes before a migration; empty: beside the file
};

// How sure a commit is.
enum class Commit {
    done,     // durable
    failed,   // certainly not: nothing of it is in the store
    unknown,  // the connection died while COMMIT was on its way: reconnect() and ask has_batch()
};

struct CommitOutcome {
    Commit commit = Commit::failed;
    // Not done: why. "store.rejected": the rows themselves (a repeated key, a bad value), and repeating cannot help;
    // "store.full", "store.locked", "store.unavailable", "store.failed": the store.
    Error error;
};

class Store {
public:
    virtual ~Store() = default;

    // One `in` statement per kind of row.
    virtual Result<Loaded> load(const Wanted& wanted) = 0;
    // One transaction: a row with `batch_id`, one multi-row statement per table, COMMIT.
    virtual CommitOutcome commit(const std::string& batch_id, const Changes& changes, WallTime now) = 0;
    // Certain: waits for a session of before that may still be at it ("store.locked" if that takes too long).
    virtual Result<bool> has_batch(const std::string& batch_id) = 0;
    // Drops the connection and makes a new one. Codes "store.unavailable", "store.full", "store.locked".
    virtual Result<> reconnect() = 0;

    // For the relay.
    virtual Result<std::int64_t> last_outbox_seq() = 0;
    virtual Result<std::vector<OutboxRecord>> pending_outbox(const std::string& destination, std::int64_t after_seq,
                                                             std::size_t limit) = 0;
    virtual Result<std::vector<OutboxRecord>> pending_outbox_of_key(const std::string& destination,
                                                                    const std::string& key) = 0;
    // Keys with a dead or possibly_done message.
    virtual Result<std::vector<std::string>> parked_keys(const std::string& destination) = 0;

    // Open deadlines with due_at <= until, the earliest first, at most `limit`.
    virtual Result<std::vector<DeadlineRecord>> open_deadlines(WallTime until, std::size_t limit) = 0;
    // Commands without a result: after a restart nobody waits for them any more.
    virtual Result<std::vector<CommandRecord>> unfinished_commands() = 0;

    // Settings of the node itself that must survive: "destination_disabled.erp" -> "1".
    virtual Result<std::string> meta(const std::string& name) = 0;  // empty: none
    virtual Result<> set_meta(const std::string& name, const std::string& value) = 0;

    // Deletes what is older than the retention says, at most `limit` rows per table; number of rows.
    struct Retention {
        Millis delivered{30LL * 86'400'000};
        Millis idempotency{400LL * 86'400'000};
        Millis inbox{400LL * 86'400'000};
        Millis commands{90LL * 86'400'000};
        Millis journal{400LL * 86'400'000};
        Millis batches{86'400'000};
        Millis facts{1'100LL * 86'400'000};  // of reports: three years
    };
    virtual Result<std::size_t> forget(const Retention& retention, WallTime now, std::size_t limit) = 0;
};

// Opens, checks (a PostgreSQL that does not sync is refused: "store.not_durable"), migrates (a copy is kept
// first: "store.backup_failed", "store.migration_failed"). A schema of a newer node: "store.too_new".
Result<std::unique_ptr<Store>> open_store(const StoreSettings& settings);

}  // namespace citybridge::store
