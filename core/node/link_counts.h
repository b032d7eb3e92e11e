#pragma once
// What links between cities refused, what became of the messages that came, and whether the other cities' nodes
// answer: at /metrics by link, city and reason.
// Strand only.
#include <prometheus/registry.h>

#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/api/capabilities.h"
#include "core/api/city_line.h"
#include "core/api/link_figures.h"

namespace prometheus {
class Counter;
class Gauge;
}  // namespace prometheus

namespace citybridge {

class LinkCounts {
public:
    // `registry` outlives it.
    explicit LinkCounts(prometheus::Registry& registry) : registry_(registry) {}

    // Before anything else. "<link instance>.<city>"; a connector of no link is passed over.
    void add(const std::string& destination, const OutboundConnector* connector);
    // Asks the links.
    void look();
    // Source "city:<id>"; "taken", "duplicate" (a repetition, or somebody's replay: without effect), "refused".
    void message(const std::string& source, const std::string& result);
    void line(const CityLine& line, WallTime now);
    void undelivered(const std::map<std::string, std::int64_t>& dead);  // by destination

private:
    struct LineGauges {
        prometheus::Gauge* reachable = nullptr;
        prometheus::Gauge* last_answer_s = nullptr;
        prometheus::Gauge* undelivered = nullptr;
    };
    using Labels = std::tuple<std::string, std::string, std::string>;  // link, city, reason

    prometheus::Registry& registry_;
    std::vector<std::pair<std::string, const LinkFigures*>> links_;
    std::map<Labels, prometheus::Counter*> refused_;
    std::map<std::pair<std::string, std::string>, prometheus::Counter*> messages_;
    std::map<std::string, LineGauges> lines_;  // by city
};

}  // namespace citybridge
