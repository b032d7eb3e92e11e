// Conversations that become one, and conversations that outlive their first party.
#include <algorithm>
#include <utility>

#include "core/calls/call_book.h"
#include "core/calls/contact_record.h"

namespace citybridge::calls {
namespace {

bool older(const ContactRecord& a, const ContactRecord& b) {
    return std::tie(a.view.started_at, a.view.id) < std::tie(b.view.started_at, b.view.id);
}

}  // namespace

// `channel` is now in a bridge with `members`: whose contact it is from now on.
void CallBook::join_contacts(Channel& channel, const std::vector<Channel*>& members, WallTime at) {
    for (Channel* member : members) {
        if (member == &channel) continue;
        ContactRecord* theirs = member->contact;
        ContactRecord* ours = channel.contact;
        if (theirs == ours) continue;
        if (ours == nullptr && !theirs->view.ended_at) {
            take_in(*theirs, channel, *member);
        } else if (theirs == nullptr && !ours->view.ended_at) {
            take_in(*ours, *member, channel);
        } else if (theirs != nullptr && is_lent(channel, *theirs)) {
            give_away(channel, at);
            take_in(*theirs, channel, *member);
        } else if (ours != nullptr && is_lent(*member, *ours)) {
            give_away(*member, at);
            take_in(*ours, *member, channel);
        } else if (ours != nullptr && theirs != nullptr && !ours->view.ended_at && !theirs->view.ended_at) {
            merge_by_weight(*ours, *theirs, at);
        }
    }
}

// An agent whose customer stays behind, put together with another agent's customer: no conversations became one.
bool CallBook::is_lent(const Channel& agent, const ContactRecord& to) const {
    const ContactRecord* from = agent.contact;
    const auto of_caller = [](const ContactRecord& record) {
        return record.view.direction == Direction::inbound && !record.view.ended_at;
    };
    if (from == nullptr || from == &to || agent.agent.empty() || is_anchor(agent)) return false;
    if (!of_caller(*from) || !of_caller(to) || !agent.has_leg) return false;
    if (from->view.legs[agent.leg].role != LegRole::agent || !agent.consulted_by.empty()) return false;
    return std::none_of(to.view.legs.begin(), to.view.legs.end(),
                        [&](const Leg& leg) { return leg.agent == agent.agent && leg.joined_at; });
}

void CallBook::give_away(Channel& agent, WallTime at) {
    ContactRecord& record = *agent.contact;
    Leg& leg = record.view.legs[agent.leg];
    if (!leg.left_at) leg.left_at = at;
    close_hold(record, agent.id, at);
    agent.with_customer = false;
    std::erase(record.channels, agent.id);
    agent.contact = nullptr;
    agent.has_leg = false;
    update_talk(record, at);
    touch(record);
}

// A party nobody knew of: who hears the customer takes part in his conversation, who only hears the agent is consulted.
void CallBook::take_in(ContactRecord& record, Channel& stranger, Channel& member) {
    const Channel* anchor = find_channel(record.anchor_channel);
    const std::vector<Channel*> heard = anchor != nullptr ? heard_by(*anchor) : std::vector<Channel*>{};
    const bool with_customer = &member == anchor || std::find(heard.begin(), heard.end(), &member) != heard.end();
    const bool consulted =
        !with_customer && !member.agent.empty() && !stranger.internal_helper && member.agent != stranger.agent;
    attach(record, stranger, consulted ? std::optional{LegRole::consult} : std::nullopt);
    if (consulted && stranger.has_leg) stranger.consulted_by = member.agent;
}

// A customer's conversation takes a colleague's in; of two alike the older goes on.
void CallBook::merge_by_weight(ContactRecord& a, ContactRecord& b, WallTime at) {
    const bool a_internal = a.view.direction == Direction::internal;
    const bool b_internal = b.view.direction == Direction::internal;
    const bool into_b = a_internal != b_internal ? a_internal : older(b, a);
    merge(into_b ? a : b, into_b ? b : a, at);
}

// Two conversations became one: the parties of `from` are legs of `into`.
void CallBook::merge(ContactRecord& from, ContactRecord& into, WallTime at) {
    close_talk(from, at);
    close_all_holds(from, at);
    // A phone that still rings goes on ringing for the same pop.
    for (OpenOffer& open : from.open_offers) {
        open.index += into.view.offers.size();
        into.open_offers.push_back(std::move(open));
    }
    from.open_offers.clear();
    into.view.offers.insert(into.view.offers.end(), from.view.offers.begin(), from.view.offers.end());
    // Who takes part in both has called the others about the customer.
    std::string giver;
    for (const std::string& id : from.channels) {
        const Channel* channel = find_channel(id);
        if (channel == nullptr || channel->contact != &from || channel->agent.empty()) continue;
        const bool in_both = std::any_of(into.view.legs.begin(), into.view.legs.end(),
                                         [&](const Leg& leg) { return leg.agent == channel->agent; });
        if (in_both) giver = channel->agent;
    }
    std::vector<bool> moved_leg(from.view.legs.size(), false);
    const std::vector<std::string> moved = std::exchange(from.channels, {});
    for (const std::string& id : moved) {
        Channel* channel = find_channel(id);
        // One that went to another contact meanwhile has its leg there.
        if (channel == nullptr || channel->contact != &from) continue;
        channel->with_customer = false;
        const bool had_leg = std::exchange(channel->has_leg, false);
        const std::size_t index = channel->leg;
        channel->contact = nullptr;
        const bool internal = from.view.direction == Direction::internal;
        const bool consulted = internal && !giver.empty() && channel->agent != giver && !channel->internal_helper;
        std::optional<LegRole> role;
        if (consulted) role = LegRole::consult;
        if (had_leg && from.view.legs[index].role == LegRole::customer) role = LegRole::customer;
        attach(into, *channel, role);
        if (consulted) channel->consulted_by = giver;
        if (had_leg && channel->internal_helper) add_leg(into, *channel, from.view.legs[index].role);
        if (!had_leg || !channel->has_leg) continue;
        into.view.legs[channel->leg].joined_at = from.view.legs[index].joined_at;
        moved_leg[index] = true;
    }
    for (std::size_t i = 0; i < moved_leg.size(); ++i)
        if (!moved_leg[i] && from.view.legs[i].left_at) into.view.legs.push_back(from.view.legs[i]);
    into.view.transfers.insert(into.view.transfers.begin(), from.view.transfers.begin(), from.view.transfers.end());
    if (into.open_transfer) into.open_transfer->index += from.view.transfers.size();
    for (const OpenRecording& open : from.open_recordings)
        into.open_recordings.push_back({open.index + into.view.recordings.size(), open.channel});
    from.open_recordings.clear();
    into.view.recordings.insert(into.view.recordings.end(), from.view.recordings.begin(), from.view.recordings.end());
    into.view.attributes.insert(from.view.attributes.begin(), from.view.attributes.end());
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

// The contact's first party is gone. It goes on if there is another customer's
// leg in it, or if it was a colleague's call and others still talk.
bool CallBook::pass_anchor(ContactRecord& record) {
    if (record.view.ended_at) return false;
    const bool internal = record.view.direction == Direction::internal;
    Channel* next = nullptr;
    std::size_t others = 0;
    for (const std::string& id : record.channels) {
        Channel* channel = find_channel(id);
        if (channel == nullptr || channel->contact != &record || !channel->has_leg) continue;
        const LegRole role = record.view.legs[channel->leg].role;
        if (channel->state != ChannelState::up || role == LegRole::supervisor) continue;
        if (!internal && role != LegRole::customer) continue;
        ++others;
        if (next == nullptr) next = channel;
    }
    if (next == nullptr) return false;
    // One who is left alone was hung up on, unless he was given to somebody who is being reached.
    if (internal && others < 2 && !record.open_transfer) return false;
    record.anchor_channel = next->id;
    record.departure.reset();
    part(record);
    for (Channel* other : heard_by_customer(record)) other->with_customer = !other->agent.empty();
    touch(record);
    return true;
}

}  // namespace citybridge::calls
