#pragma once
// The gateway's settings table (core/api/settings.h).
#include <cstdint>
#include <string>
#include <vector>

#include "core/api/settings.h"

namespace citybridge {

struct GatewaySettings {
    std::string host = "127.0.0.1";
    std::int64_t port = 8080;  // 0: the system chooses
    std::int64_t max_connections = 1024;
    std::int64_t request_timeout_ms = 10'000;
    std::int64_t idle_timeout_ms = 30'000;
    std::int64_t write_timeout_ms = 10'000;
    std::int64_t workers = 3;
    std::int64_t password_workers = 2;
    std::int64_t durable_workers = 64;
    std::int64_t media_workers = 4;
    std::int64_t queue = 256;
    std::int64_t max_streams = 1000;
    std::int64_t max_streams_per_user = 8;
    std::int64_t stream_ring_events = 10'000;
    std::int64_t stream_ring_bytes = 64 << 20;
    std::int64_t stream_lag_bytes = 8 << 20;
    std::int64_t stream_stall_ms = 10'000;
    std::int64_t stream_ping_ms = 20'000;
    std::int64_t stream_socket_bytes = 256 << 10;
    std::int64_t session_lifetime_s = 43'200;
    std::int64_t session_idle_s = 7'200;
    std::int64_t max_sessions = 10'000;
    std::int64_t max_sessions_per_user = 20;
    std::string second_login = "takeover";  // or "refuse"
};

const std::vector<Setting<GatewaySettings>>& gateway_settings();

}  // namespace citybridge
