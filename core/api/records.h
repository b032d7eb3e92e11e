#pragma once
// The durable records as everyone sees them: one struct per table of the store
// (DESIGN section 3, "A work order"). Plain data: the desk decides on them, the
// relay carries them out, the store keeps them, rules of plugins judge them.
// Times are wall time, kept as epoch milliseconds.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/time.h"

namespace citybridge {

// Flat JSON object: names of the flow's fields to text, whole number or boolean.
using Fields = nlohmann::ordered_json;

struct CustomerRecord {
    std::string id;  // "cus_<uuid>"
    std::string name;
    std::string city;
    std::string source;      // how he heard of us; asked once in his life (A5)
    std::string preference;  // "": none, "few_calls" (A11)
    // E.164, extensions and service numbers as they are dialled; a number belongs to at most one customer.
    std::vector<std::string> numbers;
    Fields number_kinds = Fields::object();  // of some of the numbers: "mobile", "home" or "office"
    std::string preferred_number;            // one of the numbers; empty: the first
    std::string merged_into;                 // id of the customer who is the same person; this row only redirects
    Fields fields = Fields::object();
    WallTime created_at{};
    WallTime updated_at{};
    std::int64_t revision = 0;  // grows by one with every change
    bool erased = false;        // personal data removed on request; the row stays so that orders keep their owner

    friend bool operator==(const CustomerRecord&, const CustomerRecord&) = default;
};

struct OrderRecord {
    std::string id;    // "ord_<uuid>"
    std::string kind;  // the flow's: "sales_lead"
    std::int64_t flow_version = 0;
    std::string state;  // a state of the flow
    std::string owner;  // user name; empty: nobody's yet
    std::string group;
    std::string city;
    std::string customer;  // customer id; empty: unknown
    std::string contact;   // contact id; empty: not from a call
    std::string external_system;
    std::string external_id;  // the ERP's number
    Fields fields = Fields::object();
    WallTime created_at{};
    WallTime updated_at{};
    std::optional<WallTime> closed_at;
    std::int64_t revision = 0;           // grows by one with every change
    std::int64_t history_n = 0;          // number of its last history row
    std::optional<WallTime> due_at;      // of its earliest open deadline; kept so that lists need not look for it
    std::optional<WallTime> overdue_at;  // a deadline was missed, the first time
    // Where the parts of its flow stand: chains, counters, escalations, approvals (core/desk/engine_state.h).
    Fields engine = Fields::object();

    friend bool operator==(const OrderRecord&, const OrderRecord&) = default;
};

// What happened to an order, once and for ever.
struct HistoryRecord {
    std::string order;
    std::int64_t n = 0;  // from 1, without gaps
    WallTime at{};
    std::string actor;   // user name, "erp:<connector>", "system"
    std::string action;  // "opened", "note", an action's name, "delivered", "undelivered", "overdue", "erp"
    std::string from_state;
    std::string to_state;
    std::string text;
    Fields detail = Fields::object();

    friend bool operator==(const HistoryRecord&, const HistoryRecord&) = default;
};

enum class DeadlineState { open, done, overdue, cancelled };

struct DeadlineRecord {
    std::string order;
    std::string name;    // of the flow's follow-up: "broker_called"
    std::int64_t n = 0;  // the same follow-up may be set again; from 1
    WallTime due_at{};
    bool provisional = false;  // beyond the calendar's end (P8)
    DeadlineState state = DeadlineState::open;
    WallTime set_at{};
    std::optional<WallTime> settled_at;
    // How due_at came about: what it is computed from again when the calendar changes (P8).
    WallTime from_at{};    // the moment it counts from
    std::string rule;      // core/desk/due.h, such as "after=7200000"; empty: due_at is a fixed moment, and stays
    std::string calendar;  // its name; empty: the city's
    // What it is for: "follow_up"; of the flow's engine "reminder", "escalation", "approval", "confirmation",
    // "undelivered". Only a follow-up is a promise to the customer.
    std::string kind = "follow_up";

    friend bool operator==(const DeadlineRecord&, const DeadlineRecord&) = default;
};

// Where an outward message stands. `pending` alone is sent by itself.
enum class OutboxState {
    pending,        // to be sent, or being sent
    delivered,      // the far side has it
    dead,           // refused for good or out of its budget; waits for a person, and parks its key
    possibly_done,  // an unclear answer of a far side that neither dedupes nor can be searched; a person looks
    cancelled,      // a person gave it up; its key goes on
};

// An outside effect, committed together with the state change that caused it (P2).
struct OutboxRecord {
    std::string id;           // the idempotency key; constant over all retries: "<order>.<history n>.<destination>"
    std::int64_t seq = 0;     // grows with every message of this node: the order within a key
    std::string destination;  // connector instance
    std::string key;          // strictly in order within (destination, key); an order's id
    std::string kind;         // "open_order", "append_note", "event", ...
    std::string order;        // order id, if one caused it
    std::string payload;      // JSON; never a code or token in clear (P10)
    WallTime created_at{};

    OutboxState state = OutboxState::pending;
    std::int64_t attempts = 0;
    WallTime next_at{};  // not before
    WallTime updated_at{};
    std::string last_code;
    std::string last_detail;
    std::string external_id;   // the far side's number, once known
    bool must_find = false;    // the last answer was unclear: look at the far side before repeating
    bool out_of_turn = false;  // a person sent it past others of its key

    friend bool operator==(const OutboxRecord&, const OutboxRecord&) = default;
};

// Somebody is to know of an order: by the screen, by telephone, or by a message in the outbox.
struct TellingRecord {
    std::string id;  // "<order>.<history n>.<number>"
    std::string order;
    std::string kind;  // "escalation", "tell", "reminder", "approval"
    std::string name;  // of the flow's part
    std::int64_t step = 0;
    std::string channel;  // "screen", "phone", "email", "sms"
    std::string to_user;  // one of these: a user, everybody of a role, of a group, or a person outside
    std::string to_role;
    std::string to_group;
    std::string to_person;  // name in the directory
    std::string message;    // template; filled in when it is read or sent
    std::string outbox;     // id of the message that carries it, if one does
    WallTime at{};
    bool to_acknowledge = false;
    std::optional<WallTime> settled_at;  // acknowledged, or of no more use
    std::string settled_by;              // who acknowledged it

    friend bool operator==(const TellingRecord&, const TellingRecord&) = default;
};

// An inward message that took effect (P3).
struct InboxRecord {
    std::string source;  // connector instance
    std::string id;      // the sender's message id
    WallTime received_at{};
    std::string result;  // what came of it, in a word or two

    friend bool operator==(const InboxRecord&, const InboxRecord&) = default;
};

// The first answer to a request with an Idempotency-Key.
struct IdempotencyRecord {
    std::string user;
    std::string key;
    std::string fingerprint;  // of method, path and body
    std::int64_t status = 0;
    std::string location;
    std::string body;
    WallTime at{};

    friend bool operator==(const IdempotencyRecord&, const IdempotencyRecord&) = default;
};

// A command that makes a person's phone ring: committed before it is sent (P6).
struct CommandRecord {
    std::string id;
    std::string user;
    std::string kind;  // "dial", "hangup", "agent_state"
    std::string state = "accepted";
    std::string reason;
    std::string contact;
    Fields detail = Fields::object();
    WallTime at{};
    WallTime updated_at{};

    friend bool operator==(const CommandRecord&, const CommandRecord&) = default;
};

struct UserRecord {
    std::string name;
    std::string role;
    std::vector<std::string> groups;
    std::string device;
    std::string agent;
    std::string password_hash;
    std::string token_hash;
    WallTime updated_at{};

    friend bool operator==(const UserRecord&, const UserRecord&) = default;
};

// A contact that has ended, as published; the customer's history of calls.
struct JournalRecord {
    std::string id;
    std::string number;  // E.164, else as the PBX showed it
    WallTime started_at{};
    WallTime ended_at{};
    std::string body;  // the contact's JSON

    friend bool operator==(const JournalRecord&, const JournalRecord&) = default;
};

// Where an operator's switch of a calendar stood from `set_at` on, until the next row of the same calendar.
struct CalendarOverrideRecord {
    std::string id;
    std::string calendar;  // its name
    std::string mode;      // "open", "closed", "clock": as its file says
    WallTime set_at{};
    std::optional<WallTime> until_at;  // back to the clock then; none only for "clock"
    std::string set_by;                // user name
    std::string reason;

    friend bool operator==(const CalendarOverrideRecord&, const CalendarOverrideRecord&) = default;
};

std::string_view to_string(DeadlineState value);
std::string_view to_string(OutboxState value);
std::optional<DeadlineState> deadline_state_from(std::string_view word);
std::optional<OutboxState> outbox_state_from(std::string_view word);

}  // namespace citybridge
