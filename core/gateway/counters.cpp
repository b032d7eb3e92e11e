#include "core/gateway/counters.h"

namespace citybridge::gateway {
namespace {

auto& counters(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

auto& gauge(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

}  // namespace

Counters::Counters(prometheus::Registry& registry)
    : requests_(counters(registry, "citybridge_http_requests_total", "Requests answered, by route and status.")),
      dropped_(counters(registry, "citybridge_http_connections_dropped_total",
                        "Connections closed for the sake of others, by reason.")),
      closed_(
          counters(registry, "citybridge_stream_closed_total", "Stream clients closed by the node, by close code.")),
      connections_(gauge(registry, "citybridge_http_connections", "HTTP connections now.")),
      streams_(gauge(registry, "citybridge_stream_clients", "Stream clients now.")),
      events_(counters(registry, "citybridge_stream_events_total", "Events offered to the stream.").Add({})) {}

void Counters::answered(std::string_view route, int status) {
    requests_.Add({{"route", std::string(route)}, {"status", std::to_string(status)}}).Increment();
}

}  // namespace citybridge::gateway
