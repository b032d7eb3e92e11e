#pragma once
// One stream client as the hub keeps it, and the writing half of its work.
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/api/time.h"
#include "core/gateway/net.h"
#include "core/gateway/stream_ring.h"
#include "core/gateway/visibility.h"
#include "core/gateway/ws_frame.h"

namespace citybridge::gateway {

// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): grouped by who may touch what
struct StreamClient {
    enum class Life {
        open,
        closing,  // our close frame is due or sent; waiting for the client's, until `close_by`
        gone,     // to be taken out by the hub thread
    };
    // What is being written: a piece of memory shared with the ring or owned.
    struct Out {
        std::shared_ptr<const std::string> bytes;
        std::size_t at = 0;
    };

    // Fixed after joining.
    Viewer viewer;
    std::string session;
    UniqueFd socket;

    // Hub thread only.
    WsReader reader;
    int messages = 0;  // since the last look at the clock
    MonoTime next_ping{};
    int pings_unanswered = 0;

    // Under `mutex`: the live strand writes too.
    std::mutex mutex;
    Life life = Life::open;
    std::uint64_t cursor = 0;  // sequence of the first event not yet dealt with
    Out out;
    MonoTime progress{};              // last time a byte went out or `out` was filled
    std::optional<std::string> pong;  // only the latest ping is answered, RFC 6455 section 5.5.3
    bool ping_due = false;
    std::string farewell;  // a last text before the close frame
    std::string close_frame;
    std::uint16_t close_code = 0;  // ours
    std::uint16_t close_told = 0;  // the one already counted
    MonoTime close_by{};
    bool session_ended = false;

    bool writing() const { return out.bytes != nullptr; }
    // The precondition of all below: `mutex` is held.
    void send(std::shared_ptr<const std::string> bytes, MonoTime now) {
        out = {std::move(bytes), 0};
        progress = now;
    }
    // Writes until done or the socket is full. True: nothing is left.
    bool flush(MonoTime now);
    void begin_close(std::uint16_t code, std::string_view reason, MonoTime now);
    // The next control frame due, as `out`. False: none.
    bool next_control(MonoTime now);
};

inline constexpr Millis kStreamCloseTime{2'000};

}  // namespace citybridge::gateway
