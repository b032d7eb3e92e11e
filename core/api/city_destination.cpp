#include "core/api/city_destination.h"

#include <utility>

namespace citybridge {

CityDestination::CityDestination(Link link, std::string city, bool tells_of_strangers, Carry carry)
    : link_(std::move(link)),
      city_(std::move(city)),
      tells_of_strangers_(tells_of_strangers),
      carry_(std::move(carry)) {}

void CityDestination::find(const OutboxRecord&, FindDone done) {
    const FindReply reply{FindReply::Outcome::failed,
                          link_.not_findable,
                          "another city ignores repetitions and is never asked for a message",
                          {}};
    // A full lane: the relay asks again.
    (void)link_.host.lane().post([done = std::move(done), reply] { done(reply); });
}

}  // namespace citybridge
