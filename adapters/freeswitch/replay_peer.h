#pragma once
// The other side of a replay: plays a recorded stream's events to a client and
// answers the client's own commands as a small FreeSWITCH would. Pure: no
// socket, no clock. The recording's own replies answered somebody else's
// commands and are dropped, and so is what the client did not subscribe to.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/freeswitch/replay_outbound.h"
#include "adapters/freeswitch/replay_replies.h"
#include "core/api/time.h"

namespace citybridge::freeswitch {

struct RecordedChunk {
    Millis offset{0};              // since the first recorded read
    std::optional<WallTime> wall;  // when the read happened in which the event ends
    std::string bytes;             // one frame
};

class ReplayPeer {
public:
    // `times`: text of NAME.idx; without it the events' own times are taken. A
    // recording of an outbound socket is completed to what a client of the whole
    // PBX would see (OutboundStream). Damaged recordings are played as far as
    // they can be read.
    explicit ReplayPeer(std::string_view capture, std::string_view times = {});

    std::string on_connected() { return replies_.greeting(); }
    // Takes any split of the client's bytes; returns the answers.
    std::string on_client_bytes(std::string_view bytes) { return replies_.on_client_bytes(bytes); }
    // The client is logged in and asked for events: what is played now, it gets.
    bool listening() const { return replies_.listening(); }

    // The next recorded event that the client subscribed to; nothing at the end. Not before listening().
    std::optional<RecordedChunk> next();

    std::size_t events() const { return played_.size(); }  // with those nobody subscribed to
    bool has_times() const { return has_times_; }
    // When the first read happened, or the first event; nothing if there is neither.
    std::optional<WallTime> begins() const { return begins_; }

private:
    struct Played {
        RecordedChunk chunk;
        std::string name;
        std::string subclass;
    };
    void read_capture(std::string_view capture, std::string_view times);
    void add(MadeEvent made, RecordedChunk now);

    std::vector<Played> played_;
    std::size_t next_ = 0;
    bool has_times_ = false;
    std::optional<WallTime> begins_;
    ReplayReplies replies_;
};

}  // namespace citybridge::freeswitch
