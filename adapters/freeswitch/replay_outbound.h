#pragma once
// An outbound socket's stream tells of one channel only, and begins when that
// channel exists already. What a client of the whole PBX would have been told
// besides is in there too: the channel itself in the answer to `connect`, the
// party it was bridged with in the Other-Leg headers. Here that is made events. Pure.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/freeswitch/event.h"

namespace citybridge::freeswitch {

struct MadeEvent {
    std::string name;
    std::optional<WallTime> at;  // when it happened; nothing: now
    std::string frame;
    bool before = false;  // it happened before the event that tells of it, maybe in the same instant
};

class OutboundStream {
public:
    // The answer to `connect`: the channel's creation, and its answer if it was answered before.
    std::vector<MadeEvent> begin(const Frame& frame, const Event& channel);
    // What `event` implies; empty for every stream that did not begin().
    std::vector<MadeEvent> implied(const Event& event);

private:
    MadeEvent other_leg(const Event& event, std::string_view name, std::string_view more,
                        std::optional<WallTime> at) const;

    bool begun_ = false;
    std::string channel_;
    std::string partner_;  // the party bridged with it, while its end was not told
};

}  // namespace citybridge::freeswitch
