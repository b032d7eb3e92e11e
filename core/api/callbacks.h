#pragma once
// A customer of one city whom another city calls (D1): the task as each of the
// two cities keeps it, its history there, and what is known of a far city.
// Plain data, one struct per table of the store; core/relay decides on them.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/api/records.h"
#include "core/api/time.h"

namespace citybridge {

enum class CallbackState {
    offered,    // committed at the origin; nothing is known of the target yet
    received,   // the target has it in its store
    accepted,   // the target has taken it into its list
    assigned,   // an agent of the target has it
    dialling,   // committed before his phone dials
    done,       // ended with an outcome
    failed,     // ended: the customer was not reached, or it cannot be done
    uncertain,  // taken back without the target's word that nobody dialled, or dialled and the outcome lost
    returned,   // the target gives it back to the origin
    withdrawn,  // the origin took it back, and the target confirmed that nobody dialled
    escalated,  // the promise was missed: a team lead decides
};
std::string_view to_string(CallbackState value);
std::optional<CallbackState> callback_state_from(std::string_view word);

struct CallbackRecord {
    std::string id;      // "cb_<uuid>", the same in both cities
    std::string side;    // "origin" or "target": which of the two this store is
    std::string origin;  // city ids
    std::string target;
    CallbackState state = CallbackState::offered;
    std::int64_t epoch = 1;    // grows when a person takes it back, and never else
    std::int64_t version = 0;  // of what this side tells the other; grows with every message
    std::string number;        // E.164: whom to call
    std::string name;
    std::string customer;  // id in this city
    std::string contact;   // contact id in this city, if it came from or led to a call here
    std::string order;     // order id in this city, if there is one
    std::string owner;     // user of this side; empty: nobody's yet
    std::string group;
    WallTime promised_at{};          // the deadline both cities see
    std::optional<WallTime> due_at;  // this side must look again then
    std::string outcome;             // of an ended one: word
    WallTime created_at{};
    WallTime updated_at{};
    std::optional<WallTime> closed_at;
    std::int64_t revision = 0;               // grows by one with every change
    std::int64_t history_n = 0;              // number of its last history row
    Fields data = Fields::object();          // what travels: matter, notes, recording, the customer's data
    Fields state_detail = Fields::object();  // what the protocol keeps besides: dials, confirmed_by, seen versions

    friend bool operator==(const CallbackRecord&, const CallbackRecord&) = default;
};

struct CallbackHistoryRecord {
    std::string callback;
    std::int64_t n = 0;  // from 1, without gaps
    WallTime at{};
    std::string city;   // where it happened
    std::string actor;  // user, or "city:<id>", or "system"
    std::string action;
    std::string from_state;
    std::string to_state;
    std::string text;
    Fields detail = Fields::object();

    friend bool operator==(const CallbackHistoryRecord&, const CallbackHistoryRecord&) = default;
};

// What this node knows of another city, for ever.
struct CityRecord {
    std::string city;
    std::int64_t generation = 0;  // the highest it has told; an older one is a store from a backup that must reconcile
    std::int64_t protocol = 0;
    std::optional<WallTime> heard_at;
    WallTime updated_at{};
    std::int64_t revision = 0;
    Fields detail = Fields::object();

    friend bool operator==(const CityRecord&, const CityRecord&) = default;
};

// What a step changes of them; within changes.h.
struct CallbackChanges {
    std::vector<CallbackRecord> callbacks;       // new or changed
    std::vector<CallbackHistoryRecord> history;  // new
    std::vector<CityRecord> cities;              // new or changed

    bool empty() const { return callbacks.empty() && history.empty() && cities.empty(); }
};

// Those with this other city that have ended: `after` < id <= `to`, empty: no bound; the latest of them, at most kMost.
struct CallbackEnds {
    static constexpr std::size_t kMost = 5'000;
    std::string city;
    std::string after;
    std::string to;
};

// Rows a step needs to see.
struct CallbackWanted {
    std::vector<std::string> callbacks;  // ids
    std::vector<std::string> cities;     // city ids
    std::vector<std::string> open_of;    // city ids: the callbacks with this other city that have not ended
    std::vector<CallbackEnds> ended_of;
    bool assigned = false;  // how many open ones each user has

    bool empty() const {
        return callbacks.empty() && cities.empty() && open_of.empty() && ended_of.empty() && !assigned;
    }
};

struct CallbackLoaded {
    std::vector<CallbackRecord> callbacks;
    std::vector<CityRecord> cities;
    std::vector<std::pair<std::string, std::int64_t>> assigned;  // user, number
};

}  // namespace citybridge
