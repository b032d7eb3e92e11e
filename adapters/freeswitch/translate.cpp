#include "adapters/freeswitch/translate.h"

#include <algorithm>
#include <array>
#include <utility>

#include "adapters/freeswitch/translate_table.h"
#include "adapters/freeswitch/words.h"
#include "core/api/text.h"

namespace citybridge::freeswitch {
namespace {

// Channels that end unseen (a cut link) are forgotten with the next link; these
// bounds are for a PBX that never says their end.
constexpr std::size_t kMaxChannels = 100'000;
constexpr std::size_t kMaxAgents = 20'000;
constexpr std::size_t kMaxSaidAgain = 16;
// A phone of ours without any other sign has a number this short.

struct Row {
    std::string_view name;
    Handlers::Function function;
};

constexpr std::array kFunctions{
    Row{"API", &Handlers::api},
    Row{"CHANNEL_ANSWER", &Handlers::answer},
    Row{"CHANNEL_BRIDGE", &Handlers::bridge},
    Row{"CHANNEL_CREATE", &Handlers::create},
    Row{"CHANNEL_DESTROY", &Handlers::hangup_complete},
    Row{"CHANNEL_EXECUTE", &Handlers::execute},
    Row{"CHANNEL_HANGUP", &Handlers::hangup},
    Row{"CHANNEL_HANGUP_COMPLETE", &Handlers::hangup_complete},
    Row{"CHANNEL_HOLD", &Handlers::hold},
    Row{"CHANNEL_PARK", &Handlers::park},
    Row{"CHANNEL_PROGRESS", &Handlers::progress},
    Row{"CHANNEL_PROGRESS_MEDIA", &Handlers::progress},
    Row{"CHANNEL_UNBRIDGE", &Handlers::unbridge},
    Row{"CHANNEL_UNHOLD", &Handlers::unhold},
    Row{"CHANNEL_UNPARK", &Handlers::unpark},
    Row{"CHANNEL_UUID", &Handlers::renamed},
    Row{"CUSTOM", &Handlers::custom},
    Row{"RECORD_START", &Handlers::record_start},
    Row{"RECORD_STOP", &Handlers::record_stop},
};
static_assert(std::is_sorted(kFunctions.begin(), kFunctions.end(),
                             [](const Row& a, const Row& b) { return a.name < b.name; }));

}  // namespace

Handlers::Function Handlers::find(std::string_view event_name) {
    const auto row = std::lower_bound(kFunctions.begin(), kFunctions.end(), event_name,
                                      [](const Row& r, std::string_view name) { return r.name < name; });
    return row != kFunctions.end() && row->name == event_name ? row->function : nullptr;
}

void Translator::translate(const Event& event, WallTime arrival, std::vector<PbxSignal>& out) {
    const Handlers::Function function = Handlers::find(event.name());
    // Only here, where nothing refers to a channel yet.
    if (channels_.size() >= kMaxChannels) forget_channels();
    if (function != nullptr) function(*this, {event, event.at().value_or(arrival), out});
}

std::string Translator::text(std::string_view bytes) const { return to_utf8(bytes, settings_.charset); }

// An agent's phone is named by its user alone. What comes through a trunk is
// never an agent, though its caller may have a number as short as an extension.
std::string Translator::device_of(std::string_view name, std::string_view gateway) const {
    if (!gateway.empty()) return "gateway/" + std::string(gateway);
    const ChannelName parts = channel_name(name);
    const auto& trunks = settings_.trunk_profiles;
    if (std::find(trunks.begin(), trunks.end(), parts.profile) != trunks.end()) return std::string(name);
    const std::string_view user = bare_user(parts.address);
    return std::string(user.empty() ? name : user);
}

// What is said before the lists are there is about channels that an earlier connection knew.
Translator::Remembered& Translator::remember(std::string_view channel) {
    const auto [place, fresh] = channels_.try_emplace(std::string(channel));
    if (fresh) recall(place->second, place->first);
    return place->second;
}

Translator::Remembered* Translator::find(std::string_view channel) {
    const auto found = channels_.find(std::string(channel));
    if (found != channels_.end()) return &found->second;
    return channels_before_.contains(std::string(channel)) ? &remember(channel) : nullptr;
}

void Translator::forget_channels() {
    if (held_before_.size() >= kMaxChannels) held_before_.clear();
    for (const auto& [id, known] : channels_)
        if (!known.holder.empty()) held_before_.insert(known.holder);
    // A connection that broke before its snapshot knew nothing new of what was there.
    for (auto& [id, known] : channels_) channels_before_.insert_or_assign(id, std::move(known));
    if (channels_before_.size() > kMaxChannels) channels_before_.clear();
    channels_.clear();
    rooms_.clear();
}

void Translator::know_channel(const signal::SnapshotChannel& channel) {
    Remembered& known = remember(channel.id);
    const bool fresh = !std::exchange(known.seen, true);
    known.up = known.up || channel.started.state == ChannelState::up;
    known.bridged = true;
    if (known.dialled_by.empty()) known.dialled_by = channel.dialled_by;
    if (known.bridge.empty()) known.bridge = channel.bridge;
    const bool together = !known.bridge.empty() && known.bridge != park_bridge(channel.id);
    if (together) known.apart_from.clear();
    if (fresh) {
        known.local = is_extension(channel.started.device);
        known.outbound = channel.started.state != ChannelState::calling && channel.started.dialled.empty();
        known.created_at = channel.started_at;
        known.number = channel.started.number;
        known.dial_open = !known.dialled_by.empty() && !known.up;
    }
    // A leg that a command originated and set aside belongs to nobody yet.
    known.bound = known.bound || !known.outbound || !known.dialled_by.empty() || together;
    if (!known.bridge.empty() && channel.bridge_kind == BridgeKind::conference)
        rooms_[known.bridge].push_back(channel.id);
}

// Where it is now is told by events and the list; what it is does not change.
void Translator::recall(Remembered& known, const std::string& id) {
    const auto found = channels_before_.find(id);
    if (found == channels_before_.end() || !found->second.seen) return;
    Remembered& before = found->second;
    known.seen = true;
    known.local = before.local;
    known.outbound = before.outbound;
    known.up = before.up;
    known.bound = before.bound;
    known.bridged = before.bridged;
    known.created_at = before.created_at;
    known.number = before.number;
    known.dialled_by = before.dialled_by;
    known.dial_open = before.dial_open;
    known.valet = before.valet;
    known.listening = before.listening;
    known.early_media = before.early_media;
    known.transfer_source = before.transfer_source;
    known.recordings = before.recordings;
    known.apart_from = before.apart_from;
    known.apart_at = before.apart_at;
    const bool of_two = !before.peer.empty() && before.bridge == bridge_of_two(id, before.peer);
    if (known.apart_from.empty() && of_two) known.apart_from = before.peer;
}

void Translator::know_queue_entry(const std::string& channel, const std::string& queue, const std::string& entry) {
    Remembered& known = remember(channel);
    if (!known.queue_entry.empty()) return;  // told by an event since
    known.queue = queue;
    known.queue_entry = entry;
}

void Translator::know_apart(WallTime at) {
    channels_before_.clear();
    for (auto& [id, known] : channels_) {
        // Who rings somebody is no leg that belongs to nobody yet.
        if (Remembered* caller = find(known.dialled_by)) caller->bound = true;
        if (!known.up || known.bridge != park_bridge(id)) continue;
        const std::string& other = known.apart_from.empty() ? known.dialled_by : known.apart_from;
        Remembered* partner = find(other);
        const bool apart = partner != nullptr && partner->up && partner->bridge == park_bridge(other);
        if (!apart || known.local == partner->local || !(partner->apart_from.empty() || partner->apart_from == id))
            continue;
        known.apart_from = other;
        if (known.apart_at == WallTime{}) known.apart_at = at;
        partner->apart_from = id;
        partner->apart_at = known.apart_at;
    }
}

void Translator::know_call(const std::string& one, const std::string& other) {
    Remembered* a = find(one);
    Remembered* b = find(other);
    if (a == nullptr || b == nullptr) return;
    const std::string bridge = bridge_of_two(one, other);
    // Events since may have gone further.
    if (a->bridge == bridge) a->peer = other;
    if (b->bridge == bridge) b->peer = one;
}

void Translator::know_early(const std::string& rung, const std::string& other) {
    Remembered* const known = find(rung);
    // Events since may have gone further.
    if (known == nullptr || known->up || !known->bridge.empty()) return;
    known->early_media = true;
    known->early_with = other;
    // What such lists show is no bridge of old: it has not begun.
    known->bridged = false;
}

// A command comes from the agent's side, whichever leg it names.
std::string Translator::holder_by_command(const std::string& channel, const std::string& peer) {
    const Remembered* held = find(channel);
    const Remembered* other = find(peer);
    const bool peers = other != nullptr && other->local && (held == nullptr || !held->local);
    return peers ? peer : channel;
}

// The list shows which leg is on hold. That leg's party pressed, unless it was said otherwise before.
std::vector<PbxSignal> Translator::know_holds(const std::vector<std::string>& held, WallTime at) {
    std::vector<PbxSignal> out;
    for (const std::string& id : held) {
        Remembered* known = find(id);
        // Told by an event since.
        if (known == nullptr || !known->holder.empty()) continue;
        known->holder = held_before_.contains(known->peer) ? known->peer : id;
        const bool said = held_before_.erase(known->holder) > 0;
        if (!said || in_doubt_) out.push_back({at, known->holder, {}, signal::HoldChanged{true}});
    }
    const bool in_doubt = std::exchange(in_doubt_, false);
    for (const auto& channel : channels_) {
        const std::string& id = channel.first;
        const auto holds = [&](const auto& each) { return each.second.holder == id; };
        if (in_doubt && std::none_of(channels_.begin(), channels_.end(), holds))
            out.push_back({at, id, {}, signal::HoldChanged{false}});
    }
    for (const std::string& holder : held_before_) out.push_back({at, holder, {}, signal::HoldChanged{false}});
    held_before_.clear();
    return out;
}

CallcenterAgent& Translator::agent(std::string_view full_name) {
    if (agents_.size() >= kMaxAgents) agents_.clear();
    const std::string_view bare = bare_user(full_name);
    CallcenterAgent& known = agents_[std::string(bare)];
    if (known.name.empty()) {
        known.name = full_name;
        known.device = bare;
    }
    return known;
}

void Translator::know_agent(CallcenterAgent fresh) {
    CallcenterAgent& known = agent(fresh.name);
    if (fresh.status == known.status) fresh.reason = std::move(known.reason);
    known = std::move(fresh);
}

std::string Translator::full_agent_name(std::string_view bare, std::string_view domain) const {
    const auto found = agents_.find(std::string(bare));
    if (found != agents_.end()) return found->second.name;
    const bool whole = domain.empty() || bare.find('@') != std::string_view::npos;
    return whole ? std::string(bare) : std::string(bare).append("@").append(domain);
}

void Translator::expect_break(std::string_view bare, std::string reason) {
    const auto found = agents_.find(std::string(bare));
    if (found != agents_.end()) found->second.reason = std::move(reason);
}

std::vector<std::string> Translator::recordings_of(std::string_view channel) const {
    const auto found = channels_.find(std::string(channel));
    return found != channels_.end() ? found->second.recordings : std::vector<std::string>{};
}

// FreeSWITCH has one state for all queues of an agent; it is said for each of them.
std::vector<signal::MemberChanged> Translator::members_of(std::string_view bare) const {
    using Pause = signal::MemberChanged::Pause;
    std::vector<signal::MemberChanged> out;
    const auto found = agents_.find(std::string(bare));
    if (found == agents_.end()) return out;
    const CallcenterAgent& known = found->second;
    signal::MemberChanged member;
    member.agent = bare;
    member.name = text(known.name);
    member.device = known.device;
    member.wrap_up_seconds = known.wrap_up_seconds;
    const bool on_break = known.status == "On Break" || known.state == "Idle";
    if (!known.status.empty()) {
        member.status = known.status == "Logged Out" ? DeviceStatus::unavailable : DeviceStatus::idle;
        member.pause = on_break ? Pause::paused : Pause::unpaused;
        if (on_break) member.reason = known.reason;
    }
    for (const std::string& queue : known.queues) {
        member.queue = queue;
        out.push_back(member);
    }
    if (known.queues.empty()) out.push_back(std::move(member));
    return out;
}

// ---- Steps shared by the handlers -------------------------------------------

std::string bridge_of_two(std::string_view one, std::string_view other) {
    return std::string(std::min(one, other)).append("|").append(std::max(one, other));
}

std::string conference_bridge(std::string_view room) { return "conference/" + std::string(room); }

std::string park_bridge(std::string_view channel) { return "park/" + std::string(channel); }

void Handlers::dialled(Translator& self, const EventContext& context, const std::string& from,
                       const std::string& target, const std::string& number, WallTime at) {
    PbxSignal dial{at, from, {}, signal::DialStarted{target, number}};
    Remembered& rung = self.remember(target);
    rung.dialled_by = from;
    rung.dial_open = !rung.up;
    rung.bound = true;
    if (!from.empty()) {
        Remembered& caller = self.remember(from);
        caller.bound = true;
        if (!caller.seen && caller.again.size() < kMaxSaidAgain) caller.again.push_back(dial);
    }
    context.out.push_back(std::move(dial));
}

void Handlers::enter(Translator& self, const EventContext& context, const std::string& channel,
                     const std::string& bridge, BridgeKind kind, const std::string& name, WallTime at) {
    Remembered& known = self.remember(channel);
    if (known.bridge == bridge) return;
    if (!known.bridge.empty()) leave(self, context, channel);
    known.bridge = bridge;
    known.bridged = known.bridged || kind != BridgeKind::parking;
    known.peer.clear();
    PbxSignal entered{at, channel, {}, signal::BridgeEntered{bridge, kind, {}, name}};
    if (!known.seen && known.again.size() < kMaxSaidAgain) known.again.push_back(entered);
    context.out.push_back(std::move(entered));
}

void Handlers::leave(Translator& self, const EventContext& context, const std::string& channel) {
    Remembered* known = self.find(channel);
    if (known == nullptr || known->bridge.empty()) return;
    const std::string bridge = std::exchange(known->bridge, {});
    known->peer.clear();
    if (const auto room = self.rooms_.find(bridge); room != self.rooms_.end()) {
        std::erase(room->second, channel);
        if (room->second.empty()) self.rooms_.erase(room);
    }
    context.say(channel, signal::BridgeLeft{bridge});
}

void Handlers::say_hangup(Translator& self, const EventContext& context, const std::string& channel, WallTime at) {
    Remembered& known = self.remember(channel);
    if (!std::exchange(known.hangup_told, true)) context.say_at(at, channel, signal::HangupRequested{});
}

}  // namespace citybridge::freeswitch
