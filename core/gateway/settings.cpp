#include "core/gateway/settings.h"

#include "core/api/setting_rows.h"

namespace citybridge {
namespace {

using setting_rows::choice;
using setting_rows::integer;
using setting_rows::text;

using S = GatewaySettings;

}  // namespace

const std::vector<Setting<S>>& gateway_settings() {
    static const std::vector<Setting<S>> table{
        text("host", "127.0.0.1", "Numeric address to listen on.", &S::host),
        integer("port", "", "8080", 0, 65535, "Port to listen on; 0 lets the system choose.", &S::port),
        integer("max_connections", "", "1024", 8, 100'000,
                "HTTP connections held at once; above it the one that waits longest is closed.", &S::max_connections),
        integer("request_timeout_ms", "ms", "10000", 50, 600'000, "Time a client has to send a whole request.",
                &S::request_timeout_ms),
        integer("idle_timeout_ms", "ms", "30000", 50, 3'600'000, "How long a connection may wait between requests.",
                &S::idle_timeout_ms),
        integer("write_timeout_ms", "ms", "10000", 50, 600'000, "Time a client has to take an answer.",
                &S::write_timeout_ms),
        integer("workers", "", "3", 1, 64, "Threads that answer requests about calls and agents.", &S::workers),
        integer("durable_workers", "", "64", 1, 1'000,
                "Threads that wait for the store: so many requests can share one commit.", &S::durable_workers),
        integer("media_workers", "", "4", 1, 64, "Threads that read recordings.", &S::media_workers),
        integer("password_workers", "", "2", 1, 16, "Threads that check passwords.", &S::password_workers),
        integer("queue", "", "256", 1, 100'000, "Requests that may wait for a thread, per kind of thread.", &S::queue),
        integer("max_streams", "", "1000", 1, 100'000, "Stream clients connected at once.", &S::max_streams),
        integer("max_streams_per_user", "", "8", 1, 10'000, "Stream clients one user may have.",
                &S::max_streams_per_user),
        integer("stream_ring_events", "", "10000", 1, 10'000'000, "Events kept for clients that come back.",
                &S::stream_ring_events),
        integer("stream_ring_bytes", "bytes", "67108864", 4096, std::int64_t{1} << 34,
                "Memory for events kept for clients that come back.", &S::stream_ring_bytes),
        integer("stream_lag_bytes", "bytes", "8388608", 4096, std::int64_t{1} << 34,
                "How far a stream client may fall behind before it is closed.", &S::stream_lag_bytes),
        integer("stream_stall_ms", "ms", "10000", 50, 600'000,
                "How long a stream client may take nothing before it is closed.", &S::stream_stall_ms),
        integer("stream_ping_ms", "ms", "20000", 50, 600'000, "Interval of pings to stream clients.",
                &S::stream_ping_ms),
        integer("stream_socket_bytes", "bytes", "262144", 4096, 16 << 20, "Send buffer of a stream client's socket.",
                &S::stream_socket_bytes),
        integer("session_lifetime_s", "s", "43200", 1, 2'592'000, "How long a log-in lasts.", &S::session_lifetime_s),
        integer("session_idle_s", "s", "7200", 1, 2'592'000, "How long a log-in lasts without being used.",
                &S::session_idle_s),
        integer("max_sessions", "", "10000", 1, 1'000'000, "Log-ins at once; above it the oldest ends.",
                &S::max_sessions),
        integer("max_sessions_per_user", "", "20", 1, 10'000, "Log-ins of one user at once; above it his oldest ends.",
                &S::max_sessions_per_user),
        choice("second_login", "takeover|refuse", "takeover",
               "When an agent opens his desktop at a second place: end the first, or refuse the second while the first "
               "is connected.",
               &S::second_login),
    };
    return table;
}

}  // namespace citybridge
