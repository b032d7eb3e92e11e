#pragma once
// Flows as files. Every mistake becomes a Problem with its place and what to do.
#include <string>

#include "core/desk/flow.h"

namespace citybridge::desk {

// All *.xml of a folder, in the order of their names. On any problem the result is not to be used.
FlowSet load_flows(const std::string& dir, Problems& problems);
// One flow from text; `shown` is the name for people.
std::optional<Flow> parse_flow(const std::string& shown, std::string text, Problems& problems);

}  // namespace citybridge::desk
