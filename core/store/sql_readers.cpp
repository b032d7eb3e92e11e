// Reading sessions: a few connections and a queue of waiting callers.
#include <condition_variable>
#include <mutex>

#include "core/store/faults.h"
#include "core/store/migrations.h"
#include "core/store/order_lists.h"
#include "core/store/paper_rows.h"
#include "core/store/paper_store.h"
#include "core/store/read_rows.h"

namespace citybridge::store {

namespace {

class SqlReaders final : public Readers, public PaperReaders {
public:
    SqlReaders(StoreSettings settings, std::vector<std::unique_ptr<Connection>> connections)
        : settings_(std::move(settings)), free_(std::move(connections)) {}

    Result<std::optional<OrderRecord>> order(const std::string& id) override { return by_key<OrderRecord>("id", id); }
    Result<std::optional<CustomerRecord>> customer(const std::string& id) override {
        return by_key<CustomerRecord>("id", id);
    }
    Result<std::optional<OutboxRecord>> outbox_message(const std::string& id) override {
        return by_key<OutboxRecord>("id", id);
    }
    Result<std::optional<JournalRecord>> journal_entry(const std::string& contact) override {
        return by_key<JournalRecord>("id", contact);
    }
    Result<std::optional<CommandRecord>> command(const std::string& id) override {
        return by_key<CommandRecord>("id", id);
    }

    Result<std::vector<OrderRecord>> orders(const OrderQuery& asked) override {
        return with<std::vector<OrderRecord>>([&](Connection& connection) { return list_orders(connection, asked); });
    }
    Result<std::vector<OutboxRecord>> outbox(const OutboxQuery& asked) override {
        return with<std::vector<OutboxRecord>>([&](Connection& connection) { return list_outbox(connection, asked); });
    }
    Result<std::vector<OutboxCount>> outbox_counts() override {
        return with<std::vector<OutboxCount>>([](Connection& connection) { return count_outbox(connection); });
    }

    Result<std::vector<DeadlineRecord>> deadlines(const std::vector<std::string>& orders) override {
        return with<std::vector<DeadlineRecord>>([&](Connection& connection) {
            auto query = select<DeadlineRecord>(connection);
            query << "where order_id in ";
            query.texts(orders) << " order by name,n,order_id";
            return read_rows<DeadlineRecord>(connection, query);
        });
    }

    Result<std::vector<HistoryRecord>> history(const std::string& order) override {
        return with<std::vector<HistoryRecord>>([&](Connection& connection) {
            auto query = select<HistoryRecord>(connection);
            query << "where order_id=";
            query.text(order) << " order by n";
            return read_rows<HistoryRecord>(connection, query);
        });
    }

    Result<std::optional<CustomerRecord>> customer_by_number(const std::string& e164) override {
        return with<std::optional<CustomerRecord>>([&](Connection& connection) {
            auto query = select<CustomerRecord>(connection);
            query << "where id=(select customer from customer_numbers where number=";
            query.text(e164) << ")";
            return read_one<CustomerRecord>(connection, query);
        });
    }

    Result<std::vector<JournalRecord>> journal(const std::vector<std::string>& numbers, std::size_t limit) override {
        return with<std::vector<JournalRecord>>([&](Connection& connection) {
            auto query = select<JournalRecord>(connection);
            query << "where number<>'' and number in ";
            query.texts(numbers) << " order by started_at desc,id desc limit ";
            query.number(static_cast<std::int64_t>(limit));
            return read_rows<JournalRecord>(connection, query);
        });
    }

    Result<std::vector<UserRecord>> users() override {
        return with<std::vector<UserRecord>>([](Connection& connection) {
            auto query = select<UserRecord>(connection);
            query << "order by name";
            return read_rows<UserRecord>(connection, query);
        });
    }

    Result<std::vector<CalendarOverrideRecord>> calendar_overrides() override {
        return with<std::vector<CalendarOverrideRecord>>([](Connection& connection) {
            auto query = select<CalendarOverrideRecord>(connection);
            query << "order by set_at,id";
            return read_rows<CalendarOverrideRecord>(connection, query);
        });
    }

    Result<std::vector<DeadlineRecord>> open_deadlines_after(const DeadlineRecord& last, std::size_t limit) override {
        return with<std::vector<DeadlineRecord>>([&](Connection& connection) {
            auto query = select<DeadlineRecord>(connection);
            query << "where state='open' and due_at>=";
            query.number(epoch_ms(last.due_at)) << " and (due_at,order_id,name,n)>(";
            query.number(epoch_ms(last.due_at)) << ",";
            query.text(last.order) << ",";
            query.text(last.name) << ",";
            query.number(last.n) << ") order by due_at,order_id,name,n limit ";
            query.number(static_cast<std::int64_t>(limit));
            return read_rows<DeadlineRecord>(connection, query);
        });
    }

    Result<> read(const std::function<void(Connection&)>& work) override {
        const auto done = with<std::monostate>([&](Connection& connection) {
            work(connection);
            return std::monostate{};
        });
        return done ? ok() : Result<>(done.error());
    }

    PaperReaders& papers() override { return *this; }
    Result<std::optional<PaperRecord>> paper(const std::string& id) override { return by_key<PaperRecord>("id", id); }
    Result<std::vector<PaperRecord>> papers(const PaperQuery& asked) override {
        return with<std::vector<PaperRecord>>([&](Connection& connection) { return list_papers(connection, asked); });
    }
    Result<std::vector<PaperEntry>> entries(const std::string& paper) override {
        return with<std::vector<PaperEntry>>([&](Connection& connection) { return list_entries(connection, paper); });
    }
    Result<std::vector<PaperRecord>> search(const PaperSearch& asked) override {
        return with<std::vector<PaperRecord>>([&](Connection& connection) { return search_papers(connection, asked); });
    }
    Result<std::vector<MarkRecord>> marks(const MarkQuery& asked) override {
        return with<std::vector<MarkRecord>>([&](Connection& connection) { return list_marks(connection, asked); });
    }
    Result<std::vector<SkillRecord>> skills(const std::string& user) override {
        return with<std::vector<SkillRecord>>([&](Connection& connection) { return list_skills(connection, user); });
    }
    Result<std::vector<DispositionRecord>> dispositions(const std::vector<std::string>& contacts) override {
        return with<std::vector<DispositionRecord>>(
            [&](Connection& connection) { return list_dispositions(connection, contacts); });
    }
    Result<std::vector<MissingDisposition>> missing_dispositions(const MissingQuery& asked) override {
        return with<std::vector<MissingDisposition>>(
            [&](Connection& connection) { return list_missing(connection, asked); });
    }
    Result<std::vector<DispositionCount>> disposition_counts(WallTime from, WallTime to) override {
        return with<std::vector<DispositionCount>>(
            [&](Connection& connection) { return count_dispositions(connection, from, to); });
    }

private:
    template <class Row>
    Result<std::optional<Row>> by_key(const char* column, const std::string& key) {
        return with<std::optional<Row>>([&](Connection& connection) {
            auto query = select<Row>(connection);
            query << "where " << column << "=";
            query.text(key);
            return read_one<Row>(connection, query);
        });
    }

    // A session whose connection was lost comes back empty and is made anew by its next user.
    template <class T, class Work>
    Result<T> with(Work work) {
        auto taken = take();
        if (!taken) return taken.error();
        auto connection = std::move(*taken);
        Result<T> result = Error{"store.unavailable", ""};
        for (int attempt = 0; attempt < 2; ++attempt) {
            const bool fresh = !connection;
            if (fresh) {
                auto made = connect();
                if (!made) {
                    give_back(nullptr);
                    return made.error();
                }
                connection = std::move(*made);
            }
            result = guarded<T>(*connection, [&]() -> Result<T> { return work(*connection); });
            if (result || !connection->broken()) break;
            connection.reset();
            // The server went away while the session lay idle: reading again does no harm.
            if (fresh) break;
        }
        give_back(std::move(connection));
        return result;
    }

    Result<std::unique_ptr<Connection>> connect() {
        try {
            return std::make_unique<Connection>(settings_, Access::read);
        } catch (const std::exception& fault) {
            return error_of(fault, settings_.database);
        }
    }

    Result<std::unique_ptr<Connection>> take() {
        std::unique_lock lock(mutex_);
        if (!returned_.wait_for(lock, settings_.busy_timeout, [&] { return !free_.empty(); }))
            return Error{"store.busy", "all reading sessions are in use; ask again"};
        auto connection = std::move(free_.back());
        free_.pop_back();
        return connection;
    }

    void give_back(std::unique_ptr<Connection> connection) {
        {
            const std::lock_guard lock(mutex_);
            free_.push_back(std::move(connection));
        }
        returned_.notify_one();
    }

    const StoreSettings settings_;
    std::mutex mutex_;
    std::condition_variable returned_;
    std::vector<std::unique_ptr<Connection>> free_;  // null: to be connected again
};

}  // namespace

Result<std::unique_ptr<Readers>> open_readers(const StoreSettings& settings, std::size_t sessions) {
    std::vector<std::unique_ptr<Connection>> connections;
    try {
        for (std::size_t i = 0; i < std::max<std::size_t>(sessions, 1); ++i)
            connections.push_back(std::make_unique<Connection>(settings, Access::read));
        const auto version = schema_version(*connections.front());
        if (version != migrations().back().version)
            return Error{"store.unavailable", "the store has schema version " + std::to_string(version) +
                                                  "; it must be opened for writing first"};
    } catch (const std::exception& fault) {
        return error_of(fault, settings.database);
    }
    return std::unique_ptr<Readers>(std::make_unique<SqlReaders>(settings, std::move(connections)));
}

}  // namespace citybridge::store
