#include "tools/replay/timed_book.h"

#include <algorithm>
#include <utility>

namespace citybridge::replay {

TimedBook::TimedBook(PeerEnd& peer, Wire wire, calls::CallSettings calls, See see)
    : peer_(peer), session_(make_client(wire)), book_(std::move(calls)), see_(std::move(see)) {}

void TimedBook::connect(WallTime begins) {
    now_ = {begins - kLead, MonoTime{Millis{0}}};
    session_->on_connected(now_);
    give(peer_.on_connected());
    advance({begins, now_.mono + kLead});
}

void TimedBook::advance(Now to) {
    to.mono = std::max(to.mono, now_.mono);
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
    tell();
}

void TimedBook::give(std::string_view bytes, std::size_t piece_bytes) {
    const std::size_t piece = piece_bytes == 0 ? bytes.size() : piece_bytes;
    for (std::size_t i = 0; i < bytes.size(); i += piece) {
        session_->on_bytes(bytes.substr(i, piece), now_);
        settle();
    }
}

// Answers go back and forth until both sides are silent.
void TimedBook::settle() {
    for (;;) {
        const ClientEnd::Output out = session_->take_output();
        for (const PbxSignal& signal : out.signals) book_.apply(signal, now_, events_);
        tell();
        if (out.write.empty() || out.close) return;
        const std::string answer = peer_.on_client_bytes(out.write);
        if (answer.empty()) return;
        session_->on_bytes(answer, now_);
    }
}

void TimedBook::tell() {
    see_(events_);
    events_.clear();
}

}  // namespace citybridge::replay
