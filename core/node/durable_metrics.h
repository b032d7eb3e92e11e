#pragma once
// The durable strand's figures at /metrics. Any thread.
#include <prometheus/registry.h>

#include "core/relay/relay.h"

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace citybridge {

class DurableMetrics {
public:
    explicit DurableMetrics(prometheus::Registry& registry);

    void dropped();
    void destination(const relay::DestinationStatus& status);

    prometheus::Counter& steps;          // committed
    prometheus::Counter& batches;        // committed
    prometheus::Counter& steps_refused;  // by the store, with their caller told
    prometheus::Counter& facts_dropped;  // notes beyond the bound while the store was away
    prometheus::Counter& deliveries;     // answers of far sides written down
    prometheus::Gauge& store_up;
    prometheus::Gauge& waiting;       // the node's own steps that wait for the store
    prometheus::Histogram& commit_s;  // load, decide, write and sync one batch

private:
    prometheus::Registry& registry_;
};

}  // namespace citybridge
