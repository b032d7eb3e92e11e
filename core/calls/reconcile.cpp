#include "core/calls/reconcile.h"

#include <algorithm>
#include <unordered_map>

namespace citybridge::calls {
namespace {

PbxSignal about(const signal::SnapshotChannel& channel, WallTime at, SignalBody body) {
    return {at, channel.id, channel.group, std::move(body)};
}

}  // namespace

std::vector<PbxSignal> Reconciler::missed_signals(const signal::Snapshot& snapshot, WallTime at) const {
    std::vector<PbxSignal> out;
    for (const signal::MemberChanged& member : snapshot.members) out.push_back({at, {}, {}, member});
    missed_departures(snapshot, at, out);
    missed_ends(snapshot, at, out);
    missed_starts(snapshot, at, out);
    missed_queues(snapshot, at, out);
    missed_dials(snapshot, at, Rung::by_caller, out);
    missed_talks(snapshot, at, out);
    missed_dials(snapshot, at, Rung::by_others, out);
    missed_meetings(snapshot, at, out);
    missed_bridges(snapshot, at, out);
    missed_parking(snapshot, at, out);
    missed_holds(snapshot, at, out);
    return out;
}

// What began unseen began in the outage: the PBX gives whole seconds, which may lie before it.
WallTime Reconciler::not_before_outage(WallTime time, WallTime at) const {
    if (!book_.first_snapshot_ && book_.link_down_at_) time = std::max(time, *book_.link_down_at_);
    return std::min(time, at);
}

// Who carries a contact ends last, so that the others leave a contact that still is one.
void Reconciler::missed_ends(const signal::Snapshot& snapshot, WallTime at, std::vector<PbxSignal>& out) const {
    std::unordered_set<std::string_view> alive;
    for (const auto& channel : snapshot.channels) alive.insert(channel.id);
    std::vector<const Channel*> gone;
    for (const auto& [id, channel] : book_.channels_)
        if (!alive.contains(id)) gone.push_back(&channel);
    std::sort(gone.begin(), gone.end(), [&](const Channel* a, const Channel* b) {
        return std::pair(book_.is_anchor(*a), std::string_view(a->id)) <
               std::pair(book_.is_anchor(*b), std::string_view(b->id));
    });
    for (const Channel* channel : gone) {
        if (book_.is_anchor(*channel)) channel->contact->ended_unheard = true;
        out.push_back({at, channel->id, channel->group, signal::ChannelEnded{0}});
    }
}

void Reconciler::missed_starts(const signal::Snapshot& snapshot, WallTime at, std::vector<PbxSignal>& out) const {
    std::vector<const signal::SnapshotChannel*> fresh;
    for (const auto& channel : snapshot.channels) {
        const Channel* known = book_.find_channel(channel.id);
        if (known == nullptr) {
            fresh.push_back(&channel);
            continue;
        }
        if (known->state != channel.started.state)
            out.push_back(about(channel, at, signal::ChannelStateChanged{channel.started.state}));
        const bool nameless = known->number.empty() && known->agent.empty() && !known->internal_helper;
        if (nameless && !channel.started.number.empty())
            out.push_back(about(channel, at, signal::ChannelPartyChanged{channel.started.number, {}, {}}));
        const bool voicemail = channel.application == Application::voicemail;
        if (voicemail && known->contact != nullptr && !known->contact->voicemail)
            out.push_back(about(channel, at, signal::ApplicationEntered{channel.application}));
    }
    // The first channel of a group carries the contact, so it comes first; so does who rings before who is rung.
    std::stable_sort(fresh.begin(), fresh.end(), [](const auto* a, const auto* b) {
        return std::tuple(a->group != a->id, !a->dialled_by.empty(), a->started_at) <
               std::tuple(b->group != b->id, !b->dialled_by.empty(), b->started_at);
    });
    for (const auto* channel : fresh) {
        out.push_back(about(*channel, not_before_outage(channel->started_at, at), channel->started));
        if (channel->application != Application::other)
            out.push_back(about(*channel, at, signal::ApplicationEntered{channel->application}));
    }
}

// Where the PBX does not say who rang whom, the group's first channel is taken
// for the one that did, which is right for queues, ring groups and click to dial.
void Reconciler::missed_dials(const signal::Snapshot& snapshot, WallTime at, Rung rung,
                              std::vector<PbxSignal>& out) const {
    std::unordered_map<std::string_view, const signal::SnapshotChannel*> by_id;
    for (const auto& channel : snapshot.channels) by_id.emplace(channel.id, &channel);
    for (const auto& channel : snapshot.channels) {
        const bool by_caller = channel.dialled_by.empty() || channel.dialled_by == channel.group;
        if (by_caller != (rung == Rung::by_caller)) continue;
        if (channel.started.internal_helper) {
            missed_member(snapshot, channel, at, out);
            continue;
        }
        const bool up = channel.started.state == ChannelState::up;
        const bool calls = channel.started.state == ChannelState::calling || !channel.started.dialled.empty();
        const Channel* known = book_.find_channel(channel.id);
        if (known != nullptr && !known->dialled_by.empty()) {
            if (up && !known->dial_ended)
                out.push_back({at, known->dialled_by, {}, signal::DialEnded{channel.id, DialResult::answered}});
            continue;
        }
        const bool alone = !calls && channel.group == channel.id;
        const bool told = known != nullptr && (known->rung_by_pbx || !known->dialled.empty());
        // Click to dial: one of our phones, and nobody called it.
        const bool ours = !book_.roster_.agent_of_device(channel.started.device, {}).empty();
        if (!told && (channel.rung_by_command || (alone && ours)))
            out.push_back({at, {}, channel.group, signal::DialStarted{channel.id, {}}});
        // Who calls somebody is not rung, whatever group the PBX has put him in since.
        if (calls && channel.dialled_by.empty()) continue;
        const auto from = by_id.find(channel.dialled_by.empty() ? channel.group : channel.dialled_by);
        if (from == by_id.end() || from->second == &channel) continue;
        // It began in order to be rung.
        const WallTime began = known != nullptr ? known->started_at : channel.started_at;
        // Rung for a command before the outage, and only now it is known for whom.
        const bool by_command = known != nullptr && known->rung_by_pbx;
        const WallTime since = by_command ? std::min(began, at) : not_before_outage(began, at);
        const std::string& number = channel.reached_by.empty() ? from->second->started.dialled : channel.reached_by;
        out.push_back(about(*from->second, since, signal::DialStarted{channel.id, number}));
        if (up) out.push_back(about(*from->second, at, signal::DialEnded{channel.id, DialResult::answered}));
    }
}

// Who was rung for a customer, and is no more where he was when he picked up:
// they have spoken, and whomever he called since he calls about the customer.
void Reconciler::missed_talks(const signal::Snapshot& snapshot, WallTime at, std::vector<PbxSignal>& out) const {
    std::unordered_map<std::string_view, const signal::SnapshotChannel*> by_id;
    for (const auto& channel : snapshot.channels) by_id.emplace(channel.id, &channel);
    for (const auto& channel : snapshot.channels) {
        if (channel.started.internal_helper || channel.started.state != ChannelState::up) continue;
        const Channel* known = book_.find_channel(channel.id);
        const std::string& rung_by = known != nullptr ? known->dialled_by : channel.dialled_by;
        const auto caller = by_id.find(rung_by.empty() ? channel.group : rung_by);
        if (caller == by_id.end() || caller->second == &channel) continue;
        const auto is_agents = [&](const signal::SnapshotChannel& each) {
            return !book_.roster_.agent_of_device(each.started.device, {}).empty();
        };
        if (has_spoken(known) || !is_agents(channel) || is_agents(*caller->second)) continue;
        missed_talk(*caller->second, channel, !rung_by.empty(), at, out);
    }
}

// An offer may be told as taken before the two hear each other.
bool Reconciler::has_spoken(const Channel* known) const {
    if (known == nullptr) return false;
    if (known->contact == nullptr || known->with_customer || known->talked_in == known->contact->view.id) return true;
    return book_.open_offer_of(*known->contact, known->id) == nullptr && !was_taken(*known);
}

// His phone rang for the contact and was picked up.
bool Reconciler::was_taken(const Channel& channel) const {
    const auto& offers = channel.contact->view.offers;
    return !channel.agent.empty() && !channel.dialled_by.empty() &&
           std::any_of(offers.begin(), offers.end(), [&](const Offer& offer) {
               return offer.agent == channel.agent && offer.state == OfferState::accepted;
           });
}

void Reconciler::missed_talk(const signal::SnapshotChannel& customer, const signal::SnapshotChannel& agent,
                             bool told_who_rang, WallTime at, std::vector<PbxSignal>& out) const {
    const auto enters = [&](const signal::SnapshotChannel& who, const signal::SnapshotChannel& where) {
        if (!where.bridge.empty())
            out.push_back(
                about(who, at, signal::BridgeEntered{where.bridge, where.bridge_kind, {}, where.bridge_name}));
    };
    const bool parked = customer.bridge_kind == BridgeKind::parking;
    const bool to_room = agent.application == Application::conference && agent.bridge.empty();
    if (to_room && customer.bridge.empty()) {
        // Both are on their way to a room.
        const std::string before = "before " + agent.id;
        for (const auto* each : {&customer, &agent})
            out.push_back(about(*each, at, signal::BridgeEntered{before, BridgeKind::two_party, {}, {}}));
        for (const auto* each : {&customer, &agent}) out.push_back(about(*each, at, signal::BridgeLeft{before}));
        return;
    }
    // One who picked up for somebody who is in no bridge yet is about to meet him.
    if (customer.bridge.empty() || (agent.bridge.empty() && !told_who_rang)) return;
    const auto& room = parked ? agent : customer;
    if (room.bridge.empty()) return;
    enters(customer, room);
    enters(agent, room);
    enters(customer, customer);
    if (agent.bridge.empty())
        out.push_back(about(agent, at, signal::BridgeLeft{room.bridge}));
    else
        enters(agent, agent);
}

// A queue's member whose phone is behind a helper: the queue rang the helper for him.
void Reconciler::missed_member(const signal::Snapshot& snapshot, const signal::SnapshotChannel& channel, WallTime at,
                               std::vector<PbxSignal>& out) const {
    const Channel* known = book_.find_channel(channel.id);
    const bool told = known != nullptr && !known->stands_for.empty();
    const AgentRecord* member = book_.roster_.find(channel.started.device);
    // One the snapshot itself names is not known yet.
    const auto listed = std::find_if(snapshot.members.begin(), snapshot.members.end(), [&](const auto& each) {
        return !each.queue.empty() && each.device == channel.started.device;
    });
    const bool is_listed = listed != snapshot.members.end();
    const bool picked_up = channel.started.state == ChannelState::up;
    if (told && picked_up && !known->dial_ended && !known->dialled_by.empty())
        out.push_back({at, known->dialled_by, channel.group, signal::DialEnded{channel.id, DialResult::answered}});
    if (told || channel.dialled_by.empty() || (member == nullptr && !is_listed)) return;
    signal::AgentCalled called;
    called.agent = member != nullptr ? member->view.id : listed->agent;
    called.name = member != nullptr ? member->view.name : listed->name;
    called.device = channel.started.device;
    called.agent_channel = channel.id;
    out.push_back({at, channel.dialled_by, channel.group, std::move(called)});
    if (picked_up)
        out.push_back({at, channel.dialled_by, channel.group, signal::DialEnded{channel.id, DialResult::answered}});
}

void Reconciler::missed_queues(const signal::Snapshot& snapshot, WallTime at, std::vector<PbxSignal>& out) const {
    std::unordered_set<std::string_view> waiting;
    for (const auto& caller : snapshot.queue_callers) {
        waiting.insert(caller.channel);
        const Channel* known = book_.find_channel(caller.channel);
        const bool here_before =
            known != nullptr && known->contact != nullptr && known->contact->view.queue == caller.queue;
        // Who entered before the outage was heard to, and to leave as well: giving up is told before the list knows it.
        const bool heard = book_.link_down_at_ && !book_.first_snapshot_ && caller.entered_at <= *book_.link_down_at_;
        if (!here_before || (!known->contact->in_queue && !heard))
            out.push_back(
                {not_before_outage(caller.entered_at, at), caller.channel, {}, signal::QueueEntered{caller.queue}});
    }
    for (const auto& [id, channel] : book_.channels_) {
        if (channel.contact == nullptr || !channel.contact->in_queue || waiting.contains(id)) continue;
        if (channel.contact->anchor_channel == id)
            out.push_back({at, id, {}, signal::QueueLeft{channel.contact->view.queue, false}});
    }
}

// Before anybody ends or enters: whom the customer left is told by who was there, and nobody meets one who is gone.
void Reconciler::missed_departures(const signal::Snapshot& snapshot, WallTime at, std::vector<PbxSignal>& out) const {
    for (const auto& channel : snapshot.channels) {
        const Channel* known = book_.find_channel(channel.id);
        if (known == nullptr || known->bridge.empty() || known->bridge == channel.bridge) continue;
        missed_first_meeting(snapshot, *known, at, out);
        out.push_back(about(channel, at, signal::BridgeLeft{known->bridge}));
    }
}

// An agent was seen to enter the bridge where his customer was to come, and has left it for something else while
// the customer lives: he came.
void Reconciler::missed_first_meeting(const signal::Snapshot& snapshot, const Channel& agent, WallTime at,
                                      std::vector<PbxSignal>& out) const {
    const auto room = book_.bridges_.find(agent.bridge);
    if (room == book_.bridges_.end() || room->second.kind != BridgeKind::two_party || has_spoken(&agent)) return;
    const std::string& customer = agent.contact->anchor_channel;
    const auto listed = std::find_if(snapshot.channels.begin(), snapshot.channels.end(),
                                     [&](const signal::SnapshotChannel& each) { return each.id == customer; });
    const Channel* known = book_.find_channel(customer);
    if (listed == snapshot.channels.end() || known == nullptr || known == &agent || known->bridge == agent.bridge)
        return;
    out.push_back(about(*listed, at, signal::BridgeEntered{agent.bridge, BridgeKind::two_party, {}, {}}));
    if (listed->bridge == agent.bridge) return;
    out.push_back(about(*listed, at, signal::BridgeLeft{agent.bridge}));
}

// A phone that took a call and is set aside by now has spoken with its caller: nobody parks a phone that only rang.
void Reconciler::missed_meetings(const signal::Snapshot& snapshot, WallTime at, std::vector<PbxSignal>& out) const {
    std::unordered_map<std::string_view, const signal::SnapshotChannel*> up;
    for (const auto& channel : snapshot.channels)
        if (channel.started.state == ChannelState::up) up.emplace(channel.id, &channel);
    for (const auto& channel : snapshot.channels) {
        const Channel* known = book_.find_channel(channel.id);
        const bool parked = !channel.bridge.empty() && channel.bridge_kind == BridgeKind::parking;
        if (!parked || !channel.slot.empty() || !up.contains(channel.id)) continue;
        const std::string& caller =
            known != nullptr && !known->dialled_by.empty() ? known->dialled_by : channel.dialled_by;
        const auto from = up.find(caller);
        const bool rang = known == nullptr || known->contact == nullptr ||
                          book_.open_offer_of(*known->contact, channel.id) != nullptr;
        if (from == up.end() || !rang) continue;
        const std::string bridge = "unseen/" + channel.id;
        for (const auto* each : {from->second, &channel})
            out.push_back(about(*each, at, signal::BridgeEntered{bridge, BridgeKind::two_party, {}, {}}));
        for (const auto* each : {from->second, &channel}) {
            out.push_back(about(*each, at, signal::BridgeLeft{bridge}));
            if (!each->bridge.empty())
                out.push_back(
                    about(*each, at, signal::BridgeEntered{each->bridge, each->bridge_kind, {}, each->bridge_name}));
        }
    }
}

void Reconciler::missed_bridges(const signal::Snapshot& snapshot, WallTime at, std::vector<PbxSignal>& out) const {
    for (const auto& channel : snapshot.channels) {
        const Channel* known = book_.find_channel(channel.id);
        const bool there = known != nullptr && known->bridge == channel.bridge;
        if (!there && !channel.bridge.empty())
            out.push_back(about(channel, at,
                                signal::BridgeEntered{channel.bridge, channel.bridge_kind, {}, channel.bridge_name}));
    }
}

void Reconciler::missed_parking(const signal::Snapshot& snapshot, WallTime at, std::vector<PbxSignal>& out) const {
    for (const auto& channel : snapshot.channels) {
        const Channel* known = book_.find_channel(channel.id);
        const bool told = known != nullptr && known->contact != nullptr && known->contact->parked;
        if (!channel.slot.empty() && !told)
            out.push_back(about(channel, at, signal::Parked{channel.slot, {}, channel.parked_by}));
    }
}

// Only of a phone that says so; many never do.
void Reconciler::missed_holds(const signal::Snapshot& snapshot, WallTime at, std::vector<PbxSignal>& out) const {
    for (const signal::MemberChanged& member : snapshot.members) {
        if (member.status != DeviceStatus::on_hold && member.status != DeviceStatus::in_use) continue;
        const bool on = member.status == DeviceStatus::on_hold;
        for (const auto& channel : snapshot.channels) {
            if (channel.started.device != member.device || channel.started.state != ChannelState::up) continue;
            const Channel* known = book_.find_channel(channel.id);
            const bool held = known != nullptr && known->contact != nullptr &&
                              std::any_of(known->contact->open_holds.begin(), known->contact->open_holds.end(),
                                          [&](const OpenHold& hold) { return hold.channel == channel.id; });
            // Taken back unseen is told only by a phone that had said it was on hold.
            const bool said_so = told_on_hold(known);
            if (on ? !held : held && said_so) out.push_back(about(channel, at, signal::HoldChanged{on}));
        }
    }
}

bool Reconciler::told_on_hold(const Channel* channel) const {
    const AgentRecord* record = channel != nullptr ? book_.roster_.find(channel->agent) : nullptr;
    return record != nullptr && record->device_status == DeviceStatus::on_hold;
}

}  // namespace citybridge::calls
