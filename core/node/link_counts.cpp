#include "core/node/link_counts.h"

#include <prometheus/counter.h>

namespace citybridge {

void LinkCounts::add(const std::string& destination, const OutboundConnector* connector) {
    const auto* figures = dynamic_cast<const LinkFigures*>(connector);
    if (figures != nullptr) links_.emplace_back(destination.substr(0, destination.find('.')), figures);
}

void LinkCounts::look() {
    for (const auto& [link, figures] : links_)
        for (const LinkRefusal& each : figures->refused()) {
            prometheus::Counter*& counter = refused_[{link, each.city, each.reason}];
            if (counter == nullptr)
                counter =
                    &prometheus::BuildCounter()
                         .Name("citybridge_city_link_refused_total")
                         .Help("What a link between cities refused; without a city: who showed none's certificate")
                         .Register(registry_)
                         .Add({{"link", link}, {"city", each.city}, {"reason", each.reason}});
            // A plugin that was started anew counts from nothing again.
            const auto known = static_cast<std::uint64_t>(counter->Value());
            counter->Increment(static_cast<double>(each.number > known ? each.number - known : 0));
        }
}

void LinkCounts::message(const std::string& source, const std::string& result) {
    prometheus::Counter*& counter = messages_[{source, result}];
    if (counter == nullptr)
        counter = &prometheus::BuildCounter()
                       .Name("citybridge_city_messages_total")
                       .Help("Messages of other cities; a duplicate is a repetition or a replay, and has no effect")
                       .Register(registry_)
                       .Add({{"city", source.substr(source.find(':') + 1)}, {"result", result}});
    counter->Increment();
}

}  // namespace citybridge
