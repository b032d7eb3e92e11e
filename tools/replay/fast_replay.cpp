#include "tools/replay/fast_replay.h"

#include <algorithm>

#include "adapters/asterisk/replay_peer.h"
#include "adapters/asterisk/session.h"
#include "core/calls/call_book.h"

namespace citybridge::replay {
namespace {

constexpr std::uint64_t kSeed = 1;

class FastReplay {
public:
    FastReplay(const Recording& recording, const FastReplayOptions& options)
        : options_(options),
          peer_(recording.bytes, recording.times),
          session_(settings(), kSeed),
          book_(options.calls) {}

    ReplayResult run() {
        auto chunk = peer_.next();
        now_ = at(chunk);
        session_.on_connected(now_);
        give(peer_.on_connected());
        for (; chunk; chunk = peer_.next()) {
            advance(at(chunk));
            give(chunk->bytes);
        }
        return std::move(result_);
    }

private:
    static asterisk::SessionSettings settings() {
        asterisk::SessionSettings settings;
        settings.user = "replay";
        settings.secret = "replay";
        return settings;
    }

    Now at(const std::optional<asterisk::RecordedChunk>& chunk) const {
        const WallTime wall = chunk && chunk->wall ? *chunk->wall : options_.without_times;
        // A recording may start late or jump back; the monotonic clock may not.
        const MonoTime mono{chunk ? chunk->offset : Millis{0}};
        return {wall, std::max(mono, now_.mono)};
    }

    // Pings and wrap-up ends that fall due before the next event.
    void advance(Now to) {
        while (const auto due = session_.next_deadline()) {
            if (*due > to.mono) break;
            now_.mono = std::max(now_.mono, *due);
            now_.wall = to.wall - (to.mono - now_.mono);
            session_.on_tick(now_);
            settle();
            if (session_.next_deadline() == due) break;
        }
        now_ = to;
        book_.tick(now_, events_);
        take_events();
    }

    void give(std::string_view bytes) {
        const std::size_t piece = options_.chunk_bytes == 0 ? bytes.size() : options_.chunk_bytes;
        for (std::size_t i = 0; i < bytes.size(); i += piece) {
            session_.on_bytes(bytes.substr(i, piece), now_);
            settle();
        }
    }

    // Answers go back and forth until both sides are silent.
    void settle() {
        for (;;) {
            asterisk::Output out = session_.take_output();
            for (const PbxSignal& signal : out.signals) book_.apply(signal, now_, events_);
            take_events();
            if (out.write.empty() || out.close) return;
            const std::string answer = peer_.on_client_bytes(out.write);
            if (answer.empty()) return;
            session_.on_bytes(answer, now_);
        }
    }

    void take_events() {
        for (const Event& event : events_) {
            result_.see(event);
            if (options_.on_event) options_.on_event(event);
        }
        events_.clear();
    }

    const FastReplayOptions& options_;
    asterisk::ReplayPeer peer_;
    asterisk::Session session_;
    calls::CallBook book_;
    Now now_{};
    std::vector<Event> events_;
    ReplayResult result_;
};

}  // namespace

ReplayResult replay_fast(const Recording& recording, const FastReplayOptions& options) {
    return FastReplay(recording, options).run();
}

}  // namespace citybridge::replay
