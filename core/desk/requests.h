#pragma once
// What may be asked of the desk: one request is one step of a work order or a
// customer. Numbers are E.164 already; texts are valid UTF-8 and bounded.
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/api/capabilities.h"
#include "core/api/changes.h"
#include "core/desk/calendar_requests.h"
#include "core/desk/callback_requests.h"
#include "core/desk/customer_requests.h"
#include "core/desk/keeping_requests.h"
#include "core/desk/message_requests.h"
#include "core/desk/outgoing_requests.h"
#include "core/desk/paper_requests.h"
#include "core/desk/recurrence_requests.h"
#include "core/desk/transfer_requests.h"
#include "core/desk/verification_requests.h"

namespace citybridge::desk {

struct Actor {
    std::string user;  // user name, "erp:<connector>", "system"
    std::string role;  // the API's role words; "system" for the node itself
    std::vector<std::string> groups;
};

struct OpenOrder {
    std::string kind;
    std::string customer;       // id; empty: by `number`, and if nobody has it he is created
    std::string number;         // E.164; empty: unknown
    std::string customer_name;  // fills a customer that has none yet
    std::string contact;
    Fields fields = Fields::object();
    std::string note;
    std::string owner;  // empty: the asker
    std::string group;
};

struct ActOnOrder {
    std::string order;
    std::string action;
    Fields fields = Fields::object();
    std::string note;
    std::optional<std::int64_t>
        revision;  // given: refused with "order.changed_meanwhile" if it is not this one any more
};

struct AddNote {
    std::string order;
    std::string text;
};

// Creates (id empty) or changes; what is unset stays as it is.
struct SaveCustomer {
    std::string id;
    std::optional<std::string> name, city, source, preference;
    std::optional<std::vector<std::string>> numbers;
    Fields number_kinds = Fields::object();  // number to mobile, home or office; merged, null removes
    std::optional<std::string> preferred_number;
    Fields fields = Fields::object();  // merged; null removes
    std::optional<std::int64_t> revision;
};

// Removes a person's data (erasure): customer, and what orders, history and journal say of him.
// Of the orders named, the fields that their flow calls personal are removed.
struct EraseCustomer {
    std::string id;
    // Ids of all his orders, which the caller has read; others than his are left alone.
    std::vector<std::string> orders{};
};

// A message of the ERP (P3). Known already: reply only, no effect.
struct TakeInbound {
    InboundMessage message;
};

struct DeadlineReached {
    std::string order;
    std::string name;
    std::int64_t n = 0;
};

// An outbox message came to an end (delivered, dead, possibly_done, cancelled); `row` as it is now.
struct DeliveryEnded {
    OutboxRecord row;
};

struct Request {
    std::string id;  // UUID; new records take their ids from it, so that the same request makes the same ids
    Actor actor;
    std::variant<OpenOrder, ActOnOrder, AddNote, SaveCustomer, EraseCustomer, TakeInbound, DeadlineReached,
                 DeliveryEnded, CorrectDeadlines, OverrideCalendar, AssignOrder, MergeCustomers, AddAttachment,
                 RemoveAttachment, OpenOutgoingList, AddEntries, CloseOutgoingList, TakeEntry, FinishEntry,
                 ReleaseEntry, ActOnPaper, SetDisposition, ProposeScript, OpenRecurring, StepCallback, TransferToCity,
                 StepTransfer, StartVerification, StepVerification, WatchOrder, MigrateOrder, IndexOrder, WriteMessage>
        what;
};

}  // namespace citybridge::desk
