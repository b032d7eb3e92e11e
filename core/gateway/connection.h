#pragma once
// One HTTP connection as the front door keeps it. Front-door thread only.
#include <cstdint>
#include <memory>
#include <string>

#include "core/api/time.h"
#include "core/gateway/http_codec.h"
#include "core/gateway/net.h"

namespace citybridge::gateway {

struct Connection {
    enum class Phase {
        reading,   // waiting for a request, or in the middle of one
        serving,   // a worker computes the answer or its next piece; nothing is read meanwhile
        writing,   // the answer goes out as the client takes it
        draining,  // last answer sent and our side closed; the rest of its bytes is thrown away
    };

    Connection(std::uint64_t id_, UniqueFd socket_, HttpLimits limits, MonoTime now)
        : id(id_), socket(std::move(socket_)), peer(peer_address(socket.get())), reader(std::move(limits)), since(now) {}

    std::uint64_t id;
    UniqueFd socket;
    std::string peer;
    RequestReader reader;
    Phase phase = Phase::reading;
    MonoTime since;          // when this phase, or this request's first byte, began
    bool waits = true;       // phase reading: nothing of the next request has arrived
    bool served = false;     // at least one request was answered
    bool head_only = false;  // the request being served is a HEAD
    bool keep_alive = true;  // the client wants another request after this one
    bool peer_gone = false;  // learnt while serving: the answer has no reader
    std::string out;
    std::size_t out_at = 0;  // bytes of `out` already written
    std::shared_ptr<BodySource> source{};  // of the answer's body
    std::uint64_t left = 0;                // bytes of the body still in `source`
    std::size_t drained = 0;
    std::uint32_t watched = 0;  // epoll events asked for
};

}  // namespace citybridge::gateway
