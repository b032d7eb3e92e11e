// Listeners, recordings, and channels that go on under another id.
#include <algorithm>
#include <utility>

#include "core/calls/call_book.h"
#include "core/calls/contact_record.h"
#include "core/calls/identity.h"

namespace citybridge::calls {

// ---- Listening --------------------------------------------------------------

void CallBook::on(const Context& in, const signal::ListeningStarted& e) {
    Channel* listener = find_channel(in.signal.channel);
    const Channel* target = find_channel(e.target);
    if (listener == nullptr || target == nullptr || target->contact == nullptr) return;
    ContactRecord& record = *target->contact;
    const bool free = listener->contact == nullptr || listener->contact == &record;
    if (listener == target || !free || is_anchor(*listener) || listener->with_customer) return;
    attach(record, *listener, LegRole::supervisor);
    if (!listener->has_leg) return;
    Leg& leg = record.view.legs[listener->leg];
    if (!leg.joined_at) leg.joined_at = in.signal.at;
}

void CallBook::on(const Context& in, const signal::ListeningStopped&) {
    Channel* listener = find_channel(in.signal.channel);
    if (listener == nullptr || listener->contact == nullptr || !listener->has_leg) return;
    ContactRecord& record = *listener->contact;
    Leg& leg = record.view.legs[listener->leg];
    if (leg.role != LegRole::supervisor) return;
    if (!leg.left_at) leg.left_at = in.signal.at;
    // He may listen to another contact next.
    std::erase(record.channels, listener->id);
    listener->contact = nullptr;
    listener->has_leg = false;
    if (!listener->agent.empty()) roster_.touch(listener->agent, "call");
    touch(record);
}

// ---- Recordings -------------------------------------------------------------

void CallBook::on(const Context& in, const signal::RecordingChanged& e) {
    Channel* channel = find_channel(in.signal.channel);
    if (channel == nullptr) return;
    if (channel->contact == nullptr) {
        if (e.step == RecordingStep::started) channel->recorded_early = e.file;
        if (e.step == RecordingStep::stopped) channel->recorded_early.clear();
        return;
    }
    ContactRecord& record = *channel->contact;
    if (record.view.ended_at) return;
    switch (e.step) {
        case RecordingStep::started: return record_to(record, channel->id, e.file, in.signal.at);
        case RecordingStep::stopped: return stop_recordings(record, channel->id, e.file, in.signal.at);
        case RecordingStep::muted:
        case RecordingStep::unmuted:
            for (const OpenRecording& open : record.open_recordings) {
                Recording& recording = record.view.recordings[open.index];
                if (open.channel != channel->id || (!e.file.empty() && recording.file != e.file)) continue;
                recording.state =
                    e.step == RecordingStep::muted ? Recording::State::muted : Recording::State::recording;
            }
            return touch(record);
    }
}

void CallBook::record_to(ContactRecord& record, const std::string& channel, const std::string& file, WallTime at) {
    for (const OpenRecording& open : record.open_recordings)
        if (open.channel == channel && record.view.recordings[open.index].file == file) return;
    std::string id = hashed_uuid({record.view.id, channel, file});
    const auto taken = [&] {
        return std::any_of(record.view.recordings.begin(), record.view.recordings.end(),
                           [&](const Recording& each) { return each.id == id; });
    };
    for (int again = 2; taken(); ++again) id = hashed_uuid({record.view.id, channel, file, std::to_string(again)});
    record.open_recordings.push_back({record.view.recordings.size(), channel});
    record.view.recordings.push_back({std::move(id), file, Recording::State::recording, at, {}});
    touch(record);
}

// Empty channel: every channel's; empty file: every one of the channel.
void CallBook::stop_recordings(ContactRecord& record, const std::string& channel, const std::string& file,
                               WallTime at) {
    std::erase_if(record.open_recordings, [&](const OpenRecording& open) {
        Recording& recording = record.view.recordings[open.index];
        const bool meant = (channel.empty() || open.channel == channel) && (file.empty() || recording.file == file);
        if (!meant) return false;
        recording.state = Recording::State::finished;
        recording.ended_at = std::max(at, recording.started_at);
        touch(record);
        return true;
    });
}

// ---- Ids --------------------------------------------------------------------

void CallBook::on(const Context& in, const signal::ChannelRenamed& e) {
    Channel* channel = find_channel(in.signal.channel);
    if (channel == nullptr || e.id.empty() || e.id == channel->id) return;
    Channel* former = find_channel(e.id);
    const std::string bridge = former != nullptr ? former->bridge : std::string{};
    const auto room = bridges_.find(bridge);
    const BridgeKind kind = room != bridges_.end() ? room->second.kind : BridgeKind::two_party;
    if (former != nullptr) take_place(*channel, *former, in.signal.at);
    rename(*channel, e.id);
    if (!bridge.empty()) enter_bridge(*channel, bridge, kind, in.signal.at);
}

// The PBX put the connection of `channel` where `former` was, whose own is gone.
void CallBook::take_place(Channel& channel, Channel& former, WallTime at) {
    if (former.contact != nullptr && channel.contact != nullptr && channel.contact != former.contact)
        merge_by_weight(*former.contact, *channel.contact, at);
    ContactRecord* record = former.contact;
    const bool anchor = is_anchor(former);
    close_channel_offer(former, 26, at);  // Q.850-like "answered elsewhere"
    if (record != nullptr) {
        const std::optional<LegRole> role =
            former.has_leg && anchor ? std::optional{record->view.legs[former.leg].role} : std::nullopt;
        if (former.has_leg && !record->view.legs[former.leg].left_at) record->view.legs[former.leg].left_at = at;
        close_hold(*record, former.id, at);
        std::erase(record->channels, former.id);
        attach(*record, channel, role);
        if (anchor) record->anchor_channel = channel.id;
        channel.with_customer = channel.with_customer || former.with_customer;
        for (OpenRecording& open : record->open_recordings)
            if (open.channel == former.id) open.channel = channel.id;
    }
    if (channel.dialled_by.empty()) channel.dialled_by = former.dialled_by;
    if (const auto room = bridges_.find(former.bridge); room != bridges_.end())
        std::erase(room->second.members, &former);
    if (const auto pair = pairs_.find(former.pair); pair != pairs_.end()) {
        std::erase(pair->second, &former);
        if (pair->second.empty()) pairs_.erase(pair);
    }
    const std::string& agent = former.agent.empty() ? former.stands_for : former.agent;
    former.talked_in.clear();  // he did not finish a call, it went on elsewhere
    if (!agent.empty()) roster_.remove_channel(agent, former, {at, {}});
    const std::string id = former.id;
    channels_.erase(id);
}

void CallBook::rename(Channel& channel, const std::string& id) {
    const std::string old = channel.id;
    auto node = channels_.extract(old);
    node.key() = id;
    channels_.insert(std::move(node));
    channel.id = id;
    for (auto& [other_id, other] : channels_)
        if (other.dialled_by == old) other.dialled_by = id;
    if (channel.contact == nullptr) return;
    ContactRecord& record = *channel.contact;
    const auto follow = [&](std::string& name) {
        if (name == old) name = id;
    };
    follow(record.anchor_channel);
    for (std::string& each : record.channels) follow(each);
    for (OpenHold& open : record.open_holds) follow(open.channel);
    for (OpenRecording& open : record.open_recordings) follow(open.channel);
    for (OpenOffer& open : record.open_offers)
        for (std::string& each : open.channels) follow(each);
    if (record.departure) follow(record.departure->channel);
    if (channel.has_leg) record.view.legs[channel.leg].pbx_ids.push_back(id);
    touch(record);
}

}  // namespace citybridge::calls
