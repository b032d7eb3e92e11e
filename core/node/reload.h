#pragma once
// The parts of the configuration that may change while the node runs: flows, directory, users, calendars and the
// centre's settings. SIGHUP and POST /v1/admin/config/reload.
#include <string>

#include "core/gateway/gateway.h"

namespace citybridge {

class Node;

// Everything is checked before anything is taken over. Any thread but the strands'; one at a time.
Reloaded reload(Node& node, const std::string& config_path);

}  // namespace citybridge
