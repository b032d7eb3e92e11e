#pragma once
// Durable records around customers and orders: what is searched, attached, merged and called from lists. Plain data,
// like records.h.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/time.h"

namespace citybridge {

// What the search finds an order by: one row for its fields (n = 0, replaced when they change) and one for each text of
// its history (its n).
struct OrderTextRecord {
    std::string order;
    std::int64_t n = 0;
    std::string words;  // core/desk/search_words.h, with one blank between

    friend bool operator==(const OrderTextRecord&, const OrderTextRecord&) = default;
};

// A file that belongs to an order. Its bytes lie in the node's data folder under their hash.
struct AttachmentRecord {
    std::string id;  // "att_<uuid>"
    std::string order;
    std::string name;        // as shown and saved by people; no path, no control characters
    std::string media_type;  // what the bytes are, not what the sender said
    std::int64_t size = 0;   // bytes
    std::string sha256;      // lower-case hex
    std::string added_by;    // user
    WallTime added_at{};

    friend bool operator==(const AttachmentRecord&, const AttachmentRecord&) = default;
};

// Two entries of one person became one. What they were before is kept, so that a person can undo it by hand.
struct CustomerMergeRecord {
    std::string from;  // customer id, whose row only redirects now
    std::string into;
    std::string by;  // user
    WallTime at{};
    nlohmann::ordered_json before;  // {"from": customer, "into": customer}; emptied by erasure

    friend bool operator==(const CustomerMergeRecord&, const CustomerMergeRecord&) = default;
};

// Numbers to be called (B16): revisits, surveys, promotions, collections.
struct OutgoingListRecord {
    std::string id;    // "lst_<uuid>"
    std::string kind;  // revisit, survey, promotion, collection
    std::string name;
    std::string group;       // whose agents work on it; empty: everybody's
    WallTime from{};         // calls may begin
    WallTime until{};        // and are done by
    WallTime last_day{};     // opening of the last working day: who was unreachable is tried again from here
    std::string created_by;  // user
    WallTime created_at{};
    std::optional<WallTime> closed_at;  // by a person: nobody is called from it any more
    std::int64_t revision = 0;

    friend bool operator==(const OutgoingListRecord&, const OutgoingListRecord&) = default;
};

enum class EntryState {
    waiting,  // to be called, not before next_at
    taken,    // an agent has it until next_at; then another may take it
    done,     // called, see the result
    skipped,  // the customer does not want such calls (A11)
};
// What came of the last call (B16, F6).
enum class EntryResult { none, success, complaint, unreachable, wrong_number, follow_up };

struct OutgoingEntryRecord {
    std::string id;         // "<list>.<number>"
    std::string list;       // id
    std::int64_t line = 0;  // of the file it came from; who was on it first is called first
    std::string number;     // E.164, or as dialled
    std::string name;
    std::string customer;  // id; empty: whoever has the number
    std::string order;     // id of the order it is about; empty: none
    std::string note;      // of the list, for the agent
    EntryState state = EntryState::waiting;
    EntryResult result = EntryResult::none;
    std::int64_t tries = 0;
    std::string taken_by;  // user
    WallTime next_at{};
    std::string remark;  // of the agent who called
    WallTime updated_at{};
    std::int64_t revision = 0;

    friend bool operator==(const OutgoingEntryRecord&, const OutgoingEntryRecord&) = default;
};

// What a step changes of them; within changes.h.
struct DeskChanges {
    std::vector<OrderTextRecord> order_texts;           // new or changed
    std::vector<AttachmentRecord> attachments;          // new
    std::vector<std::string> removed_attachments;       // ids
    std::vector<CustomerMergeRecord> merges;            // new: orders and list entries of `from` become `into`'s
    std::vector<OutgoingListRecord> outgoing_lists;     // new or changed
    std::vector<OutgoingEntryRecord> outgoing_entries;  // new or changed

    bool empty() const {
        return order_texts.empty() && attachments.empty() && removed_attachments.empty() && merges.empty() &&
               outgoing_lists.empty() && outgoing_entries.empty();
    }
};

// Rows a step needs to see.
struct DeskWanted {
    std::vector<std::string> attachments;       // ids
    std::vector<std::string> outgoing_lists;    // ids
    std::vector<std::string> outgoing_entries;  // ids
    std::vector<std::string> outgoing_next;     // list ids: the entries whose turn it is next, a bounded number

    bool empty() const {
        return attachments.empty() && outgoing_lists.empty() && outgoing_entries.empty() && outgoing_next.empty();
    }
};

struct DeskLoaded {
    std::vector<AttachmentRecord> attachments;
    std::vector<OutgoingListRecord> outgoing_lists;
    std::vector<OutgoingEntryRecord> outgoing_entries;
};

std::string_view to_string(EntryState value);
std::string_view to_string(EntryResult value);  // none: ""
std::optional<EntryState> entry_state_from(std::string_view word);
std::optional<EntryResult> entry_result_from(std::string_view word);

nlohmann::ordered_json to_json(const AttachmentRecord& attachment);
nlohmann::ordered_json to_json(const CustomerMergeRecord& merge);
nlohmann::ordered_json to_json(const OutgoingListRecord& list);
nlohmann::ordered_json to_json(const OutgoingEntryRecord& entry);

}  // namespace citybridge
