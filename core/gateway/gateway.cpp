#include "core/gateway/gateway.h"

#include "core/gateway/counters.h"
#include "core/gateway/http_server.h"
#include "core/gateway/problem.h"
#include "core/gateway/router.h"
#include "core/gateway/services.h"

namespace citybridge {
namespace {

using namespace gateway;

std::size_t size_of(std::int64_t value) { return static_cast<std::size_t>(value); }

HttpServerSettings server_settings(const GatewaySettings& s) {
    HttpServerSettings out;
    out.host = s.host;
    out.port = static_cast<std::uint16_t>(s.port);
    out.max_connections = size_of(s.max_connections);
    out.request_timeout = Millis(s.request_timeout_ms);
    out.idle_timeout = Millis(s.idle_timeout_ms);
    out.write_timeout = Millis(s.write_timeout_ms);
    out.workers = {1, size_of(s.workers), size_of(s.password_workers), size_of(s.durable_workers),
                   size_of(s.media_workers)};
    out.queue = size_of(s.queue);
    return out;
}

StreamHubSettings hub_settings(const GatewaySettings& s) {
    StreamHubSettings out;
    out.max_clients = size_of(s.max_streams);
    out.max_clients_per_user = size_of(s.max_streams_per_user);
    out.ring_events = size_of(s.stream_ring_events);
    out.ring_bytes = size_of(s.stream_ring_bytes);
    out.lag_bytes = size_of(s.stream_lag_bytes);
    out.stall = Millis(s.stream_stall_ms);
    out.ping = Millis(s.stream_ping_ms);
    out.socket_bytes = static_cast<int>(s.stream_socket_bytes);
    out.refuse_second_place = s.second_login == "refuse";
    return out;
}

SessionLimits session_limits(const GatewaySettings& s) {
    return {Millis(s.session_lifetime_s * 1000), Millis(s.session_idle_s * 1000), size_of(s.max_sessions),
            size_of(s.max_sessions_per_user)};
}

// Guessing from one address is slowed later than guessing one user: a whole centre may share an address.
ThrottleLimits address_limits() {
    ThrottleLimits limits;
    limits.free_attempts = 30;
    return limits;
}

}  // namespace

// What the live strand's listener keeps alive, so that it stays valid after the gateway is gone.
struct Gateway::Published {
    CommandJournal commands;
    std::shared_ptr<prometheus::Registry> registry;
    Counters counters;
    SessionStore sessions;
    CentreMemory centre;
    StreamHub hub;

    Published(const GatewaySettings& settings, std::shared_ptr<prometheus::Registry> metrics, LivePort& live)
        : registry(std::move(metrics)),
          counters(*registry),
          sessions(session_limits(settings)),
          hub(hub_settings(settings),
              {[this](const std::string& session) { return sessions.still_valid(session, system_now()); },
               [this](std::size_t now) { counters.streams(now); },
               [this](std::uint16_t code) { counters.stream_closed(code); },
               [&live](const std::string& agent, bool there) { live.desktop(agent, there); }}) {}

    void take(const EventPtr& event) {
        // Before the frame goes out: who sees the result and asks at once finds it.
        if (const auto* result = std::get_if<CommandFinished>(&event->event)) commands.finish(*result);
        centre.heard(event);
        hub.publish(event);
        counters.event_published();
    }
};

struct Gateway::Impl {
    GatewayHooks hooks;
    std::vector<User> first_users;
    std::shared_ptr<Published> published;
    IdempotencyJournal idempotency;
    std::mutex throttle_mutex;
    Throttle throttle;
    Throttle address_throttle{address_limits()};
    UserDirectory users{published->sessions};
    Services services;
    HttpServer server;

    Impl(const GatewaySettings& settings, std::vector<User> configured, LivePort& live, DurablePort& durable,
         GatewayHooks given)
        : hooks(std::move(given)),
          first_users(std::move(configured)),
          published(std::make_shared<Published>(
              settings, hooks.metrics ? hooks.metrics : std::make_shared<prometheus::Registry>(), live)),
          services{live,
                   durable,
                   hooks,
                   published->sessions,
                   published->hub,
                   published->commands,
                   idempotency,
                   *published->registry,
                   throttle_mutex,
                   throttle,
                   address_throttle,
                   users,
                   published->centre,
                   settings.second_login == "refuse"},
          server(with_body_limit(server_settings(settings)), server_hooks()) {
        live.subscribe([shared = published](const EventPtr& event) { shared->take(event); });
    }

    HttpServerSettings with_body_limit(HttpServerSettings out) {
        out.limits.body_bytes_of = [this](const HttpRequest& head) { return body_limit(head, services); };
        return out;
    }

    HttpServerHooks server_hooks() {
        HttpServerHooks out;
        out.answer = [this](const HttpRequest& request) {
            HttpResponse response = dispatch(request, services);
            const Match match = match_route(request.method, request.path);
            published->counters.answered(match.route ? match.route->pattern : "none", response.status);
            return response;
        };
        out.lane_of = lane_of;
        out.refuse = [this](const Error& why) {
            HttpResponse response = problem(why);
            published->counters.answered("none", response.status);
            return response.with("X-Content-Type-Options", "nosniff").with("Cache-Control", "no-store");
        };
        out.connections_changed = [this](std::size_t now) { published->counters.connections(now); };
        out.connection_dropped = [this](const char* why) { published->counters.connection_dropped(why); };
        return out;
    }
};

Gateway::Gateway(const GatewaySettings& settings, std::vector<User> users, LivePort& live, DurablePort& durable,
                 GatewayHooks hooks)
    : impl_(std::make_unique<Impl>(settings, std::move(users), live, durable, std::move(hooks))) {}

Gateway::~Gateway() { stop(); }

Result<> Gateway::start() {
    if (Result<> set = set_users(impl_->first_users); !set) return set;
    const auto stored = impl_->services.durable.readers().users();
    if (!stored) return stored.error();
    for (const UserRecord& row : *stored)
        if (Result<> put = impl_->users.put_stored(row); !put) return put;
    // Without it live answers say less until the next change; nothing is held up for it.
    if (Result<> filled = impl_->published->centre.fill(impl_->services.durable.readers(), system_now().wall);
        !filled && impl_->hooks.log)
        impl_->hooks.log(LogLevel::warning, filled.error().code, filled.error().detail);
    if (Result<> started = impl_->published->hub.start(); !started) return started;
    if (Result<> started = impl_->server.start(); !started) {
        impl_->published->hub.stop();
        return started;
    }
    return ok();
}

void Gateway::stop() {
    // The server first: it hands new clients to the hub.
    impl_->server.stop();
    impl_->published->hub.stop();
}

std::uint16_t Gateway::port() const { return impl_->server.port(); }

Result<> Gateway::set_users(std::vector<User> users) { return impl_->users.set_configured(std::move(users)); }

}  // namespace citybridge
