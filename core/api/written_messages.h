#pragma once
// Short messages that a person of the house writes to a customer (docs/messages.md). Plain data, one struct per table
// of the store.
#include <cstdint>
#include <string>
#include <vector>

#include "core/api/time.h"

namespace citybridge {

struct WrittenMessageRecord {
    std::string id;             // "msg_<uuid>"
    std::string customer;       // id
    std::string order;          // id of the order it was written from; empty: from the customer's record
    std::string to;             // E.164; empty: erased
    std::string kind;           // of the order whose template it is; of a free text, of the order it was written from
    std::string template_name;  // empty: a free text
    std::string text;           // as it is sent, with signature; empty: erased
    std::vector<std::string> values;  // what stands at the template's places
    std::int64_t parts = 0;
    // "waiting" (in the outbox), "accepted" (the gateway has it), "delivered" (his telephone has it), "undelivered" (it
    // will not arrive by itself), "unclear" (nobody knows whether the gateway took it), "cancelled" (given up before it
    // went).
    std::string state = "waiting";
    std::string code;    // why it did not arrive, as the gateway or the node says it
    std::string detail;  // the same for people
    std::string written_by;
    WallTime created_at{};
    WallTime next_at{};  // not before: the end of the quiet hours
    WallTime updated_at{};
    std::int64_t revision = 0;  // grows by one with every change

    friend bool operator==(const WrittenMessageRecord&, const WrittenMessageRecord&) = default;
};

// How many were written on one day, by one person or to one customer.
struct MessageBudgetRecord {
    std::string of;   // "user:<name>" or "customer:<id>"
    std::string day;  // the city's: "2026-11-23"
    std::int64_t used = 0;
    WallTime updated_at{};

    friend bool operator==(const MessageBudgetRecord&, const MessageBudgetRecord&) = default;
};

// What a step changes of them; within changes.h.
struct WrittenChanges {
    std::vector<WrittenMessageRecord> messages;  // new or changed
    std::vector<MessageBudgetRecord> budgets;    // new or changed

    bool empty() const { return messages.empty() && budgets.empty(); }
};

// Rows a step needs to see.
struct WrittenWanted {
    std::vector<std::string> messages;  // ids
    std::vector<std::string> budgets;   // MessageBudgetRecord::of

    bool empty() const { return messages.empty() && budgets.empty(); }
};

struct WrittenLoaded {
    std::vector<WrittenMessageRecord> messages;
    std::vector<MessageBudgetRecord> budgets;
};

}  // namespace citybridge
