#pragma once
// The floor of event_to_frame: the same bytes in, a frame of the same size out
// to the same socket, and nothing else. One thread, one epoll loop.
#include <cstdint>

#include "bench/sockets.h"

namespace citybridge::bench {

// Connects to the PBX at `pbx_port`, takes `agents` WebSocket clients at
// `listener` ("GET /2001": the agent's number), then serves until the PBX or a client leaves.
void serve_floor(const Socket& listener, std::uint16_t pbx_port, int agents);

// Tells the floor how long a frame's text is, as an event of the PBX.
inline constexpr char kFrameBytesEvent[] = "BenchFrameBytes";

}  // namespace citybridge::bench
