#include "core/calls/roster.h"

#include <algorithm>

namespace citybridge::calls {
namespace {

bool is_engaged(const Channel& channel) {
    if (channel.state == ChannelState::calling) return true;
    const bool own_call = channel.dialled_by.empty();
    return channel.state == ChannelState::up && (!channel.bridge.empty() || own_call || channel.with_customer);
}

bool holds(const Channel& channel) {
    if (channel.contact == nullptr) return false;
    const auto& open = channel.contact->open_holds;
    return std::any_of(open.begin(), open.end(), [&](const OpenHold& hold) { return hold.channel == channel.id; });
}

bool all_paused(const AgentRecord& record) {
    return !record.paused_in.empty() && std::all_of(record.paused_in.begin(), record.paused_in.end(),
                                                    [](const auto& queue) { return queue.second; });
}

// Later states win when a phone has several calls.
AgentPresence presence_of(const Channel& channel) {
    if (is_engaged(channel)) return holds(channel) ? AgentPresence::holding : AgentPresence::talking;
    const bool rings = channel.state == ChannelState::ringing || channel.state == ChannelState::up;
    return rings ? AgentPresence::ringing : AgentPresence::reserved;
}

int rank(AgentPresence state) {
    switch (state) {
        case AgentPresence::talking: return 4;
        case AgentPresence::holding: return 3;
        case AgentPresence::ringing: return 2;
        case AgentPresence::reserved: return 1;
        case AgentPresence::logged_out:
        case AgentPresence::ready:
        case AgentPresence::wrap_up:
        case AgentPresence::not_ready: return 0;
    }
    return 0;
}

}  // namespace

bool Roster::number_is_agents(std::string_view device) const {
    const auto slash = device.rfind('/');
    if (slash == std::string_view::npos) return false;
    const std::string_view number = device.substr(slash + 1);
    const auto size = static_cast<int>(number.size());
    return size >= settings_.agent_digits_min && size <= settings_.agent_digits_max &&
           number.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string Roster::agent_of_device(const std::string& device, const std::string& name) {
    const auto known = agent_by_device_.find(device);
    if (known != agent_by_device_.end()) {
        name_agent(known->second, name);
        return known->second;
    }
    if (!number_is_agents(device)) return {};
    ensure(device, device);
    name_agent(device, name);
    return device;
}

AgentRecord& Roster::ensure(const std::string& id, const std::string& device) {
    auto [it, fresh] = agents_.try_emplace(id);
    AgentRecord& record = it->second;
    if (fresh) {
        record.view.id = id;
        record.view.state = AgentPresence::ready;
    }
    if (!device.empty() && record.view.device != device) {
        record.view.device = device;
        agent_by_device_[device] = id;
    }
    if (fresh) touch(id, "pbx");
    return record;
}

AgentRecord* Roster::find(const std::string& id) {
    const auto it = agents_.find(id);
    return it == agents_.end() ? nullptr : &it->second;
}

void Roster::name_agent(const std::string& id, const std::string& name) {
    AgentRecord* record = find(id);
    if (record == nullptr || name.empty() || record->named_by_member || record->view.name == name) return;
    record->view.name = name;
    touch(id, record->view.cause);
}

void Roster::update(const signal::MemberChanged& member) {
    const bool known = find(member.agent) != nullptr || agent_by_device_.contains(member.device);
    // Any device may change its state; only agents' matter.
    if (!known && member.queue.empty() && !number_is_agents(member.device)) return;
    const auto by_device = agent_by_device_.find(member.device);
    const std::string id =
        find(member.agent) != nullptr || by_device == agent_by_device_.end() ? member.agent : by_device->second;
    AgentRecord& record = ensure(id, member.device);
    if (!member.name.empty()) {
        record.view.name = member.name;
        record.named_by_member = true;
    }
    if (member.status != DeviceStatus::unknown) record.device_status = member.status;
    if (!member.queue.empty()) {
        if (member.removed) {
            record.paused_in.erase(member.queue);
            record.wrap_seconds_of.erase(member.queue);
        } else {
            bool& paused = record.paused_in[member.queue];
            if (member.pause == signal::MemberChanged::Pause::paused) paused = true;
            if (member.pause == signal::MemberChanged::Pause::unpaused) paused = false;
            record.wrap_seconds_of[member.queue] = member.wrap_up_seconds;
        }
        record.view.queues.clear();
        for (const auto& [queue, paused] : record.paused_in) record.view.queues.push_back(queue);
    }
    if (member.pause == signal::MemberChanged::Pause::paused) record.pause_reason = member.reason;
    const bool pause_moved = member.pause != signal::MemberChanged::Pause::unchanged;
    touch(id, pause_moved ? "pause" : "device");
}

void Roster::add_channel(const std::string& agent, const Channel& channel) {
    if (AgentRecord* record = find(agent)) {
        record->channels.push_back(&channel);
        touch(agent, "call");
    }
}

void Roster::remove_channel(const std::string& agent, const Channel& channel, Now now) {
    AgentRecord* record = find(agent);
    if (record == nullptr) return;
    std::erase(record->channels, &channel);
    int seconds = settings_.wrap_up_seconds;
    for (const auto& [queue, of_queue] : record->wrap_seconds_of) seconds = std::max(seconds, of_queue);
    if (!channel.talked_in.empty() && seconds > 0) {
        record->wrap_until = now.mono + std::chrono::seconds(seconds);
        record->last_contact = channel.talked_in;
    }
    touch(agent, "call");
}

void Roster::touch(const std::string& agent, std::string_view cause) {
    AgentRecord* record = find(agent);
    if (record == nullptr) return;
    record->touch_cause = cause;
    if (record->touched) return;
    record->touched = true;
    touched_.push_back(record);
}

Roster::Derived Roster::derive(const AgentRecord& record, Now now) const {
    Derived best{AgentPresence::ready, {}};
    for (const Channel* channel : record.channels) {
        const AgentPresence state = presence_of(*channel);
        if (rank(state) <= rank(best.state)) continue;
        best.state = state;
        best.contact = channel->contact != nullptr ? channel->contact->view.id : std::string{};
    }
    if (rank(best.state) > 0) return best;
    if (record.device_status == DeviceStatus::unavailable) return {AgentPresence::logged_out, {}};
    if (all_paused(record)) return {AgentPresence::not_ready, {}};
    if (record.wrap_until && *record.wrap_until > now.mono) return {AgentPresence::wrap_up, record.last_contact};
    return {AgentPresence::ready, {}};
}

void Roster::tick(Now now) {
    for (auto& [id, record] : agents_)
        if (record.wrap_until && *record.wrap_until <= now.mono) {
            record.wrap_until.reset();
            touch(id, "wrap_up");
        }
}

std::optional<MonoTime> Roster::next_deadline() const {
    std::optional<MonoTime> next;
    for (const auto& [id, record] : agents_)
        if (record.wrap_until && (!next || *record.wrap_until < *next)) next = record.wrap_until;
    return next;
}

void Roster::flush(WallTime at, Now now, std::vector<Event>& out) {
    for (AgentRecord* record : touched_) {
        record->touched = false;
        Derived derived = derive(*record, now);
        Agent& view = record->view;
        const std::string reason = derived.state == AgentPresence::not_ready ? record->pause_reason : std::string{};
        if (!record->published || view.state != derived.state || view.reason != reason) {
            view.since = at;
            view.cause = record->touch_cause;
        }
        view.state = derived.state;
        view.reason = reason;
        view.contact = std::move(derived.contact);
        const bool same = record->published && record->published->state == view.state &&
                          record->published->reason == view.reason && record->published->contact == view.contact &&
                          record->published->name == view.name && record->published->queues == view.queues;
        if (same) continue;
        record->published = std::make_shared<const Agent>(view);
        out.emplace_back(AgentChanged{record->published});
    }
    touched_.clear();
}

std::vector<AgentPtr> Roster::all() const {
    std::vector<AgentPtr> out;
    out.reserve(agents_.size());
    for (const auto& [id, record] : agents_)
        if (record.published) out.push_back(record.published);
    return out;
}

}  // namespace citybridge::calls
