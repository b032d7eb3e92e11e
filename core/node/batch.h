#pragma once
// The rows one batch works on: what the store gave, and on top what the
// requests decided so far, each row once. A refused request leaves nothing.
#include <string>
#include <unordered_map>
#include <vector>

#include "core/api/changes.h"
#include "core/desk/desk.h"
#include "core/node/people_cache.h"

namespace citybridge {

class Batch final : public desk::View {
public:
    // `people` outlives it; null: nobody is known.
    explicit Batch(const PeopleCache* people = nullptr) : everybody_(people) {}

    // Rows of the store; those that are here already stay as they are.
    void fill(Loaded rows);

    const OrderRecord* order(const std::string& id) const override;
    const OrderRecord* order_by_external(const std::string& system, const std::string& id) const override;
    std::vector<DeadlineRecord> open_deadlines(const std::string& order) const override;
    const CustomerRecord* customer(const std::string& id) const override;
    const CustomerRecord* customer_by_number(const std::string& e164) const override;
    bool inbox_has(const std::string& source, const std::string& id) const override;
    std::vector<const OrderRecord*> orders_of(const OrdersOf& what) const override;
    const OrderRecord* first_in_turn(const TurnOf& what) const override;
    std::vector<const UserRecord*> people() const override;
    std::int64_t open_orders(const std::string& user) const override;
    bool signed_in(const UserRecord& user) const override;
    bool has_skill(const UserRecord& user, const std::string& skill) const override;
    const CallbackRecord* callback(const std::string& id) const override { return callbacks_.find(id); }
    const CityRecord* city(const std::string& id) const override { return cities_.find(id); }
    std::vector<const CallbackRecord*> open_callbacks(const std::string& city) const override;
    std::vector<const CallbackRecord*> ended_callbacks(const std::string& city) const override;
    std::int64_t assigned_callbacks(const std::string& user) const override;
    const AttachmentRecord* attachment(const std::string& id) const override;
    const OutgoingListRecord* outgoing_list(const std::string& id) const override;
    const OutgoingEntryRecord* outgoing_entry(const std::string& id) const override;
    std::vector<OutgoingEntryRecord> outgoing_next(const std::string& list) const override;
    const PaperRecord* paper(const std::string& id) const override;
    const MarkRecord* mark(const std::string& about, const std::string& user, const std::string& what) const override;
    const DispositionRecord* disposition(const std::string& contact) const override;

    const VerificationRecord* verification(const std::string& id) const override;
    const VerificationBudgetRecord* verification_budget(const std::string& number,
                                                        const std::string& purpose) const override;
    const BlockedAddressRecord* blocked(const std::string& address, const std::string& channel) const override;
    const WrittenMessageRecord* written_message(const std::string& id) const override { return written_.find(id); }
    const MessageBudgetRecord* message_budget(const std::string& of) const override {
        return message_budgets_.find(of);
    }
    const OutboxRecord* outbox(const std::string& id) const override;
    const OutboxRecord* outbox_by_far(const std::string& destination, const std::string& id) const override;
    const IdempotencyRecord* idempotency(const std::string& user, const std::string& key) const;
    const CommandRecord* command(const std::string& id) const override;

    // Takes over what an accepted step changes.
    void take(Changes changes);
    // All of it, each row once, in the order it was first touched. Ends the batch.
    Changes release();

    // How the numbers of open orders change by this batch.
    const OpenOrderDeltas& open_deltas() const { return open_deltas_; }

private:
    // Rows by key, and which of them are to be written.
    template <class Row>
    struct Table {
        struct Entry {
            Row row;
            bool write = false;
        };
        std::unordered_map<std::string, Entry> rows;
        std::vector<Entry*> touched;  // entries of an unordered_map stay where they are

        const Row* find(const std::string& key) const {
            const auto found = rows.find(key);
            return found == rows.end() ? nullptr : &found->second.row;
        }
        // By reference: the key is often made of the row, and arguments are evaluated in any order.
        void put(const std::string& key, Row&& row, bool write);
        std::vector<Row> release();
    };
    void put_customer(CustomerRecord row, bool write);
    void put_order(OrderRecord row, bool write);
    void take_papers(PaperChanges changes);
    void take_desk(DeskChanges changes);
    void fill_callbacks(CallbackLoaded rows);
    void take_callbacks(CallbackChanges changes);
    std::vector<const CallbackRecord*> callbacks_with(const std::string& city, bool ended) const;
    void put_outbox(OutboxRecord row);
    void take_verification(VerificationChanges changes);
    void fill_written(WrittenLoaded rows);
    void take_written(WrittenChanges changes);

    Table<OrderRecord> orders_;
    Table<CustomerRecord> customers_;
    Table<DeadlineRecord> deadlines_;
    Table<TellingRecord> tellings_;
    Table<OutboxRecord> outbox_;
    Table<OutboxProgress> deliveries_;
    Table<InboxRecord> inbox_;
    Table<IdempotencyRecord> idempotency_;
    Table<CommandRecord> commands_;
    Table<UserRecord> users_;
    Table<JournalRecord> journal_;
    Table<AttachmentRecord> attachments_;
    Table<OutgoingListRecord> outgoing_lists_;
    Table<OutgoingEntryRecord> outgoing_entries_;
    DeskChanges other_desk_;  // what is only written
    Table<PaperRecord> papers_;
    Table<MarkRecord> marks_;
    Table<DispositionRecord> dispositions_;
    PaperChanges other_papers_;  // what is only written
    Table<VerificationRecord> verifications_;
    Table<VerificationBudgetRecord> budgets_;
    Table<BlockedAddressRecord> blocked_;
    Table<WrittenMessageRecord> written_;
    Table<MessageBudgetRecord> message_budgets_;
    std::unordered_map<std::string, std::string> outbox_by_far_;  // destination and the far side's number -> message
    Table<CallbackRecord> callbacks_;
    Table<CityRecord> cities_;
    std::vector<CallbackHistoryRecord> callback_history_;
    std::unordered_map<std::string, std::int64_t> assigned_callbacks_;  // by user, of what is open
    const PeopleCache* everybody_;
    OpenOrderDeltas open_deltas_;
    std::unordered_map<std::string, std::vector<std::string>> orders_of_;  // customer and kind -> orders
    std::unordered_map<std::string, std::string> by_number_;               // E.164 -> customer
    std::unordered_map<std::string, std::string> by_external_;             // system and id -> order
    std::unordered_map<std::string, std::vector<std::string>> deadlines_of_;
    std::vector<HistoryRecord> history_;
    std::vector<std::string> removed_users_;
    std::vector<CalendarOverrideRecord> calendar_overrides_;
    std::vector<std::string> erased_customers_;
    ReportFacts facts_;
};

}  // namespace citybridge
