#pragma once
// What an order keeps of its flow's parts (OrderRecord::engine), by name:
//   opener        who opened it
//   counts        {action: how often}, only of actions that a condition counts
//   overdue       follow-ups that fell due and were not settled since
//   chains        {chain: {"entry", "position"}}: an index into the entry's people
//   escalations   {name: {"state": running|acknowledged|stopped|ended, "step": the next one, "undelivered"?, "by"?}}
//   approvals     {name: {"state": open|approved|rejected|cancelled, "step", "given": [{"step", "by", "at"}]}}
//   told          tellings that wait for somebody's acknowledgement
//   lost          ids of messages to people that did not arrive: a second report of one tells nobody anything
// Empty for an order whose flow has none of these.
#include "core/api/records.h"

namespace citybridge::desk {

using Json = nlohmann::ordered_json;

// Name and kind of the deadline that the node itself gives an open order that has no other.
inline constexpr const char* kIdle = "idle";

// Null: there is none.
const Json* find_part(const OrderRecord& order, const std::string& what, const std::string& name);
Json& engine_part(OrderRecord& order, const std::string& what, const std::string& name);
std::string text_in(const Json& object, const std::string& name);  // empty: not there
std::int64_t number_in(const Json& object, const std::string& name);

bool is_overdue(const OrderRecord& order, const std::string& follow_up);
void mark_overdue(OrderRecord& order, const std::string& follow_up, bool overdue);
std::int64_t times_taken(const OrderRecord& order, const std::string& action);
std::string opener_of(const OrderRecord& order);

// Tellings that wait.
std::vector<TellingRecord> waiting_tellings(const OrderRecord& order);
void keep_waiting(OrderRecord& order, const TellingRecord& row);
void drop_waiting(OrderRecord& order, const std::string& id);

// Messages to people that did not arrive; the newest of them are remembered.
bool is_lost(const OrderRecord& order, const std::string& message);
void mark_lost(OrderRecord& order, const std::string& message);

}  // namespace citybridge::desk
