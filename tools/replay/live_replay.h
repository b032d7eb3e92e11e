#pragma once
#include <string>

#include "core/api/result.h"
#include "tools/replay/recording.h"
#include "tools/replay/replay_result.h"

namespace citybridge::replay {

// A whole node with the PBX's real plugin, connected to a server on loopback
// that plays the recording with its pauses. Blocks until it is played and the
// node has digested it.
Result<ReplayResult> replay_live(const Recording& recording, const std::string& plugin_dir);

}  // namespace citybridge::replay
