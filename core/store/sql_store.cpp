// The writing session.
#include "core/store/faults.h"
#include "core/store/load.h"
#include "core/store/meta.h"
#include "core/store/migrations.h"
#include "core/store/read_rows.h"
#include "core/store/retention.h"

namespace citybridge::store {

namespace {

class SqlStore : public Store {
public:
    SqlStore(StoreSettings settings, std::unique_ptr<Connection> connection)
        : settings_(std::move(settings)), connection_(std::move(connection)) {}

    Result<Loaded> load(const Wanted& wanted) override {
        return with<Loaded>([&](Connection& connection) {
            Loaded loaded = load_rows(connection, wanted);
            seen_.saw(loaded.orders);
            return loaded;
        });
    }

    CommitOutcome commit(const std::string& batch_id, const Changes& changes, WallTime now) override;

    // PostgreSQL: the old session may still be about to carry out the COMMIT it received. Writing the same key waits
    // for its end, one way or the other; only then is "not there" the truth.
    Result<bool> has_batch(const std::string& batch_id) override {
        return with<bool>([&](Connection& connection) {
            if (connection.database() == Database::postgresql) {
                connection.begin();
                Query claim(connection.database());
                claim << "insert into batches(id,at) values (";
                claim.text(batch_id) << ",0) on conflict (id) do nothing";
                run_query(connection, claim);
                connection.run("rollback");
            }
            Query query(connection.database());
            query << "select id from batches where id=";
            query.text(batch_id);
            return !read_texts(connection, query).empty();
        });
    }

    Result<> reconnect() override;

    Result<std::int64_t> last_outbox_seq() override {
        return with<std::int64_t>(
            [](Connection& connection) { return connection.one_number("select max(seq) from outbox"); });
    }

    Result<std::vector<OutboxRecord>> pending_outbox(const std::string& destination, std::int64_t after_seq,
                                                     std::size_t limit) override {
        return with<std::vector<OutboxRecord>>([&](Connection& connection) {
            auto query = select<OutboxRecord>(connection);
            query << "where state='pending' and destination=";
            query.text(destination) << " and seq>";
            query.number(after_seq) << " order by seq limit ";
            query.number(static_cast<std::int64_t>(limit));
            return read_rows<OutboxRecord>(connection, query);
        });
    }

    Result<std::vector<OutboxRecord>> pending_outbox_of_key(const std::string& destination,
                                                            const std::string& key) override {
        return with<std::vector<OutboxRecord>>([&](Connection& connection) {
            auto query = select<OutboxRecord>(connection);
            query << "where state='pending' and state<>'delivered' and destination=";
            query.text(destination) << " and lane_key=";
            query.text(key) << " order by seq";
            return read_rows<OutboxRecord>(connection, query);
        });
    }

    Result<std::vector<std::string>> parked_keys(const std::string& destination) override {
        return with<std::vector<std::string>>([&](Connection& connection) {
            Query query(connection.database());
            query << "select distinct lane_key from outbox where state<>'delivered' "
                     "and state in ('dead','possibly_done') and destination=";
            query.text(destination) << " order by lane_key";
            return read_texts(connection, query);
        });
    }

    Result<std::vector<DeadlineRecord>> open_deadlines(WallTime until, std::size_t limit) override {
        return with<std::vector<DeadlineRecord>>([&](Connection& connection) {
            auto query = select<DeadlineRecord>(connection);
            query << "where state='open' and due_at<=";
            query.number(epoch_ms(until)) << " order by due_at,order_id,name,n limit ";
            query.number(static_cast<std::int64_t>(limit));
            return read_rows<DeadlineRecord>(connection, query);
        });
    }

    Result<std::vector<CommandRecord>> unfinished_commands() override {
        return with<std::vector<CommandRecord>>([](Connection& connection) {
            auto query = select<CommandRecord>(connection);
            query << "where state='accepted' order by id";
            return read_rows<CommandRecord>(connection, query);
        });
    }

    Result<std::string> meta(const std::string& name) override {
        return with<std::string>([&](Connection& connection) { return read_meta(connection, name); });
    }

    Result<> set_meta(const std::string& name, const std::string& value) override {
        return with<std::monostate>([&](Connection& connection) {
            write_meta(connection, name, value);
            return std::monostate{};
        });
    }

    Result<std::size_t> forget(const Retention& retention, WallTime now, std::size_t limit) override {
        return with<std::size_t>(
            [&](Connection& connection) { return forget_rows(connection, retention, now, limit); });
    }

    void log_to(StatementLog* log) {
        if (connection_) connection_->log_to(log);
    }

private:
    template <class T, class Work>
    Result<T> with(Work work) {
        if (!connection_) return Error{"store.unavailable", "there is no connection to the store"};
        return guarded<T>(*connection_, [&]() -> Result<T> { return work(*connection_); });
    }

    StoreSettings settings_;
    OrdersSeen seen_;
    std::unique_ptr<Connection> connection_;  // null: reconnect() did not succeed yet
};

void write_batch(Connection& connection, const std::string& batch_id, WallTime now) {
    Query query(connection.database());
    query << "insert into batches(id,at) values (";
    query.text(batch_id) << ",";
    query.number(epoch_ms(now)) << ")";
    run_query(connection, query);
}

CommitOutcome SqlStore::commit(const std::string& batch_id, const Changes& changes, WallTime now) {
    if (!connection_) return {Commit::failed, {"store.unavailable", "there is no connection to the store"}};
    const auto written = with<std::monostate>([&](Connection& connection) {
        connection.begin();
        write_batch(connection, batch_id, now);
        write_changes(connection, changes, seen_);
        return std::monostate{};
    });
    seen_.forget();
    if (!written) return {Commit::failed, written.error()};
    const auto watching = connection_->watched();
    try {
        connection_->run("commit");
        return {Commit::done, {}};
    } catch (const std::exception& fault) {
        CommitOutcome outcome{outcome_of_failed_commit(fault, *connection_), error_of(fault, connection_->database())};
        connection_->rollback();
        connection_->forget_prepared();
        return outcome;
    }
}

Result<> SqlStore::reconnect() {
    connection_.reset();
    try {
        auto connection = std::make_unique<Connection>(settings_, Access::write);
        // SQLite: a transaction whose sync failed may still lie behind the end of the log, where a later recovery
        // would find it. This small one takes its place.
        if (settings_.database == Database::sqlite)
            write_meta(*connection, "reconnected_at", std::to_string(epoch_ms(system_now().wall)));
        connection_ = std::move(connection);
        return ok();
    } catch (const std::exception& fault) {
        auto error = error_of(fault, settings_.database);
        // What keeps it away is said to callers as long as it does.
        for (const char* told : {"store.not_durable", "store.full", "store.locked"})
            if (error.code == told) return error;
        return Error{"store.unavailable", std::move(error.detail)};
    }
}

}  // namespace

void log_statements(Store& store, StatementLog* log) { static_cast<SqlStore&>(store).log_to(log); }

Result<std::unique_ptr<Store>> open_store(const StoreSettings& settings) {
    try {
        auto connection = std::make_unique<Connection>(settings, Access::write);
        const auto migrated = migrate(*connection, migrations());
        if (!migrated) return migrated.error();
        return std::unique_ptr<Store>(std::make_unique<SqlStore>(settings, std::move(connection)));
    } catch (const std::exception& fault) {
        auto error = error_of(fault, settings.database);
        if (error.code == "store.rejected") error.code = "store.settings";
        return error;
    }
}

}  // namespace citybridge::store
