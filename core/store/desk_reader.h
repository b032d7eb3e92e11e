#pragma once
// Reading what lies around customers and orders (desk_records.h). Any thread; errors "store.*".
#include "core/store/reader.h"

namespace citybridge::store {

Result<std::vector<AttachmentRecord>> attachments_of(Readers& readers, const std::string& order);  // oldest first
Result<std::optional<AttachmentRecord>> attachment(Readers& readers, const std::string& id);
// Of all orders, by id, behind `after`.
Result<std::vector<AttachmentRecord>> attachments_after(Readers& readers, const std::string& after, std::size_t limit);
// Which of these hashes some attachment still has.
Result<std::vector<std::string>> hashes_in_use(Readers& readers, const std::vector<std::string>& hashes);

// Merges in which this customer was either side; oldest first.
Result<std::vector<CustomerMergeRecord>> merges_of(Readers& readers, const std::string& customer);

// The newest first; a page begins behind (`at`, `id`) of the last row of the page before.
struct Before {
    std::optional<WallTime> at;  // none: from the newest
    std::string id;
    std::size_t limit = 50;
};
Result<std::vector<OrderRecord>> orders_of_customer(Readers& readers, const std::string& customer,
                                                    const Before& before);  // by created_at
Result<std::vector<JournalRecord>> contacts_of_numbers(Readers& readers, const std::vector<std::string>& numbers,
                                                       const Before& before);  // by started_at

Result<std::optional<OutgoingListRecord>> outgoing_list(Readers& readers, const std::string& id);
// By `until`, the latest first.
Result<std::vector<OutgoingListRecord>> outgoing_lists(Readers& readers, const Before& before);
struct EntryQuery {
    std::string list;
    std::optional<EntryState> state;
    std::optional<EntryResult> result;
    std::int64_t after_line = 0;  // of the last entry of the page before
    std::string after_id;
    std::size_t limit = 50;
};
Result<std::vector<OutgoingEntryRecord>> outgoing_entries(Readers& readers, const EntryQuery& query);
Result<std::vector<OutgoingEntryRecord>> entries_of_customer(Readers& readers, const std::string& customer);
struct EntryCount {
    EntryState state = EntryState::waiting;
    EntryResult result = EntryResult::none;
    std::int64_t count = 0;
    std::int64_t tries = 0;
};
Result<std::vector<EntryCount>> count_entries(Readers& readers, const std::string& list);

// Orders closed within [from, until) that came from a call: who owned them. At most `limit`, the earliest first.
struct SolvedCall {
    std::string order, owner, customer, contact;
};
Result<std::vector<SolvedCall>> solved_calls(Readers& readers, WallTime from, WallTime until, std::size_t limit);

}  // namespace citybridge::store
