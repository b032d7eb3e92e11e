#pragma once
// The stream's frames as JSON texts (docs/schemas/frame.json). Pure.
#include <string>

#include "core/api/events.h"
#include "core/gateway/live_port.h"
#include "core/gateway/visibility.h"

namespace citybridge::gateway {

std::string event_text(const std::string& id, const EventEnvelope& event);
// The last frame of a stream that the node ends, and why: "second_login". It has no id: it is no event of the node.
std::string goodbye_text(WallTime at, std::string_view reason);
// Only what `viewer` may see.
std::string snapshot_text(const std::string& id, WallTime at, const LiveSnapshot& snapshot, const Viewer& viewer);

}  // namespace citybridge::gateway
