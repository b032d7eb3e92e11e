#pragma once
// The durable records as JSON: the same shape in the API, on the stream, in
// webhooks and on the command line (DESIGN section 6).
#include <span>

#include "core/api/records.h"

namespace citybridge {

// {"id", "kind", "flow_version", "state", "owner", "group", "city", "customer", "contact", "external", "deadlines",
//  "fields", "created_at", "updated_at", "closed_at", "revision"}; empty texts are null.
nlohmann::ordered_json to_json(const OrderRecord& order, std::span<const DeadlineRecord> deadlines);
nlohmann::ordered_json to_json(const DeadlineRecord& deadline);
nlohmann::ordered_json to_json(const CustomerRecord& customer);
nlohmann::ordered_json to_json(const HistoryRecord& entry);
// `with_payload`: the content too, as JSON.
nlohmann::ordered_json to_json(const OutboxRecord& message, bool with_payload);
nlohmann::ordered_json to_json(const CommandRecord& command);

// Epoch milliseconds, for the store.
inline std::int64_t epoch_ms(WallTime time) { return time.time_since_epoch().count(); }
inline WallTime from_epoch_ms(std::int64_t ms) { return WallTime{Millis{ms}}; }

}  // namespace citybridge
