#pragma once
// Proof that a caller is who the file says: a code by SMS to the number on file
// (B4). Plain data, one struct per table of the store. No code is in any of them.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/api/records.h"
#include "core/api/time.h"

namespace citybridge {

struct VerificationRecord {
    std::string id;        // "ver_<uuid>"
    std::string customer;  // id
    std::string number;    // E.164, the one on file when it began
    std::string purpose;   // word of the city: "data_change"
    std::string order;     // order id; empty: none
    std::string contact;   // contact id; empty: none
    std::string state;     // word of the rules: "pending", "verified", "failed", "expired", "locked", ...
    std::string nonce;     // with the node's key and the id it gives the code
    std::int64_t sends = 0;
    std::int64_t checks = 0;  // wrong ones
    std::string opened_by;    // user
    WallTime created_at{};
    WallTime expires_at{};
    WallTime updated_at{};
    std::int64_t revision = 0;         // grows by one with every change
    Fields detail = Fields::object();  // what the rules keep besides

    friend bool operator==(const VerificationRecord&, const VerificationRecord&) = default;
};

// What was used up for a number, whichever verification used it.
struct VerificationBudgetRecord {
    std::string number;   // E.164
    std::string purpose;  // "": all purposes together
    WallTime since{};     // the window began
    std::int64_t sends = 0;
    std::int64_t failures = 0;
    WallTime locked_until{};  // in the past or 0: not locked
    WallTime updated_at{};
    Fields detail = Fields::object();

    friend bool operator==(const VerificationBudgetRecord&, const VerificationBudgetRecord&) = default;
};

// Never written to any more, by anybody (blacklist).
struct BlockedAddressRecord {
    std::string address;  // E.164 or e-mail address in lower case
    std::string channel;  // "sms", "email"
    bool blocked = true;
    std::string reason;
    std::string set_by;
    WallTime set_at{};

    friend bool operator==(const BlockedAddressRecord&, const BlockedAddressRecord&) = default;
};

// What a step changes of them; within changes.h.
struct VerificationChanges {
    std::vector<VerificationRecord> verifications;  // new or changed
    std::vector<VerificationBudgetRecord> budgets;  // new or changed
    std::vector<BlockedAddressRecord> blocked;      // new or changed

    bool empty() const { return verifications.empty() && budgets.empty() && blocked.empty(); }
};

// Rows a step needs to see.
struct VerificationWanted {
    std::vector<std::string> verifications;                    // ids
    std::vector<std::pair<std::string, std::string>> budgets;  // (number, purpose)
    std::vector<std::pair<std::string, std::string>> blocked;  // (address, channel)
    std::vector<std::pair<std::string, std::string>>
        outbox_by_far;  // (destination, the far side's number): into Loaded::outbox

    bool empty() const { return verifications.empty() && budgets.empty() && blocked.empty() && outbox_by_far.empty(); }
};

struct VerificationLoaded {
    std::vector<VerificationRecord> verifications;
    std::vector<VerificationBudgetRecord> budgets;
    std::vector<BlockedAddressRecord> blocked;
};

}  // namespace citybridge
