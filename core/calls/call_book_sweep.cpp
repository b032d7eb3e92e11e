// The sweeper: no agent stays busy for a call that is over. A PBX may end a
// channel and the word of it may be lost; his phone, idle again, tells.
#include <algorithm>

#include "core/calls/call_book.h"

namespace citybridge::calls {
namespace {

// With a look every second a freed agent was wrongly busy for at most five.
constexpr Millis kSweepAfter{4'000};

}  // namespace

std::vector<DesktopWish> CallBook::desktop_wishes(Now now) {
    // Without a link the time goes on running; it is asked when the PBX can be reached again.
    return link_up_ ? roster_.desktop_wishes(now) : std::vector<DesktopWish>{};
}

bool CallBook::rings_somebody(const Channel& channel) const {
    return std::any_of(channels_.begin(), channels_.end(), [&](const auto& each) {
        return each.second.dialled_by == channel.id && each.second.state != ChannelState::up;
    });
}

// A channel that cannot exist any more: the phone it belongs to became idle
// after it had begun, nobody hears it, and nobody waits for it. While a
// consultation is put together (the customer parked, the colleague not there
// yet) a channel may be alone for long, so then it is believed.
bool CallBook::is_ghost(const AgentRecord& agent, const Channel& channel) {
    if (!agent.idle_since || channel.internal_helper) return false;
    const std::vector<Channel*> heard = heard_by(channel);
    const bool alone = std::none_of(heard.begin(), heard.end(), [](const Channel* other) {
        return !other->internal_helper || !other->stands_for.empty();
    });
    if (!alone || rings_somebody(channel)) return false;
    if (channel.contact == nullptr) return true;
    ContactRecord& contact = *channel.contact;
    if (channel.state != ChannelState::up) return channel.dial_ended && open_offer_of(contact, channel.id) == nullptr;
    bool others = false;
    for (const std::string& id : contact.channels) {
        const Channel* other = find_channel(id);
        if (other == nullptr || other == &channel || other->internal_helper) continue;
        if (other->with_customer) return true;  // he gave the customer away
        others = true;
    }
    return !others;
}

void CallBook::sweep(Now now) {
    if (settings_.sweep_every <= Millis{0} || now.mono < next_sweep_ || !link_up_) return;
    next_sweep_ = now.mono + settings_.sweep_every;
    std::vector<std::string> ghosts;
    std::vector<std::string> freed;
    for (auto& [id, agent] : roster_.records()) {
        if (!agent.published || !is_busy(agent.published->state)) {
            agent.suspect_since.reset();
            continue;
        }
        std::vector<std::string> his;
        for (const Channel* channel : agent.channels)
            if (is_ghost(agent, *channel)) his.push_back(channel->id);
        if (his.empty() && !roster_.is_stale(agent, now)) {
            agent.suspect_since.reset();
            continue;
        }
        if (!agent.suspect_since) agent.suspect_since = now.mono;
        if (now.mono - *agent.suspect_since < kSweepAfter) continue;
        agent.suspect_since.reset();
        freed.push_back(id);
        ghosts.insert(ghosts.end(), his.begin(), his.end());
    }
    if (freed.empty()) return;
    inferring_ = true;
    for (const std::string& id : ghosts) {
        const PbxSignal ended{now.wall, id, {}, signal::ChannelEnded{}};
        dispatch({ended, now});
    }
    inferring_ = false;
    for (const std::string& id : freed) roster_.touch(id, "sweep");
    swept_.insert(swept_.end(), freed.begin(), freed.end());
}

}  // namespace citybridge::calls
