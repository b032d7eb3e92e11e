#pragma once
#include <functional>
#include <string>
#include <vector>

#include "core/api/link_figures.h"
#include "core/api/plugin.h"

namespace citybridge {

// Another city as a destination of a link: what the links have in common but the carrying.
class CityDestination final : public OutboundConnector, public LinkFigures {
public:
    // Any thread. `done` as OutboundConnector::deliver() says.
    using Carry = std::function<void(const OutboxRecord& message, DeliveryDone done)>;
    struct Link {
        Host& host;
        const CityRefusals& refusals;
        DeliveryTraits traits;
        std::string not_findable;  // code of the answer to find(): "<link>.not_findable"
    };

    // `tells_of_strangers`: one destination of a link also tells of refusals of nobody's city.
    CityDestination(Link link, std::string city, bool tells_of_strangers, Carry carry);

    DeliveryTraits delivery_traits() const override { return link_.traits; }
    void deliver(const OutboxRecord& message, DeliveryDone done) override { carry_(message, std::move(done)); }
    void find(const OutboxRecord& message, FindDone done) override;
    std::vector<LinkRefusal> refused() const override { return link_.refusals.of(city_, tells_of_strangers_); }

    const std::string& city() const { return city_; }

private:
    Link link_;
    std::string city_;
    bool tells_of_strangers_;
    Carry carry_;
};

}  // namespace citybridge
