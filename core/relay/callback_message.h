#pragma once
// Messages between cities: outbox kind "city_message", payload
// {"protocol", "from", "to", "generation", "type", ...}.
// Unknown fields are kept, so that an older node loses nothing of a newer one.
#include <string>
#include <vector>

#include "core/api/result.h"
#include "core/relay/callback_detail.h"

namespace citybridge::relay {

// One task as its sender sees it.
struct ToldTask {
    CallbackRecord row;           // columns as told; side is the receiver's
    CallbackDetail detail;        // holder, hand, offered_to, dials, unsure, result: the sender's
    bool ask = false;             // to be answered
    std::optional<Millis> moved;  // the target opens again after this long
    std::optional<Millis> promised_in;
    Fields unknown = Fields::object();
};

struct CityMessage {
    enum class Type { task, hello, exchange, exchanged };
    std::int64_t protocol = 0;
    std::string from;
    std::string to;
    std::int64_t generation = 0;
    Type type = Type::task;
    std::vector<ToldTask> tasks;  // one, of type task
    std::int64_t chunk = 0;       // of an exchange, from 1
    std::int64_t chunks = 0;
    std::int64_t part = 0;  // of the answer to a chunk
    std::int64_t parts = 0;
    std::int64_t for_generation = 0;  // which restored store's exchange this answers
};

// `me`: this city. Error: "hook.not_understood", also if the message speaks of tasks that are not of these two cities.
Result<CityMessage> read_city_message(const nlohmann::ordered_json& data, const std::string& me);

// The sender's view of a task.
Fields task_fields(const CallbackRecord& row, const CallbackDetail& detail, WallTime now);
Fields city_envelope(const std::string& from, const std::string& to, std::int64_t generation, const char* type);

// What every message of a city teaches about it.
CityRecord heard_from(const CityRecord* before, const CityMessage& message, WallTime now);
std::int64_t generation_of(const CityRecord* city);

}  // namespace citybridge::relay
