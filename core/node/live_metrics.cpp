#include "core/node/live_metrics.h"

#include "core/node/metric.h"

namespace citybridge {
LiveMetrics::LiveMetrics(prometheus::Registry& registry)
    : signals(new_counter(registry, "citybridge_pbx_signals_total", "PBX facts applied to the call model")),
      refused_signals(new_counter(registry, "citybridge_pbx_signals_refused_total",
                                  "PBX facts refused because the live queue was full")),
      events(new_counter(registry, "citybridge_events_total", "Events published by the live strand")),
      contacts_ended(new_counter(registry, "citybridge_contacts_ended_total", "Contacts that have ended")),
      agents_swept(new_counter(registry, "citybridge_agents_swept_total",
                               "Agents freed because they were shown busy without a call")),
      desktops_gone(new_counter(registry, "citybridge_agents_desktop_gone_total",
                                "Agents set not ready or logged out because their desktop stayed away")),
      longest_queue(new_gauge(registry, "citybridge_live_queue_longest", "Most items that waited for the live strand")),
      contacts_live(new_gauge(registry, "citybridge_contacts_live", "Contacts that have not ended")),
      registry_(registry) {}

void LiveMetrics::link(const std::string& pbx, bool up) {
    prometheus::BuildGauge()
        .Name("citybridge_pbx_link_up")
        .Help("1 while the link to the PBX works")
        .Register(registry_)
        .Add({{"pbx", pbx}})
        .Set(up ? 1 : 0);
}

}  // namespace citybridge
