#pragma once
// Callbacks between cities (P7): one owner, nothing lost over a bad line.
// Pure: rows through a view, one input and the time in; row changes, messages
// for the other city, events out. The same code decides at the origin and at
// the target.
//
// How one owner comes about:
// - A task has a holder, who alone may dial and end it. (epoch, hand) order the
//   changes of holder: a take-back raises the epoch, a new offer raises hand.
// - Every message tells the sender's whole view of the task. What is older than
//   what took effect (generation, version) or of an older (epoch, hand) becomes
//   history and changes nothing. The other side mirrors the holder's state.
// - Dialling is committed first. It needs a person's `confirmed_by` unless
//   nobody has dialled, as far as both sides are certain.
// - A store restored from a backup is not certain: its generation is higher
//   than the `life` of its rows, and than the generation that tasks were handed
//   over to (`offered_to`); both make a task uncertain. It holds and dials
//   nothing of a city before it has exchanged with it what is open and what
//   ended lately.
// - A backup may be restored any number of times, and a store may know nothing
//   of the lives after it. Each life has a random id. Every message tells which
//   generation and life of its receiver the sender has heard of last; a store
//   that was outlived, or finds its number taken by another life, goes above it
//   towards that city and exchanges, before the message takes effect.
// No clocks are compared: messages carry durations.
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "core/api/capabilities.h"
#include "core/api/changes.h"
#include "core/api/events.h"
#include "core/relay/callback_detail.h"

namespace citybridge::relay {

// 2: messages tell the sender's life, and which of the receiver's it has heard of.
inline constexpr std::int64_t kCallbackProtocol = 2;

// Of the directory of cities.
struct FarCity {
    std::string destination;  // of the outbox: "<link instance>.<city>"
};

struct CallbackSettings {
    std::string city;
    std::int64_t generation = 0;  // of the store
    std::string life;             // of the store: random, another one after each restore; empty: not known
    std::map<std::string, FarCity> cities;
    bool pulled = false;                 // people take tasks from the list; else they are assigned
    std::string skill;                   // whom to assign to; empty: everybody who is on line
    std::string group;                   // of incoming tasks
    Millis take_within{3 * 60'000};      // until an agent has dialled; then the next
    Millis list_within{5 * 60'000};      // in the list without anybody; then the team lead
    Millis dial_limit{15 * 60'000};      // without a result the dialling counts as lost
    Millis moved_grace{15 * 60'000};     // after the target's opening, when it was closed: the new promise
    std::size_t exchange_at_once = 200;  // tasks a message; and as many that have ended
    // How long ago a task may have ended to be exchanged: longer than a link tries for, and than a backup is kept.
    Millis ended_within{60LL * 86'400'000};
};

// A person who may be given a task.
struct Candidate {
    std::string user;
    std::int64_t load = 0;  // open callbacks and orders
};

class CallbackView {
public:
    virtual const CallbackRecord* callback(const std::string& id) const = 0;
    virtual const CityRecord* city(const std::string& id) const = 0;
    // Those with this other city that have not ended, of CallbackWanted::open_of.
    virtual std::vector<const CallbackRecord*> open_callbacks(const std::string& city) const = 0;
    // Those that have ended, of CallbackWanted::ended_of and perhaps others.
    virtual std::vector<const CallbackRecord*> ended_callbacks(const std::string& city) const = 0;
    virtual bool inbox_has(const std::string& source, const std::string& id) const = 0;
    // Who is on line now, with the skill asked for (empty: any).
    virtual std::vector<Candidate> candidates(const std::string& skill) const = 0;
    // Of this city: `time` itself if it is open.
    virtual WallTime next_opening(WallTime time) const = 0;

protected:
    ~CallbackView() = default;
};

struct CallbackActor {
    std::string user;
    bool leads = false;  // team lead and above
};

// At the origin. `id` is new.
struct OfferCallback {
    std::string id;
    std::string target;
    std::string number;
    std::string name;
    std::string customer;
    std::string contact;
    std::string order;
    std::string group;
    WallTime promised_at{};
    Fields data = Fields::object();  // what travels
};

struct ActOnCallback {
    enum class What { take, assign, put_back, dial, done, failed, give_back, withdraw, offer_again, note };
    What what = What::note;
    std::string id;
    std::string to;  // assign: whom
    std::string text;
    std::string outcome;                  // done, failed: word
    std::string confirmed_by;             // dial: who allows it although somebody may have dialled
    std::string command;                  // dial: of the command that will dial
    std::optional<WallTime> promised_at;  // offer_again
};
std::string_view to_string(ActOnCallback::What value);
std::optional<ActOnCallback::What> callback_act_from(std::string_view word);

// What became of the dialling with this command.
struct CallbackDialEnded {
    enum class Result { answered, not_answered, not_dialled, unknown };
    std::string id;
    std::string command;
    Result result = Result::unknown;
    std::string word;     // "busy", "no_answer", ...
    std::string contact;  // here
};
std::string_view to_string(CallbackDialEnded::Result value);

// due_at was reached.
struct CallbackDue {
    std::string id;
};

// Another city's message; its source was authenticated as "city:<id>".
struct TakeCityMessage {
    InboundMessage message;
};

// At start, of every city of the directory, before anything else: tells it this store's generation and protocol,
// and exchanges tasks with it if the store was restored.
struct GreetCity {
    std::string city;
};

// A message to another city that will not arrive: its link gave it up, or a person did.
struct CityMessageLost {
    std::string id;       // of the task; empty: it was about the two stores
    std::string city;     // whom it was for
    std::string message;  // of the outbox
    std::string code;     // why
    std::string detail;
};

struct CallbackInput {
    CallbackActor actor;
    std::variant<OfferCallback, ActOnCallback, CallbackDialEnded, CallbackDue, TakeCityMessage, GreetCity,
                 CityMessageLost>
        what;
};

struct CallbackDecision {
    Changes changes;  // outbox rows have no seq yet
    std::vector<Event> events;
    std::string id;      // of the task, if it was about one
    std::string result;  // of a message: what came of it
};

CallbackWanted callback_needs(const CallbackInput& input);
// What shows only once the sender's own row is in the view; usually nothing.
CallbackWanted callback_needs_next(const CallbackSettings& settings, const TakeCityMessage& what,
                                   const CityRecord* sender);
CallbackWanted callback_needs_next(const CallbackSettings& settings, const GreetCity& what, const CityRecord* city);
// Error codes: callback.unknown, callback.unknown_city, callback.not_possible, callback.not_holder, callback.forbidden,
// callback.needs_confirmation, callback.not_reconciled, hook.not_understood.
Result<CallbackDecision> apply_callback(const CallbackSettings& settings, const CallbackView& view,
                                        const CallbackInput& input, Now now);

// This store's generation as the city is told: its own, or above what the city heard of another life of it.
std::int64_t own_generation(const CallbackSettings& settings, const CityRecord* city);
// Whether this store has exchanged tasks with the city since it was restored last.
bool is_reconciled(const CallbackSettings& settings, const CityRecord* city);
// For the API and the stream.
Fields callback_json(const CallbackRecord& row);
Fields callback_json(const CallbackHistoryRecord& row);
// With what is known of how it came there, under "history".
Fields callback_json(const CallbackRecord& row, const std::vector<CallbackHistoryRecord>& history);

}  // namespace citybridge::relay
