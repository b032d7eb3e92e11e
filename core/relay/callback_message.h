#pragma once
// Messages between cities: outbox kind "city_message", payload
// {"protocol", "from", "to", "generation", "type", ...}.
// Unknown fields are kept, so that an older node loses nothing of a newer one. Fields are only ever added, and mean
// nothing new to who does not know them; a new type or state goes only to cities whose protocol knows it: others refuse
// the message, and its sender's people hear of that.
#include <string>
#include <vector>

#include "core/api/result.h"
#include "core/relay/callback_detail.h"

namespace citybridge::relay {

struct CallbackSettings;

// One task as its sender sees it.
struct ToldTask {
    CallbackRecord row;  // columns as told; side is the receiver's
    // holder, hand, offered_to, dials, unsure, result: the sender's; far_dials, far_unsure: what it knows of the
    // receiver
    CallbackDetail detail;
    bool ask = false;             // to be answered
    std::optional<Millis> moved;  // the target opens again after this long
    std::optional<Millis> promised_in;
    // Of one that had ended when it was exchanged: how long ago.
    std::optional<Millis> created_ago, ended_ago;
    Fields unknown = Fields::object();
};

struct CityMessage {
    enum class Type { task, hello, exchange, exchanged };
    std::int64_t protocol = 0;
    std::string from;
    std::string to;
    std::int64_t generation = 0;
    std::string life;        // of the sender's store; empty: its protocol does not tell
    std::int64_t heard = 0;  // the receiver's highest generation that the sender has heard of
    std::string heard_life;  // and whose it was
    Type type = Type::task;
    std::vector<ToldTask> tasks;  // one, of type task
    // Of an exchange: `ended` are all of the sender's that ended lately, with ended_after < id <= ended_to (empty: to
    // the end). Their number, name, owner and data are not told. An older node tells none.
    bool tells_ended = false;
    std::string ended_after, ended_to;
    std::vector<ToldTask> ended;
    std::int64_t chunk = 0;  // of an exchange, from 1
    std::int64_t chunks = 0;
    std::int64_t part = 0;  // of the answer to a chunk
    std::int64_t parts = 0;
    std::int64_t for_generation = 0;  // which restored store's exchange this answers
};

// `me`: this city. Error: "hook.not_understood", also if the message speaks of tasks that are not of these two cities.
Result<CityMessage> read_city_message(const nlohmann::ordered_json& data, const std::string& me);

// The sender's view of a task.
Fields task_fields(const CallbackRecord& row, const CallbackDetail& detail, WallTime now);
// `far`: what is known of the receiver.
Fields city_envelope(const CallbackSettings& settings, const std::string& to, const CityRecord* far, const char* type);

// What every message of a city teaches about it.
CityRecord heard_from(const CityRecord* before, const CityMessage& message, WallTime now);
std::int64_t generation_of(const CityRecord* city);
// The sender's number is that of another life of its store, which was heard of first.
bool of_other_life(const CityRecord* sender, const CityMessage& message);
// From, generation, heard and heard_life alone; of a message that is none: nothing in them.
CityMessage read_heard(const nlohmann::ordered_json& data);
// The sender has heard of a later life of this store, or of another one with the same number.
bool is_outlived(const CallbackSettings& settings, const CityRecord* sender, const CityMessage& message);
// What this store asked to exchange went to a life of the sender's store that is no more, and was not answered in full:
// nobody remembers that it was asked. `before`: the sender's row without what the message teaches.
bool exchange_is_lost(const CallbackSettings& settings, const CityRecord* before, const CityMessage& message);

}  // namespace citybridge::relay
