#include "core/gateway/settings.h"

namespace citybridge {
namespace {

using S = GatewaySettings;

Setting<S> number(std::string_view name, std::string_view unit, std::string_view fallback, std::int64_t min,
                  std::int64_t max, std::string_view sentence, std::int64_t S::*member) {
    SettingDoc doc;
    doc.name = name;
    doc.type = SettingType::integer;
    doc.unit = unit;
    doc.fallback = fallback;
    doc.min = min;
    doc.max = max;
    doc.sentence = sentence;
    return {doc, member};
}

Setting<S> text(std::string_view name, std::string_view fallback, std::string_view sentence, std::string S::*member) {
    SettingDoc doc;
    doc.name = name;
    doc.fallback = fallback;
    doc.sentence = sentence;
    return {doc, member};
}

Setting<S> choice(std::string_view name, std::string_view choices, std::string_view fallback, std::string_view sentence,
                  std::string S::*member) {
    Setting<S> row = text(name, fallback, sentence, member);
    row.doc.type = SettingType::choice;
    row.doc.choices = choices;
    return row;
}

}  // namespace

const std::vector<Setting<S>>& gateway_settings() {
    static const std::vector<Setting<S>> table{
        text("host", "127.0.0.1", "Numeric address to listen on.", &S::host),
        number("port", "", "8080", 0, 65535, "Port to listen on; 0 lets the system choose.", &S::port),
        number("max_connections", "", "1024", 8, 100'000,
               "HTTP connections held at once; above it the one that waits longest is closed.", &S::max_connections),
        number("request_timeout_ms", "ms", "10000", 50, 600'000, "Time a client has to send a whole request.",
               &S::request_timeout_ms),
        number("idle_timeout_ms", "ms", "30000", 50, 3'600'000, "How long a connection may wait between requests.",
               &S::idle_timeout_ms),
        number("write_timeout_ms", "ms", "10000", 50, 600'000, "Time a client has to take an answer.",
               &S::write_timeout_ms),
        number("workers", "", "3", 1, 64, "Threads that answer requests about calls and agents.", &S::workers),
        number("durable_workers", "", "64", 1, 1'000,
               "Threads that wait for the store: so many requests can share one commit.", &S::durable_workers),
        number("media_workers", "", "4", 1, 64, "Threads that read recordings.", &S::media_workers),
        number("password_workers", "", "2", 1, 16, "Threads that check passwords.", &S::password_workers),
        number("queue", "", "256", 1, 100'000, "Requests that may wait for a thread, per kind of thread.", &S::queue),
        number("max_streams", "", "1000", 1, 100'000, "Stream clients connected at once.", &S::max_streams),
        number("max_streams_per_user", "", "8", 1, 10'000, "Stream clients one user may have.",
               &S::max_streams_per_user),
        number("stream_ring_events", "", "10000", 1, 10'000'000, "Events kept for clients that come back.",
               &S::stream_ring_events),
        number("stream_ring_bytes", "bytes", "67108864", 4096, std::int64_t{1} << 34,
               "Memory for events kept for clients that come back.", &S::stream_ring_bytes),
        number("stream_lag_bytes", "bytes", "8388608", 4096, std::int64_t{1} << 34,
               "How far a stream client may fall behind before it is closed.", &S::stream_lag_bytes),
        number("stream_stall_ms", "ms", "10000", 50, 600'000,
               "How long a stream client may take nothing before it is closed.", &S::stream_stall_ms),
        number("stream_ping_ms", "ms", "20000", 50, 600'000, "Interval of pings to stream clients.",
               &S::stream_ping_ms),
        number("stream_socket_bytes", "bytes", "262144", 4096, 16 << 20, "Send buffer of a stream client's socket.",
               &S::stream_socket_bytes),
        number("session_lifetime_s", "s", "43200", 1, 2'592'000, "How long a log-in lasts.", &S::session_lifetime_s),
        number("session_idle_s", "s", "7200", 1, 2'592'000, "How long a log-in lasts without being used.",
               &S::session_idle_s),
        number("max_sessions", "", "10000", 1, 1'000'000, "Log-ins at once; above it the oldest ends.",
               &S::max_sessions),
        number("max_sessions_per_user", "", "20", 1, 10'000, "Log-ins of one user at once; above it his oldest ends.",
               &S::max_sessions_per_user),
        choice("second_login", "takeover|refuse", "takeover",
               "When an agent opens his desktop at a second place: end the first, or refuse the second while the first "
               "is connected.",
               &S::second_login),
    };
    return table;
}

}  // namespace citybridge
