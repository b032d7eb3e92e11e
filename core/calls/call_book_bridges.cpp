// Who is with whom: bridges, talk time, holds; and handing out the results.
#include <algorithm>
#include <utility>

#include "core/calls/call_book.h"
#include "core/calls/contact_record.h"

namespace citybridge::calls {
namespace {

constexpr Millis kHoldToldTwice{100};

}  // namespace

void CallBook::on(const Context& in, const signal::BridgeEntered& e) {
    Channel* channel = find_channel(in.signal.channel);
    if (channel == nullptr) return;
    if (e.bridge.empty()) return;
    // Also one the snapshot had shown already: what he does now is heard again.
    channel->hold_unheard_until.reset();
    if (Channel* replaced = find_channel(e.replaces); replaced != nullptr && replaced != channel)
        leave_bridge(*replaced, in.signal.at);
    if (!e.name.empty()) bridges_[e.bridge].name = e.name;
    enter_bridge(*channel, e.bridge, e.kind, in.signal.at);
}

void CallBook::on(const Context& in, const signal::BridgeLeft& e) {
    Channel* channel = find_channel(in.signal.channel);
    if (channel == nullptr) return;
    // Told late it may speak of a bridge that was left for another since.
    if (e.bridge.empty() || e.bridge == channel->bridge) leave_bridge(*channel, in.signal.at);
}

void CallBook::on(const Context& in, const signal::HoldChanged& e) {
    Channel* channel = find_channel(in.signal.channel);
    if (channel == nullptr || channel->contact == nullptr) return;
    ContactRecord& record = *channel->contact;
    if (!channel->agent.empty()) roster_.touch(channel->agent, "call");
    const std::optional<WallTime> unheard = std::exchange(channel->hold_unheard_until, {});
    if (!e.on) {
        const bool on = std::any_of(record.open_holds.begin(), record.open_holds.end(),
                                    [&](const OpenHold& hold) { return hold.channel == channel->id; });
        // Taken back without having been set aside: that was in the outage.
        if (!on && unheard && in.signal.at - *unheard > kHoldToldTwice && begin_hold(record, *channel, *unheard))
            record.inferred_hold_until = in.signal.at;
        for (OpenHold& hold : record.open_holds)
            if (hold.channel == channel->id) hold.unheard_until.reset();
        close_hold(record, channel->id, in.signal.at);
        return touch(record);
    }
    const auto held_already = std::find_if(record.open_holds.begin(), record.open_holds.end(),
                                           [&](const OpenHold& hold) { return hold.channel == channel->id; });
    if (held_already != record.open_holds.end()) {
        // At once it is the same fact delivered twice.
        const bool later = in.signal.at - record.view.holds[held_already->index].from > kHoldToldTwice;
        if (later && !held_already->again_at) held_already->again_at = in.signal.at;
        held_already->unheard_until.reset();
        return;
    }
    begin_hold(record, *channel, in.signal.at);
}

bool CallBook::begin_hold(ContactRecord& record, const Channel& channel, WallTime at) {
    // Holding a colleague one consults is not holding the customer.
    if ((!channel.with_customer && !is_anchor(channel)) || !record.talk_since) return false;
    const bool customer = is_anchor(channel) && channel.agent.empty();
    record.view.holds.push_back({customer ? HoldBy::customer : HoldBy::agent, at, {}});
    record.open_holds.push_back({record.view.holds.size() - 1, channel.id, {}, {}});
    touch(record);
    return true;
}

void CallBook::enter_bridge(Channel& channel, const std::string& bridge, BridgeKind kind, WallTime at) {
    if (channel.bridge == bridge) return;
    leave_bridge(channel, at);
    Bridge& room = bridges_[bridge];
    room.kind = kind;
    room.members.push_back(&channel);
    channel.bridge = bridge;
    if (!channel.agent.empty()) roster_.touch(channel.agent, "call");
    // Who is parked hears nobody, though all who are parked share one bridge.
    if (kind != BridgeKind::parking) join_contacts(channel, std::vector<Channel*>(room.members), at);
    if (channel.contact == nullptr) return;
    ContactRecord& record = *channel.contact;
    if (channel.has_leg && kind != BridgeKind::parking) {
        // Who was there before takes part from now on: in a room, before anybody came for whom there is a contact.
        for (const Channel* member : room.members) {
            if (member->contact != &record || !member->has_leg) continue;
            Leg& leg = record.view.legs[member->leg];
            if (!leg.joined_at) leg.joined_at = at;
        }
        if (!channel.consulted_by.empty()) accept_offer(record, channel, at);
        touch(record);
    }
    if (is_anchor(channel)) {
        part(record);
        record.parked = kind == BridgeKind::parking;
        // Who had picked up has spoken with him, though nobody heard it.
        const std::vector<OpenOffer> open = record.parked ? record.open_offers : std::vector<OpenOffer>{};
        for (const OpenOffer& offer : open)
            if (const Channel* phone = find_channel(offer.channels.front()); offer.answered && phone != nullptr)
                accept_offer(record, *phone, at);
        record.agent_hung_up_at.reset();
    }
    resume_for_consultation(record, room);
    const std::vector<Channel*> heard = heard_by_customer(record);
    bool met = false;
    for (Channel* other : heard) {
        const bool before = other->with_customer;
        if (kind == BridgeKind::conference && met_unseen(record, *other))
            record.departure = Departure{party_name(*other), other->id, at, true};
        meet(record, *other, at);
        met = met || other->with_customer != before;
    }
    const bool hears_him = std::find(heard.begin(), heard.end(), &channel) != heard.end();
    if (channel.with_customer && !hears_him) drop_hold(record, channel.id, at);
    if (!heard.empty() || is_anchor(channel)) customer_meets(record, heard, kind == BridgeKind::conference, at);
    // Who takes the customer over takes him from those who are not there.
    for (const std::string& id : record.channels) {
        Channel* other = met ? find_channel(id) : nullptr;
        if (other != nullptr && std::find(heard.begin(), heard.end(), other) == heard.end())
            other->with_customer = false;
    }
    update_talk(record, at);
}

void CallBook::leave_bridge(Channel& channel, WallTime at) {
    if (channel.bridge.empty()) return;
    const auto it = bridges_.find(channel.bridge);
    const BridgeKind kind = it != bridges_.end() ? it->second.kind : BridgeKind::two_party;
    // A PBX takes everybody back before it transfers him, held or not.
    if (channel.contact != nullptr) withdraw_hold(*channel.contact, at - kHoldToldTwice);
    if (channel.contact != nullptr && is_anchor(channel) && kind != BridgeKind::parking)
        customer_leaves(*channel.contact, channel, at);
    if (it != bridges_.end()) {
        std::erase(it->second.members, &channel);
        if (it->second.members.empty()) bridges_.erase(it);
    }
    channel.bridge.clear();
    channel.sent_to.clear();
    if (!channel.agent.empty()) roster_.touch(channel.agent, "call");
    if (channel.contact == nullptr) return;
    ContactRecord& record = *channel.contact;
    // An agent who leaves for a consultation is still with the customer; a
    // customer who leaves is with nobody. Nobody consults out of a conference.
    if (is_anchor(channel)) {
        record.parked = false;
        close_all_holds(record, at);
        part(record);
    } else if (kind == BridgeKind::conference) {
        channel.with_customer = false;
    } else {
        if (channel.with_customer) agent_leaves_customer(record, channel, at);
        return;
    }
    update_talk(record, at);
}

// Everybody in the channel's bridge, and through helper pairs in the bridges behind it.
std::vector<Channel*> CallBook::heard_by(const Channel& channel) {
    std::vector<Channel*> heard;
    std::vector<const Channel*> open{&channel};
    while (!open.empty()) {
        const auto bridge = bridges_.find(open.back()->bridge);
        open.pop_back();
        if (bridge == bridges_.end() || bridge->second.kind == BridgeKind::parking) continue;
        for (Channel* member : bridge->second.members) {
            if (member == &channel || std::find(heard.begin(), heard.end(), member) != heard.end()) continue;
            heard.push_back(member);
            const auto pair = pairs_.find(member->pair);
            if (pair == pairs_.end()) continue;
            for (Channel* half : pair->second)
                if (half != member && std::find(heard.begin(), heard.end(), half) == heard.end()) {
                    heard.push_back(half);
                    open.push_back(half);
                }
        }
    }
    return heard;
}

std::vector<Channel*> CallBook::heard_by_customer(ContactRecord& record) {
    const Channel* anchor = find_channel(record.anchor_channel);
    if (anchor == nullptr) return {};
    std::vector<Channel*> heard = heard_by(*anchor);
    std::erase_if(heard, [&](const Channel* each) { return each->contact != &record; });
    return heard;
}

// A phone of an agent, or the helper a queue rang for one whose phone is not
// seen (a member that is dialplan, or a phone on another PBX).
bool CallBook::is_agents_voice(const ContactRecord& record, const Channel& channel) const {
    if (!channel.agent.empty()) return true;
    if (channel.stands_for.empty()) return false;
    return std::none_of(record.channels.begin(), record.channels.end(), [&](const std::string& id) {
        const Channel* other = find_channel(id);
        return other != nullptr && other->agent == channel.stands_for;
    });
}

// Who was rung for the customer and picked up hears him in a bridge of two first: if the first that is told is a room,
// that was in an outage.
bool CallBook::met_unseen(ContactRecord& record, const Channel& agent) {
    if (!record.view.inferred || record.spoke_with_agent || record.departure || record.open_transfer) return false;
    if (agent.dialled_by != record.anchor_channel || agent.agent.empty()) return false;
    if (const OpenOffer* offer = open_offer_of(record, agent.id)) return offer->answered;
    return std::any_of(record.view.offers.begin(), record.view.offers.end(), [&](const Offer& offer) {
        return offer.agent == agent.agent && offer.state == OfferState::accepted;
    });
}

// The customer and this agent hear each other.
void CallBook::meet(ContactRecord& record, Channel& agent, WallTime at) {
    if (agent.with_customer || !is_agents_voice(record, agent)) return;
    if (agent.has_leg && record.view.legs[agent.leg].role == LegRole::supervisor) return;
    agent.with_customer = true;
    record.agent_hung_up_at.reset();
    agent.talked_in = record.view.id;
    if (agent.internal_helper && !agent.has_leg) add_leg(record, agent, LegRole::agent);
    if (agent.has_leg && !record.view.legs[agent.leg].joined_at) record.view.legs[agent.leg].joined_at = at;
    accept_offer(record, agent, at);
    close_wait(record, at);
    if (agent.has_leg && record.view.legs[agent.leg].role == LegRole::consult)
        record.view.legs[agent.leg].role = LegRole::agent;
    if (!record.spoke_with_agent) {
        record.spoke_with_agent = true;
        record.in_queue = false;
        record.view.answered_at = at;
        happened(record, ContactChanged::What::answered);
    }
    touch(record);
}

void CallBook::part(ContactRecord& record) {
    for (const std::string& id : record.channels)
        if (Channel* channel = find_channel(id)) channel->with_customer = false;
}

void CallBook::update_talk(ContactRecord& record, WallTime at) {
    const bool with_agent = std::any_of(record.channels.begin(), record.channels.end(), [&](const std::string& id) {
        const Channel* channel = find_channel(id);
        return channel != nullptr && channel->with_customer;
    });
    if (with_agent == record.talk_since.has_value()) return;
    if (with_agent)
        record.talk_since = at;
    else
        close_talk(record, at);
    touch(record);
}

}  // namespace citybridge::calls
