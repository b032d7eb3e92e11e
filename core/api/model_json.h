#pragma once
// The JSON shapes of the outside contract (DESIGN section 6, docs/schemas):
// the same for API, stream, webhooks, command line and replay. In one place.
#include <nlohmann/json.hpp>

#include "core/api/events.h"
#include "core/api/model.h"

namespace citybridge {

// As text, appended: what every event carries many times a second. The documents
// below are parsed from it, so that the shape is written once.
void write_json(std::string& out, const Contact& contact);
void write_json(std::string& out, const Offer& offer);

nlohmann::ordered_json to_json(const Contact& contact);
nlohmann::ordered_json to_json(const Agent& agent);
nlohmann::ordered_json to_json(const Offer& offer);

// {"type", "at", ...the event's own fields}; the stream adds its id.
nlohmann::ordered_json to_json(const EventEnvelope& envelope);

// Never throws on bad bytes: what is not UTF-8 becomes U+FFFD.
std::string dump(const nlohmann::ordered_json& value, int indent = -1);

}  // namespace citybridge
