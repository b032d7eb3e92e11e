#include "core/node/link_counts.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>

#include <algorithm>

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

void LinkCounts::line(const CityLine& line, WallTime now) {
    if (!line.asked) return;
    LineGauges& gauges = lines_[line.city];
    if (gauges.reachable == nullptr) {
        const prometheus::Labels labels{{"city", line.city}};
        gauges.reachable = &prometheus::BuildGauge()
                                .Name("citybridge_city_reachable")
                                .Help("1 while the other city's node answers signs of life")
                                .Register(registry_)
                                .Add(labels);
        gauges.undelivered = &prometheus::BuildGauge()
                                  .Name("citybridge_city_messages_undelivered")
                                  .Help("Messages to the other city that were given up or refused; a person must look")
                                  .Register(registry_)
                                  .Add(labels);
        gauges.last_answer_s = &prometheus::BuildGauge()
                                    .Name("citybridge_city_last_answer_seconds")
                                    .Help("How long ago it answered last; -1: never")
                                    .Register(registry_)
                                    .Add(labels);
    }
    gauges.reachable->Set(line.reachable ? 1 : 0);
    // A clock that was put back makes no negative age.
    const auto age = line.answered_at ? std::max(Millis{0}, now - *line.answered_at) : Millis{-1'000};
    gauges.last_answer_s->Set(std::chrono::duration<double>(age).count());
}

void LinkCounts::undelivered(const std::map<std::string, std::int64_t>& dead) {
    for (auto& [city, gauges] : lines_) {
        std::int64_t some = 0;
        for (const auto& [destination, count] : dead)
            if (destination.substr(destination.find('.') + 1) == city) some += count;
        gauges.undelivered->Set(static_cast<double>(some));
    }
}

}  // namespace citybridge
