#pragma once
// Reading sessions beside the writer: a few connections, each used by one
// caller at a time. Any thread. They see what is committed.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/store/paper_reader.h"
#include "core/store/store.h"

namespace citybridge::store {

struct OrderQuery {
    std::string kind, state, owner, customer, group;  // empty: any
    bool open_only = false;                           // not closed
    bool overdue_only = false;                        // with an overdue deadline, and not closed
    std::string after;                                // id of the last order of the page before; newest first
    std::size_t limit = 50;

    std::string city, contact;
    std::optional<WallTime> opened_from, opened_until;  // [from, until)
    std::optional<WallTime> due_from, due_until;        // of the earliest open deadline, [from, until)
    std::vector<std::string> words;  // of core/desk/search_words.h: in the fields, or in one note, all of them
    enum class Sort { created, due };
    Sort sort = Sort::created;  // newest first; or earliest due first, and then only those with an open deadline
    std::optional<WallTime> after_due;  // sorted by due: when the last order of the page before was
    // Given: only orders that he owns or that are one of these groups'.
    struct Seer {
        std::string user;
        std::vector<std::string> groups;
    };
    std::optional<Seer> seen_by;
};

class Connection;

struct OutboxQuery {
    std::string destination, state, key, order;  // empty: any
    std::int64_t before_seq = 0;                 // 0: from the newest; newest first
    std::size_t limit = 50;
};

struct OutboxCount {
    std::string destination;
    OutboxState state = OutboxState::pending;
    std::int64_t count = 0;
    WallTime oldest{};
};

class Readers {
public:
    virtual ~Readers() = default;

    virtual Result<std::optional<OrderRecord>> order(const std::string& id) = 0;
    virtual Result<std::vector<DeadlineRecord>> deadlines(
        const std::vector<std::string>& orders) = 0;  // all states, by name and n
    virtual Result<std::vector<OrderRecord>> orders(const OrderQuery& query) = 0;
    virtual Result<std::vector<HistoryRecord>> history(const std::string& order) = 0;  // by n
    virtual Result<std::optional<CustomerRecord>> customer(const std::string& id) = 0;
    virtual Result<std::optional<CustomerRecord>> customer_by_number(const std::string& e164) = 0;
    virtual Result<std::vector<JournalRecord>> journal(const std::vector<std::string>& numbers,
                                                       std::size_t limit) = 0;  // newest first
    virtual Result<std::optional<JournalRecord>> journal_entry(const std::string& contact) = 0;
    virtual Result<std::vector<OutboxRecord>> outbox(const OutboxQuery& query) = 0;
    virtual Result<std::optional<OutboxRecord>> outbox_message(const std::string& id) = 0;
    virtual Result<std::vector<OutboxCount>> outbox_counts() = 0;  // states other than delivered
    virtual Result<std::optional<CommandRecord>> command(const std::string& id) = 0;
    virtual Result<std::vector<UserRecord>> users() = 0;
    virtual PaperReaders& papers() = 0;

    // For the readers of one subject (attachment_reader.h, ...): `work` runs with a free session, and a second time if
    // the connection was lost, so it must only read. What it throws becomes a "store.*" error.
    virtual Result<> read(const std::function<void(Connection&)>& work) = 0;
    // Of all calendars, in the order they were set.
    virtual Result<std::vector<CalendarOverrideRecord>> calendar_overrides() = 0;
    // Open deadlines from (due_at, order, name, n) on, without that one, in this order.
    virtual Result<std::vector<DeadlineRecord>> open_deadlines_after(const DeadlineRecord& last, std::size_t limit) = 0;
};

// `sessions` connections; a caller waits at most settings.busy_timeout for a free one ("store.busy").
// The store must have been opened (and migrated) before.
Result<std::unique_ptr<Readers>> open_readers(const StoreSettings& settings, std::size_t sessions);

}  // namespace citybridge::store
