#pragma once
// The durable strand's figures at /metrics. Any thread.
#include <prometheus/registry.h>

#include <array>
#include <map>
#include <string>
#include <vector>

#include "core/relay/relay.h"
#include "core/store/callback_reader.h"

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
    // Open ones, all there are; what was told before and is not among them is 0 now. One thread.
    void callbacks(const std::vector<store::CallbackCount>& counts, WallTime now);

    prometheus::Counter& steps;          // committed
    prometheus::Counter& batches;        // committed
    prometheus::Counter& steps_refused;  // by the store, with their caller told
    prometheus::Counter& facts_dropped;  // notes beyond the bound while the store was away
    prometheus::Counter& deliveries;     // answers of far sides written down
    prometheus::Gauge& store_up;
    prometheus::Gauge& waiting;       // the node's own steps that wait for the store
    prometheus::Histogram& commit_s;  // load, decide, write and sync one batch

private:
    struct CallbackGauges {
        prometheus::Gauge* open = nullptr;
        prometheus::Gauge* age_s = nullptr;  // of the oldest
    };
    prometheus::Registry& registry_;
    std::map<std::array<std::string, 3>, CallbackGauges> callbacks_;  // by side, city, state
};

}  // namespace citybridge
