#pragma once
// An outbound socket's stream tells of one channel only, begins when that
// channel exists already, and may end before it does. What a client of the whole PBX would have been told
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
    // `session` is the channel whose end ends this stream, on an inbound connection too (`myevents`). If
    // the first that is heard of it is not its creation, it existed already: what was told before.
    std::vector<MadeEvent> join(const std::string& session, const Event& event);
    // What `event` implies; empty for every stream that did not begin().
    std::vector<MadeEvent> implied(const Event& event);
    // The stream's last frame. Without `linger` it comes before the end of a channel that hangs up.
    std::vector<MadeEvent> finish(const Frame& notice);

private:
    MadeEvent other_leg(const Event& event, std::string_view name, std::string_view more,
                        std::optional<WallTime> at) const;

    std::vector<MadeEvent> exists(const Event& channel, const std::string& headers, bool for_long);

    bool begun_ = false;
    bool heard_of_ = false;   // the first event of the session came
    std::string hanging_up_;  // CHANNEL_HANGUP's headers, while the end was not told
    std::optional<WallTime> hung_up_at_;
    std::string channel_;
    std::string partner_;  // the party bridged with it, while its end was not told
};

}  // namespace citybridge::freeswitch
