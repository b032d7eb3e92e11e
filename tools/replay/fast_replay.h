#pragma once
#include <functional>

#include "core/calls/call_settings.h"
#include "tools/replay/recording.h"
#include "tools/replay/replay_result.h"

namespace citybridge::replay {

struct FastReplayOptions {
    calls::CallSettings calls{.city = "replay", .pbx = "pbx1"};
    WallTime without_times{};  // when everything happens if the recording has no times
    // How the peer's bytes reach the session: 0, one event at a time; else in pieces of this size.
    std::size_t chunk_bytes = 0;
    std::function<void(const Event&)> on_event;
};

// The adapter's session and the call book in this thread, on recorded time.
ReplayResult replay_fast(const Recording& recording, const FastReplayOptions& options);

}  // namespace citybridge::replay
