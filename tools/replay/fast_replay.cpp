#include "tools/replay/fast_replay.h"

#include <algorithm>

#include "core/calls/call_book.h"
#include "tools/replay/ends.h"

namespace citybridge::replay {
namespace {

class FastReplay {
public:
    FastReplay(const Recording& recording, const FastReplayOptions& options)
        : options_(options), peer_(make_peer(recording)), session_(make_client(recording.wire)), book_(options.calls) {}

    ReplayResult run() {
        now_ = {peer_->begins().value_or(options_.without_times) - kLead, MonoTime{Millis{0}}};
        session_->on_connected(now_);
        give(peer_->on_connected());
        advance({now_.wall + kLead, now_.mono + kLead});
        while (const auto chunk = peer_->next()) {
            advance(at(*chunk));
            give(chunk->bytes);
        }
        return std::move(result_);
    }

private:
    Now at(const Chunk& chunk) const {
        // A recording may start late or jump back; the monotonic clock may not.
        return {chunk.wall.value_or(options_.without_times), std::max(MonoTime{kLead + chunk.offset}, now_.mono)};
    }

    // Pings and wrap-up ends that fall due before the next event.
    void advance(Now to) {
        while (const auto due = session_->next_deadline()) {
            if (*due > to.mono) break;
            now_.mono = std::max(now_.mono, *due);
            now_.wall = to.wall - (to.mono - now_.mono);
            session_->on_tick(now_);
            settle();
            if (session_->next_deadline() == due) break;
        }
        now_ = to;
        book_.tick(now_, events_);
        take_events();
    }

    void give(std::string_view bytes) {
        const std::size_t piece = options_.chunk_bytes == 0 ? bytes.size() : options_.chunk_bytes;
        for (std::size_t i = 0; i < bytes.size(); i += piece) {
            session_->on_bytes(bytes.substr(i, piece), now_);
            settle();
        }
    }

    // Answers go back and forth until both sides are silent.
    void settle() {
        for (;;) {
            ClientEnd::Output out = session_->take_output();
            for (const PbxSignal& signal : out.signals) book_.apply(signal, now_, events_);
            take_events();
            if (out.write.empty() || out.close) return;
            const std::string answer = peer_->on_client_bytes(out.write);
            if (answer.empty()) return;
            session_->on_bytes(answer, now_);
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
    std::unique_ptr<PeerEnd> peer_;
    std::unique_ptr<ClientEnd> session_;
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
