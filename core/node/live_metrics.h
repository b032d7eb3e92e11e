#pragma once
#include <prometheus/registry.h>

#include <string>

namespace prometheus {
class Counter;
class Gauge;
}  // namespace prometheus

namespace citybridge {

// The live strand's figures at /metrics. Any thread.
class LiveMetrics {
public:
    explicit LiveMetrics(prometheus::Registry& registry);

    void link(const std::string& pbx, bool up);

    prometheus::Counter& signals;
    prometheus::Counter& refused_signals;  // the queue was full: the PBX link is taken for cut
    prometheus::Counter& events;
    prometheus::Counter& contacts_ended;
    prometheus::Counter& agents_swept;   // shown busy without a call, and freed
    prometheus::Counter& desktops_gone;  // agents whose desktop stayed away, and what was done about it
    prometheus::Gauge& longest_queue;
    prometheus::Gauge& contacts_live;

private:
    prometheus::Registry& registry_;
};

}  // namespace citybridge
