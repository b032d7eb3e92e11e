#pragma once
// A PBX session that is fed anything: what holds for each of them, whatever its peer says. The corpus is run without
// libFuzzer, too, hence abort().
#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "core/api/capabilities.h"
#include "core/api/signals.h"

namespace citybridge::fuzz {

// `Peer` answers as a PBX does on which nothing goes on.
template <class Session, class Peer>
class SessionRun {
public:
    Session session{{}, 3};
    Now now{WallTime(Millis(1'795'289'700'000)), MonoTime(Millis(0))};

    CommandDone done() {
        ++commands_;
        return [this](const CommandReply&) { ++replies_; };
    }

    void connect() { session.on_connected(now); }

    // Until both have said all; `then` passes before the session is asked once more.
    void become_ready(Millis then = {}) {
        connect();
        converse(peer_.on_connected());
        if (then > Millis{0}) {
            now.mono += then;
            session.on_tick(now);
            converse(peer_.on_client_bytes(act()));
        }
        if (!session.ready()) std::abort();
    }

    // All bytes, a piece each 7 ms, until the session has enough; then the link ends.
    void feed(std::string_view bytes, std::size_t piece) {
        for (std::size_t at = 0; at < bytes.size() && !closed_; at += piece) {
            session.on_bytes(bytes.substr(at, piece), now);
            (void)act();
            now.mono += Millis(7);
            session.on_tick(now);
            (void)act();
        }
        (void)session.on_closed({"link.closed", ""}, now);
        (void)act();
        session.stop();
        (void)act();
        // Every command is answered exactly once, and a closed link is said to be down.
        if (replies_ != commands_ || up_) std::abort();
    }

private:
    std::string act() {
        auto output = session.take_output();
        for (const PbxSignal& signal : output.signals) {
            // Nothing is said of a link that is not up, and a link goes up once.
            const bool goes_up = std::holds_alternative<signal::LinkUp>(signal.body);
            if (up_ == goes_up) std::abort();
            if (goes_up || std::holds_alternative<signal::LinkDown>(signal.body)) up_ = goes_up;
        }
        for (auto& completion : output.completed) completion.done(std::move(completion.reply));
        closed_ = closed_ || output.close.has_value();
        return output.write;
    }

    void converse(std::string bytes) {
        while (!bytes.empty()) {
            session.on_bytes(bytes, now);
            bytes = peer_.on_client_bytes(act());
        }
    }

    Peer peer_{""};
    int commands_ = 0;
    int replies_ = 0;
    bool up_ = false;
    bool closed_ = false;
};

// The first byte of an input says how the others come.
struct Delivery {
    bool ready;         // the session has its snapshot already
    std::size_t piece;  // bytes at once
    std::string_view bytes;
};

inline Delivery delivery_of(const std::uint8_t* data, std::size_t size) {
    return {(data[0] & 1U) != 0, std::size_t{1} + (data[0] >> 1U),
            std::string_view(reinterpret_cast<const char*>(data) + 1, size - 1)};
}

}  // namespace citybridge::fuzz
