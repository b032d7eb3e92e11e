#pragma once
// The two ends of a replayed connection, of whichever PBX: the peer plays the
// recording, the client is the adapter's session.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/signals.h"
#include "core/api/time.h"
#include "tools/replay/recording.h"

namespace citybridge::replay {

// The client is connected for this long when the recording begins: an adapter
// takes its snapshot of a PBX on which nothing has happened yet.
inline constexpr Millis kLead{1'000};

struct Chunk {
    Millis offset{0};              // since the first recorded read
    std::optional<WallTime> wall;  // when it was read
    std::string bytes;             // one event
};

class PeerEnd {
public:
    virtual ~PeerEnd() = default;
    // When the recording's first read happened, if it tells.
    virtual std::optional<WallTime> begins() = 0;
    virtual std::string on_connected() = 0;
    virtual std::string on_client_bytes(std::string_view bytes) = 0;
    // The client has done all it must to be sent events.
    virtual bool listening() const = 0;
    // Nothing at the end. Not before listening().
    virtual std::optional<Chunk> next() = 0;
};

class ClientEnd {
public:
    struct Output {
        std::string write;
        std::vector<PbxSignal> signals;
        bool close = false;
    };
    virtual ~ClientEnd() = default;
    virtual void on_connected(Now now) = 0;
    virtual void on_bytes(std::string_view bytes, Now now) = 0;
    virtual void on_tick(Now now) = 0;
    virtual std::optional<MonoTime> next_deadline() const = 0;
    virtual Output take_output() = 0;
};

std::unique_ptr<PeerEnd> make_peer(const Recording& recording);
std::unique_ptr<ClientEnd> make_client(Wire wire);

}  // namespace citybridge::replay
