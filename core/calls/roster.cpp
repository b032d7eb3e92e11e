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
    if (record.paused_in.empty()) return record.paused_everywhere;
    return std::all_of(record.paused_in.begin(), record.paused_in.end(),
                       [](const auto& queue) { return queue.second; });
}

// How long after a command the PBX's word on the same agent is taken for its effect.
constexpr std::chrono::seconds kCommandShows{30};

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

bool is_busy(AgentPresence state) { return rank(state) > 0; }

bool Roster::number_is_agents(std::string_view device) const {
    // A device without a slash is its own number.
    const auto slash = device.rfind('/');
    const std::string_view number = slash == std::string_view::npos ? device : device.substr(slash + 1);
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

void Roster::leave_queue(AgentRecord& record, const std::string& queue) {
    const bool was_in = record.paused_in.erase(queue) > 0;
    record.wrap_seconds_of.erase(queue);
    if (was_in && record.paused_in.empty()) record.logged_out = true;
}

void Roster::update_queue(AgentRecord& record, const signal::MemberChanged& member) {
    using Pause = signal::MemberChanged::Pause;
    const bool pause_moved = member.pause != Pause::unchanged;
    const bool paused = member.pause == Pause::paused;
    if (member.queue.empty()) {
        if (pause_moved) record.paused_everywhere = paused;
        if (pause_moved)
            for (auto& [queue, is_paused] : record.paused_in) is_paused = paused;
        if (member.removed || pause_moved) record.logged_out = member.removed;
    } else if (member.removed) {
        leave_queue(record, member.queue);
    } else {
        const auto [place, fresh] = record.paused_in.try_emplace(member.queue, record.paused_everywhere);
        if (fresh) record.logged_out = false;
        if (pause_moved) place->second = paused;
        record.wrap_seconds_of[member.queue] = member.wrap_up_seconds;
    }
    record.view.queues.clear();
    for (const auto& [queue, is_paused] : record.paused_in) record.view.queues.push_back(queue);
    if (paused) record.pause_reason = member.reason;
}

// Only a phone that showed itself busy may show itself idle: some PBXs never tell, and say idle all day.
void Roster::set_device_status(AgentRecord& record, DeviceStatus status, Now now) {
    if (status == DeviceStatus::unknown) return;
    const bool was_busy = record.device_status == DeviceStatus::ringing ||
                          record.device_status == DeviceStatus::in_use || record.device_status == DeviceStatus::on_hold;
    record.device_status = status;
    if (status != DeviceStatus::idle)
        record.idle_since.reset();
    else if (was_busy)
        record.idle_since = now.mono;
}

void Roster::update(const signal::MemberChanged& member, Now now) {
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
    set_device_status(record, member.status, now);
    const std::map<std::string, bool> before = record.paused_in;
    const bool was_paused = record.paused_everywhere;
    const bool was_out = record.logged_out;
    update_queue(record, member);
    const bool login_moved = before.size() != record.paused_in.size() || was_out != record.logged_out;
    // Whatever a PBX says of a member, it says whether he is paused as well.
    const bool pause_moved = was_paused != record.paused_everywhere || (!login_moved && before != record.paused_in);
    const std::string_view cause = pause_moved ? "pause" : login_moved ? "login" : "device";
    touch(id, pause_moved || login_moved ? cause_of(record, cause, now) : cause);
}

std::string_view Roster::cause_of(const AgentRecord& record, std::string_view cause, Now now) const {
    return !record.commanded_cause.empty() && now.mono < record.commanded_until ? record.commanded_cause : cause;
}

void Roster::commanded(const std::string& agent, std::string_view cause, Now now) {
    AgentRecord* record = find(agent);
    if (record == nullptr) return;
    record->commanded_cause = cause;
    record->commanded_until = now.mono + kCommandShows;
}

void Roster::end_snapshot(const std::vector<signal::MemberChanged>& members, Now now) {
    std::map<std::string_view, std::vector<std::string_view>> queues_of;
    for (const signal::MemberChanged& member : members)
        if (!member.queue.empty() && !member.removed) queues_of[member.agent].push_back(member.queue);
    // A PBX that refuses the list of its members says nothing about them.
    for (auto& [id, record] : agents_) {
        if (queues_of.empty()) break;
        const auto listed = queues_of.find(id);
        std::vector<std::string> left;
        for (const auto& [queue, paused] : record.paused_in)
            if (listed == queues_of.end() ||
                std::find(listed->second.begin(), listed->second.end(), queue) == listed->second.end())
                left.push_back(queue);
        for (const std::string& queue : left)
            update(
                {.agent = id, .name = {}, .device = record.view.device, .queue = queue, .reason = {}, .removed = true},
                now);
    }
    // Whoever the facts of the snapshot did not touch and yet left behind.
    for (auto& [id, record] : agents_)
        if (is_stale(record, now)) touch(id, "snapshot");
    in_snapshot_ = false;
}

void Roster::add_channel(const std::string& agent, const Channel& channel) {
    if (AgentRecord* record = find(agent)) {
        record->channels.push_back(&channel);
        record->idle_since.reset();
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
        if (!record->wrap_until) wrapping_.push_back(record);
        record->wrap_until = now.mono + std::chrono::seconds(seconds);
        record->last_contact = channel.talked_in;
    }
    touch(agent, "call");
}

void Roster::touch(const std::string& agent, std::string_view cause) {
    AgentRecord* record = find(agent);
    if (record == nullptr) return;
    record->touch_cause = in_snapshot_ ? std::string_view("snapshot") : cause;
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
    if (is_busy(best.state)) return best;
    if (record.logged_out || record.device_status == DeviceStatus::unavailable) return {AgentPresence::logged_out, {}};
    if (all_paused(record)) return {AgentPresence::not_ready, {}};
    if (record.wrap_until && *record.wrap_until > now.mono) return {AgentPresence::wrap_up, record.last_contact};
    return {AgentPresence::ready, {}};
}

bool Roster::is_stale(const AgentRecord& record, Now now) const {
    if (!record.published || record.touched || !is_busy(record.published->state)) return false;
    const Derived derived = derive(record, now);
    return derived.state != record.published->state || derived.contact != record.published->contact;
}

void Roster::tick(Now now) {
    std::erase_if(wrapping_, [&](AgentRecord* record) {
        if (*record->wrap_until > now.mono) return false;
        record->wrap_until.reset();
        touch(record->view.id, "wrap_up");
        return true;
    });
}

std::optional<MonoTime> Roster::next_deadline() const {
    std::optional<MonoTime> next;
    for (const AgentRecord* record : wrapping_)
        if (!next || *record->wrap_until < *next) next = record->wrap_until;
    return next;
}

// ---- Desktops ---------------------------------------------------------------

void Roster::desktop(const std::string& agent, bool connected, Now now) {
    if (settings_.desktop_gone == CallSettings::DesktopGone::none) return;
    if (connected) {
        desktops_.insert(agent);
        desktops_gone_.erase(agent);
    } else if (desktops_.erase(agent) > 0) {
        desktops_gone_.insert_or_assign(agent, now.mono + settings_.desktop_grace);
    }
}

std::vector<DesktopWish> Roster::desktop_wishes(Now now) {
    std::vector<DesktopWish> out;
    const bool log_out = settings_.desktop_gone == CallSettings::DesktopGone::logged_out;
    std::erase_if(desktops_gone_, [&](const auto& gone) {
        if (gone.second > now.mono) return false;
        const AgentRecord* record = find(gone.first);
        // Nobody offers him calls already, or he belongs to another PBX.
        const bool away = record == nullptr || record->logged_out || (!log_out && all_paused(*record));
        if (!away)
            out.push_back({gone.first, record->view.device, log_out ? AgentWish::log_out : AgentWish::not_ready,
                           log_out ? std::string{} : std::string("desktop gone")});
        return true;
    });
    for (const DesktopWish& wish : out) commanded(wish.agent, "desktop_gone", now);
    return out;
}

void Roster::desktop_answered(const std::string& agent, bool again, Now now) {
    // There again, or gone anew: the newer fact stands.
    if (again && !desktops_.contains(agent)) desktops_gone_.try_emplace(agent, now.mono + settings_.desktop_grace);
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
