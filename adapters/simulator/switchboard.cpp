#include "adapters/simulator/switchboard.h"

#include <algorithm>

namespace citybridge::simulator {
namespace {

constexpr std::uint64_t kFaultStream = UINT64_MAX;  // never a call's number

}  // namespace

Switchboard::Switchboard(const WallTime& now, const Config& config)
    : now_(now), faults_(config.faults), fault_random_(seed_of(config.seed, kFaultStream)) {}

void Switchboard::emit(const std::string& channel, const std::string& group, SignalBody body) {
    if (faults_.drop_per_mille > 0 && fault_random_.per_mille(faults_.drop_per_mille)) return;
    signals_.push_back({now_, channel, group, std::move(body)});
}

void Switchboard::about(const std::string& channel, SignalBody body) {
    emit(channel, channels_.at(channel).group, std::move(body));
}

void Switchboard::start_channel(const std::string& id, const std::string& group, signal::ChannelStarted started) {
    auto& entry = channels_[id];
    entry.id = id;
    entry.group = group.empty() ? id : group;
    entry.started = started;
    entry.started_at = now_;
    about(id, std::move(started));
}

void Switchboard::set_state(const std::string& id, ChannelState state) {
    channels_.at(id).started.state = state;
    about(id, signal::ChannelStateChanged{state});
}

void Switchboard::set_party(const std::string& id, signal::ChannelPartyChanged party) {
    auto& started = channels_.at(id).started;
    if (!party.number.empty()) started.number = party.number;
    if (!party.name.empty()) started.name = party.name;
    if (!party.dialled.empty()) started.dialled = party.dialled;
    about(id, std::move(party));
}

void Switchboard::end_channel(const std::string& id, int cause) {
    about(id, signal::ChannelEnded{cause});
    channels_.erase(id);
}

void Switchboard::dial_started(const std::string& from, const std::string& target, const std::string& number) {
    emit(from, channels_.at(target).group, signal::DialStarted{target, number});
}

void Switchboard::dial_ended(const std::string& from, const std::string& target, DialResult result) {
    const std::string& group = channels_.at(target).group;
    emit(from, group, signal::DialEnded{target, result});
    if (faults_.duplicate_dial_end) emit(from, group, signal::DialEnded{target, result});
}

void Switchboard::enter_bridge(const std::string& id, const std::string& bridge, BridgeKind kind,
                               const std::string& name) {
    auto& entry = channels_.at(id);
    entry.bridge = bridge;
    entry.bridge_kind = kind;
    entry.bridge_name = name;
    about(id, signal::BridgeEntered{bridge, kind, {}, name});
}

void Switchboard::leave_bridge(const std::string& id) {
    auto& entry = channels_.at(id);
    const std::string bridge = std::exchange(entry.bridge, {});
    entry.bridge_kind = BridgeKind::two_party;
    entry.bridge_name.clear();
    about(id, signal::BridgeLeft{bridge});
}

void Switchboard::parked(const std::string& id, signal::Parked parked) {
    channels_.at(id).slot = parked.slot;
    about(id, std::move(parked));
}

void Switchboard::unparked(const std::string& id, signal::Unparked fetched) {
    channels_.at(id).slot.clear();
    about(id, std::move(fetched));
}

void Switchboard::enter_queue(const std::string& id, const std::string& queue) {
    channels_.at(id).application = Application::other;
    line_.push_back({queue, id, now_});
    about(id, signal::QueueEntered{queue});
}

void Switchboard::leave_queue(const std::string& id, bool abandoned) {
    const auto place = std::find_if(line_.begin(), line_.end(), [&](const auto& each) { return each.channel == id; });
    if (place == line_.end()) return;
    const std::string queue = place->queue;
    line_.erase(place);
    about(id, signal::QueueLeft{queue, abandoned});
}

void Switchboard::member_changed(const signal::MemberChanged& member) {
    if (member.removed) {
        members_.erase({member.agent, member.queue});
    } else {
        members_[{member.agent, member.queue}] = member;
    }
    emit({}, {}, member);
}

void Switchboard::enter_application(const std::string& id, Application application) {
    channels_.at(id).application = application;
    about(id, signal::ApplicationEntered{application});
}

void Switchboard::survey_answered(const std::string& id, const std::string& score) {
    about(id, signal::SurveyAnswered{score});
}

void Switchboard::set_attribute(const std::string& id, const std::string& name, const std::string& value) {
    about(id, signal::AttributeSet{name, value});
}

signal::Snapshot Switchboard::snapshot() const {
    signal::Snapshot all;
    for (const auto& [id, channel] : channels_) all.channels.push_back(channel);
    all.queue_callers = line_;
    for (const auto& [key, member] : members_) all.members.push_back(member);
    return all;
}

}  // namespace citybridge::simulator
