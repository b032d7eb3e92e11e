#pragma once
// Row changes of one durable step, and the rows a step needs to see. The desk
// and the relay make Changes, the store writes them: one multi-row statement
// per table, one commit (DESIGN section 3).
#include <string>
#include <utility>
#include <vector>

#include "core/api/callbacks.h"
#include "core/api/desk_records.h"
#include "core/api/papers.h"
#include "core/api/records.h"
#include "core/api/report_facts.h"
#include "core/api/verifications.h"
#include "core/api/written_messages.h"

namespace citybridge {

// The moving part of an outbox row; the intent itself never changes.
struct OutboxProgress {
    std::string id;
    OutboxState state = OutboxState::pending;
    std::int64_t attempts = 0;
    WallTime next_at{};
    WallTime updated_at{};
    std::string last_code;
    std::string last_detail;
    std::string external_id;
    bool must_find = false;
    bool out_of_turn = false;

    friend bool operator==(const OutboxProgress&, const OutboxProgress&) = default;
};

struct Changes {
    std::vector<CustomerRecord> customers;                   // new or changed, whole rows with all their numbers
    std::vector<OrderRecord> orders;                         // new or changed, whole rows
    std::vector<HistoryRecord> history;                      // new
    std::vector<DeadlineRecord> deadlines;                   // new or changed
    std::vector<TellingRecord> tellings;                     // new or changed
    std::vector<OutboxRecord> outbox;                        // new; a repeated id is an error
    std::vector<OutboxProgress> deliveries;                  // of rows that exist
    std::vector<InboxRecord> inbox;                          // new; a repeated (source, id) is an error
    std::vector<IdempotencyRecord> idempotency;              // new; a repeated (user, key) is an error
    std::vector<CommandRecord> commands;                     // new or changed
    std::vector<UserRecord> users;                           // new or changed
    std::vector<std::string> removed_users;                  // names
    std::vector<JournalRecord> journal;                      // new; a known id is left as it is
    std::vector<CalendarOverrideRecord> calendar_overrides;  // new; a known id is left as it is
    PaperChanges papers;
    DeskChanges desk;
    VerificationChanges verification;
    CallbackChanges callback;
    WrittenChanges written;
    std::vector<std::string>
        erased_customers;  // customer ids: what history, outbox, journal and idempotency rows say of them is blanked
    ReportFacts facts;     // what reports are computed from

    bool empty() const {
        return customers.empty() && orders.empty() && history.empty() && deadlines.empty() && tellings.empty() &&
               outbox.empty() && deliveries.empty() && inbox.empty() && idempotency.empty() && commands.empty() &&
               users.empty() && removed_users.empty() && journal.empty() && calendar_overrides.empty() &&
               erased_customers.empty() && papers.empty() && desk.empty() && facts.empty() && verification.empty() &&
               callback.empty() && written.empty();
    }
};

// Orders of one customer and kind, the newest first: what a decision looks at.
struct OrdersOf {
    std::string customer;
    std::string kind;
    bool open_only = true;

    static constexpr std::size_t kMost = 20;                              // of each that is asked for
    friend auto operator<=>(const OrdersOf&, const OrdersOf&) = default;  // NOLINT(modernize-use-nullptr)
};

// Open orders of one kind, state and group, the first that was opened first: whose turn it is.
struct TurnOf {
    std::string kind;
    std::string state;
    std::string group;

    static constexpr std::size_t kMost = 50;  // of each, and one more for each time it is asked for
    friend auto operator<=>(const TurnOf&, const TurnOf&) = default;  // NOLINT(modernize-use-nullptr)
};

// Rows a batch asks for: one `in` statement per kind. Repetitions are allowed.
struct Wanted {
    std::vector<std::string> orders;  // ids; with their open deadlines
    std::vector<std::pair<std::string, std::string>>
        external;                        // (external_system, external_id): orders with open deadlines
    std::vector<std::string> customers;  // ids
    std::vector<std::string> numbers;    // E.164: customers
    std::vector<std::string> outbox;     // ids
    std::vector<std::pair<std::string, std::string>> inbox;        // (source, id)
    std::vector<std::pair<std::string, std::string>> idempotency;  // (user, key)
    std::vector<std::string> commands;                             // ids
    std::vector<std::string> users;                                // names
    std::vector<OrdersOf> of_customer;                             // orders with open deadlines
    std::vector<TurnOf> turns;                                     // the first of each, with open deadlines
    bool people = false;                                           // every user, and how many open orders each has
    PapersWanted papers;
    DeskWanted desk;
    VerificationWanted verification;
    CallbackWanted callback;
    WrittenWanted written;
};

// What was found of it; no order promised, nothing twice.
struct Loaded {
    std::vector<OrderRecord> orders;
    std::vector<DeadlineRecord> deadlines;  // open ones of these orders
    std::vector<CustomerRecord> customers;
    std::vector<OutboxRecord> outbox;
    std::vector<InboxRecord> inbox;
    std::vector<IdempotencyRecord> idempotency;
    std::vector<CommandRecord> commands;
    std::vector<UserRecord> users;
    std::vector<std::pair<std::string, std::int64_t>> open_orders;  // by owner, those who have any; of Wanted::people
    PapersLoaded papers;
    DeskLoaded desk;
    VerificationLoaded verification;
    CallbackLoaded callback;
    WrittenLoaded written;
};

}  // namespace citybridge
