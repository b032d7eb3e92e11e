#pragma once
// The gateway's own metrics. Thread-safe.
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <string>

namespace citybridge::gateway {

class Counters {
public:
    explicit Counters(prometheus::Registry& registry);
    void answered(std::string_view route, int status);
    void connections(std::size_t now) { connections_.Set(static_cast<double>(now)); }
    void connection_dropped(const std::string& why) { dropped_.Add({{"why", why}}).Increment(); }
    void streams(std::size_t now) { streams_.Set(static_cast<double>(now)); }
    void stream_closed(std::uint16_t code) { closed_.Add({{"code", std::to_string(code)}}).Increment(); }
    void event_published() { events_.Increment(); }

private:
    prometheus::Family<prometheus::Counter>& requests_;
    prometheus::Family<prometheus::Counter>& dropped_;
    prometheus::Family<prometheus::Counter>& closed_;
    prometheus::Gauge& connections_;
    prometheus::Gauge& streams_;
    prometheus::Counter& events_;
};

}  // namespace citybridge::gateway
