// Who is with whom: bridges, talk time, holds; and handing out the results.
#include <algorithm>
#include <utility>

#include "core/calls/call_book.h"
#include "core/calls/contact_record.h"

namespace citybridge::calls {

void CallBook::on(const Context& in, const signal::BridgeEntered& e) {
    Channel* channel = find_channel(in.signal.channel);
    if (channel == nullptr) return;
    if (Channel* replaced = find_channel(e.replaces)) leave_bridge(*replaced, in.signal.at);
    enter_bridge(*channel, e.bridge, e.kind, in.signal.at);
}

void CallBook::on(const Context& in, const signal::BridgeLeft&) {
    if (Channel* channel = find_channel(in.signal.channel)) leave_bridge(*channel, in.signal.at);
}

void CallBook::on(const Context& in, const signal::HoldChanged& e) {
    const Channel* channel = find_channel(in.signal.channel);
    if (channel == nullptr || channel->contact == nullptr) return;
    ContactRecord& record = *channel->contact;
    if (!channel->agent.empty()) roster_.touch(channel->agent, "call");
    if (!e.on) {
        close_hold(record, channel->id, in.signal.at);
        return touch(record);
    }
    const bool held_already = std::any_of(record.open_holds.begin(), record.open_holds.end(),
                                          [&](const OpenHold& hold) { return hold.channel == channel->id; });
    // Holding a colleague one consults is not holding the customer.
    if (held_already || (!channel->with_customer && !is_anchor(*channel)) || !record.talk_since) return;
    const bool customer = is_anchor(*channel) && channel->agent.empty();
    record.view.holds.push_back({customer ? HoldBy::customer : HoldBy::agent, in.signal.at, {}});
    record.open_holds.push_back({record.view.holds.size() - 1, channel->id});
    touch(record);
}

void CallBook::enter_bridge(Channel& channel, const std::string& bridge, BridgeKind kind, WallTime at) {
    if (channel.bridge == bridge) return;
    leave_bridge(channel, at);
    Bridge& room = bridges_[bridge];
    room.kind = kind;
    room.members.push_back(&channel);
    channel.bridge = bridge;
    if (!channel.agent.empty()) roster_.touch(channel.agent, "call");
    if (channel.contact == nullptr) return;
    if (channel.has_leg) {
        Leg& leg = channel.contact->view.legs[channel.leg];
        if (!leg.joined_at) leg.joined_at = at;
        touch(*channel.contact);
    }
    // By index: a merge moves channels between contacts, not out of the bridge.
    for (std::size_t i = 0; i < room.members.size(); ++i) {
        ContactRecord* theirs = room.members[i]->contact;
        ContactRecord* ours = channel.contact;
        if (theirs == nullptr || theirs == ours || ours->view.ended_at || theirs->view.ended_at) continue;
        const bool ours_is_internal = ours->view.direction == Direction::internal;
        merge(ours_is_internal ? *ours : *theirs, ours_is_internal ? *theirs : *ours, at);
    }
    ContactRecord& record = *channel.contact;
    if (is_anchor(channel)) {
        part(record);
        record.parked = kind == BridgeKind::parking;
        record.agent_hung_up_at.reset();
    }
    if (const Channel* anchor = find_channel(record.anchor_channel))
        for (Channel* other : heard_by(*anchor))
            if (other->contact == &record) meet(record, *other, at);
    update_talk(record, at);
}

void CallBook::leave_bridge(Channel& channel, WallTime at) {
    if (channel.bridge.empty()) return;
    const auto it = bridges_.find(channel.bridge);
    if (it != bridges_.end()) {
        std::erase(it->second.members, &channel);
        if (it->second.members.empty()) bridges_.erase(it);
    }
    channel.bridge.clear();
    if (!channel.agent.empty()) roster_.touch(channel.agent, "call");
    if (channel.contact == nullptr) return;
    ContactRecord& record = *channel.contact;
    // An agent who leaves for a consultation is still with the customer; a
    // customer who leaves is with nobody.
    if (!is_anchor(channel)) return;
    record.parked = false;
    close_all_holds(record, at);
    part(record);
    update_talk(record, at);
}

// Everybody in the channel's bridge, and through helper pairs in the bridges behind it.
std::vector<Channel*> CallBook::heard_by(const Channel& channel) {
    std::vector<Channel*> heard;
    std::vector<const Channel*> open{&channel};
    while (!open.empty()) {
        const auto bridge = bridges_.find(open.back()->bridge);
        open.pop_back();
        if (bridge == bridges_.end()) continue;
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

// The customer and this agent hear each other.
void CallBook::meet(ContactRecord& record, Channel& agent, WallTime at) {
    if (agent.with_customer || !is_agents_voice(record, agent)) return;
    agent.with_customer = true;
    agent.talked_in = record.view.id;
    if (agent.internal_helper) add_leg(record, agent, LegRole::agent);
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

// Two conversations became one: the parties of `from` are legs of `into`.
void CallBook::merge(ContactRecord& from, ContactRecord& into, WallTime at) {
    close_talk(from, at);
    close_all_holds(from, at);
    while (!from.open_offers.empty()) close_offer(from, from.open_offers.front().index, OfferState::revoked, at);
    const std::vector<std::string> moved = from.channels;
    from.channels.clear();
    for (const std::string& id : moved) {
        Channel* channel = find_channel(id);
        // One that went to another contact meanwhile has its leg there.
        if (channel == nullptr || channel->contact != &from) continue;
        channel->with_customer = false;
        const Leg leg = channel->has_leg ? from.view.legs[channel->leg] : Leg{};
        channel->contact = nullptr;
        const bool had_leg = std::exchange(channel->has_leg, false);
        attach(into, *channel);
        if (had_leg) into.view.legs[channel->leg].joined_at = leg.joined_at;
    }
    for (const std::string& group : from.groups) {
        contact_by_group_[group] = &into;
        into.groups.push_back(group);
    }
    from.groups.clear();
    from.view.ended_at = at;  // it is listed no more
    happened_.push_back({&from, ContactChanged::What::merged, 0, into.view.id});
    touch(from);
    touch(into);
}

void CallBook::touch(ContactRecord& record) {
    if (inferring_) record.view.inferred = true;
    if (std::exchange(record.touched, true)) return;
    touched_.push_back(&record);
}

void CallBook::happened(ContactRecord& record, ContactChanged::What what) {
    happened_.push_back({&record, what, 0, {}});
    touch(record);
}

void CallBook::publish(ContactRecord& record) {
    const Channel* anchor = find_channel(record.anchor_channel);
    record.view.state = state_of(record, anchor != nullptr && anchor->state == ChannelState::up);
    record.view.allowed = record.view.ended_at ? std::vector<std::string>{} : settings_.commands;
    published_[&record] = std::make_shared<const Contact>(record.view);
    record.touched = false;
}

void CallBook::forget(ContactRecord& record) {
    for (const std::string& id : record.channels) {
        Channel* channel = find_channel(id);
        if (channel == nullptr || channel->contact != &record) continue;
        channel->contact = nullptr;
        channel->has_leg = false;
    }
    for (const std::string& group : record.groups) contact_by_group_.erase(group);
    published_.erase(&record);
    contacts_.erase(std::string(record.view.id));
}

// Named events first, in the order they happened; then contacts that only changed.
void CallBook::finish(WallTime at, Now now, std::vector<Event>& out) {
    for (Event& event : link_events_) out.push_back(std::move(event));
    link_events_.clear();
    for (ContactRecord* record : touched_) publish(*record);
    for (const Happened& each : happened_) {
        const ContactPtr& contact = published_[each.contact];
        if (const auto* what = std::get_if<ContactChanged::What>(&each.what))
            out.emplace_back(ContactChanged{*what, contact, each.merged_into});
        else
            out.emplace_back(
                OfferChanged{std::get<OfferChanged::What>(each.what), contact->offers[each.offer], contact});
    }
    for (const ContactRecord* record : touched_) {
        const bool named = std::any_of(happened_.begin(), happened_.end(), [&](const Happened& each) {
            return each.contact == record && std::holds_alternative<ContactChanged::What>(each.what);
        });
        if (!named) out.emplace_back(ContactChanged{ContactChanged::What::changed, published_[record], {}});
    }
    roster_.flush(at, now, out);
    for (ContactRecord* record : touched_)
        if (record->view.ended_at) forget(*record);
    happened_.clear();
    touched_.clear();
}

}  // namespace citybridge::calls
