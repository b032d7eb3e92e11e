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
    missed_ends(snapshot, at, out);
    missed_starts(snapshot, at, out);
    missed_queues(snapshot, at, out);
    missed_dials(snapshot, at, out);
    missed_bridges(snapshot, at, out);
    return out;
}

void Reconciler::missed_ends(const signal::Snapshot& snapshot, WallTime at, std::vector<PbxSignal>& out) const {
    std::unordered_set<std::string_view> alive;
    for (const auto& channel : snapshot.channels) alive.insert(channel.id);
    for (const auto& [id, channel] : book_.channels_)
        if (!alive.contains(id)) out.push_back({at, id, channel.group, signal::ChannelEnded{0}});
}

void Reconciler::missed_starts(const signal::Snapshot& snapshot, WallTime at, std::vector<PbxSignal>& out) const {
    std::vector<const signal::SnapshotChannel*> fresh;
    for (const auto& channel : snapshot.channels) {
        const Channel* known = book_.find_channel(channel.id);
        if (known == nullptr)
            fresh.push_back(&channel);
        else if (known->state != channel.started.state)
            out.push_back(about(channel, at, signal::ChannelStateChanged{channel.started.state}));
    }
    // The first channel of a group carries the contact, so it comes first.
    std::stable_sort(fresh.begin(), fresh.end(), [](const auto* a, const auto* b) {
        return std::pair(a->group != a->id, a->started_at) < std::pair(b->group != b->id, b->started_at);
    });
    for (const auto* channel : fresh) {
        out.push_back(about(*channel, std::min(channel->started_at, at), channel->started));
        if (channel->application != Application::other)
            out.push_back(about(*channel, at, signal::ApplicationEntered{channel->application}));
    }
}

// A snapshot does not say who rang whom: the group's first channel is taken for
// the one that did, which is right for queues, ring groups and click to dial.
void Reconciler::missed_dials(const signal::Snapshot& snapshot, WallTime at, std::vector<PbxSignal>& out) const {
    std::unordered_map<std::string_view, const signal::SnapshotChannel*> first_of_group;
    for (const auto& channel : snapshot.channels)
        if (channel.group == channel.id) first_of_group.emplace(channel.group, &channel);
    for (const auto& channel : snapshot.channels) {
        const auto first = first_of_group.find(channel.group);
        if (first == first_of_group.end() || first->second == &channel || channel.started.internal_helper) continue;
        const Channel* known = book_.find_channel(channel.id);
        if (known != nullptr && !known->dialled_by.empty()) continue;
        out.push_back(about(*first->second, at, signal::DialStarted{channel.id, first->second->started.dialled}));
        if (channel.started.state == ChannelState::up)
            out.push_back(about(*first->second, at, signal::DialEnded{channel.id, DialResult::answered}));
    }
}

void Reconciler::missed_queues(const signal::Snapshot& snapshot, WallTime at, std::vector<PbxSignal>& out) const {
    std::unordered_set<std::string_view> waiting;
    for (const auto& caller : snapshot.queue_callers) {
        waiting.insert(caller.channel);
        const Channel* known = book_.find_channel(caller.channel);
        const bool told = known != nullptr && known->contact != nullptr && known->contact->in_queue;
        if (!told)
            out.push_back({std::min(caller.entered_at, at), caller.channel, {}, signal::QueueEntered{caller.queue}});
    }
    for (const auto& [id, channel] : book_.channels_) {
        if (channel.contact == nullptr || !channel.contact->in_queue || waiting.contains(id)) continue;
        if (channel.contact->anchor_channel == id)
            out.push_back({at, id, {}, signal::QueueLeft{channel.contact->view.queue, false}});
    }
}

void Reconciler::missed_bridges(const signal::Snapshot& snapshot, WallTime at, std::vector<PbxSignal>& out) const {
    for (const auto& channel : snapshot.channels) {
        const Channel* known = book_.find_channel(channel.id);
        const std::string was = known != nullptr ? known->bridge : std::string{};
        if (was == channel.bridge) continue;
        if (!was.empty()) out.push_back(about(channel, at, signal::BridgeLeft{was}));
        if (!channel.bridge.empty())
            out.push_back(about(channel, at, signal::BridgeEntered{channel.bridge, channel.bridge_kind, {}}));
    }
}

}  // namespace citybridge::calls
