#include "core/node/durable_metrics.h"

#include <prometheus/histogram.h>

#include "core/api/records_json.h"
#include "core/node/metric.h"

namespace citybridge {
namespace {

void set(prometheus::Registry& registry, const char* name, const char* help, const std::string& destination,
         double value) {
    prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({{"destination", destination}}).Set(value);
}

}  // namespace

DurableMetrics::DurableMetrics(prometheus::Registry& registry)
    : steps(new_counter(registry, "citybridge_durable_steps_total", "Steps committed")),
      batches(new_counter(registry, "citybridge_durable_batches_total", "Batches committed")),
      steps_refused(new_counter(registry, "citybridge_durable_steps_refused_total",
                                "Steps the store could not take; their callers were told")),
      facts_dropped(new_counter(registry, "citybridge_durable_facts_dropped_total",
                                "Facts dropped because the store was away too long")),
      deliveries(new_counter(registry, "citybridge_deliveries_total", "Answers of far sides written down")),
      store_up(new_gauge(registry, "citybridge_store_up", "1 while the store can be written")),
      waiting(new_gauge(registry, "citybridge_durable_waiting", "The node's own steps that wait for the store")),
      commit_s(
          prometheus::BuildHistogram()
              .Name("citybridge_durable_batch_seconds")
              .Help("Loading, deciding, writing and syncing one batch")
              .Register(registry)
              .Add({}, prometheus::Histogram::BucketBoundaries{0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5})),
      registry_(registry) {
    store_up.Set(1);
}

void DurableMetrics::dropped() { facts_dropped.Increment(); }

void DurableMetrics::destination(const relay::DestinationStatus& status) {
    set(registry_, "citybridge_destination_held", "Outbox messages in memory", status.name,
        static_cast<double>(status.held));
    set(registry_, "citybridge_destination_on_the_way", "Outbox messages being delivered", status.name,
        static_cast<double>(status.on_the_way));
    set(registry_, "citybridge_destination_parked_keys", "Keys that wait for a person", status.name,
        static_cast<double>(status.parked_keys));
    set(registry_, "citybridge_destination_disabled", "1 if the far side wanted nothing more", status.name,
        status.disabled ? 1 : 0);
    set(registry_, "citybridge_destination_breaker_open", "1 while it is tried only now and then", status.name,
        status.breaker_open ? 1 : 0);
}

void DurableMetrics::callbacks(const std::vector<store::CallbackCount>& counts, WallTime now) {
    for (auto& [key, gauges] : callbacks_) {
        gauges.open->Set(0);
        gauges.age_s->Set(0);
    }
    for (const store::CallbackCount& count : counts) {
        CallbackGauges& gauges = callbacks_[{count.side, count.city, count.state}];
        if (gauges.open == nullptr) {
            const prometheus::Labels labels{{"side", count.side}, {"city", count.city}, {"state", count.state}};
            gauges.open = &prometheus::BuildGauge()
                               .Name("citybridge_callbacks_open")
                               .Help("Callbacks with another city that have not ended")
                               .Register(registry_)
                               .Add(labels);
            gauges.age_s = &prometheus::BuildGauge()
                                .Name("citybridge_callbacks_oldest_seconds")
                                .Help("Age of the oldest of them")
                                .Register(registry_)
                                .Add(labels);
        }
        gauges.open->Set(static_cast<double>(count.count));
        gauges.age_s->Set(std::chrono::duration<double>(now - from_epoch_ms(count.oldest_ms)).count());
    }
}

}  // namespace citybridge
