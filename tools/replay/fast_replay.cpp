#include "tools/replay/fast_replay.h"

#include "tools/replay/ends.h"
#include "tools/replay/timed_book.h"

namespace citybridge::replay {

ReplayResult replay_fast(const Recording& recording, const FastReplayOptions& options) {
    ReplayResult result;
    const auto peer = make_peer(recording);
    TimedBook book(*peer, recording.wire, options.calls, [&](const std::vector<Event>& events) {
        for (const Event& event : events) {
            result.see(event);
            if (options.on_event) options.on_event(event);
        }
    });
    book.connect(peer->begins().value_or(options.without_times));
    while (const auto chunk = peer->next()) {
        book.advance({chunk->wall.value_or(options.without_times), MonoTime{kLead + chunk->offset}});
        book.give(chunk->bytes, options.chunk_bytes);
    }
    return result;
}

}  // namespace citybridge::replay
