// Who is with whom: bridges of two, conferences, parking, holds.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

#include "adapters/freeswitch/translate_table.h"
#include "adapters/freeswitch/words.h"

namespace citybridge::freeswitch {
namespace {

// It begins with the second it happened in.
bool is_just_now(std::string_view transfer_source, WallTime now) {
    constexpr std::chrono::seconds kJustNow{3};
    std::int64_t seconds = 0;
    const auto read = std::from_chars(transfer_source.data(), transfer_source.data() + transfer_source.size(), seconds);
    constexpr std::int64_t kMaxSeconds = 100'000'000'000;
    if (read.ec != std::errc{} || seconds < 0 || seconds > kMaxSeconds) return true;
    return now - WallTime(std::chrono::seconds(seconds)) <= kJustNow;
}

}  // namespace

// Two conversations that a command joins (`uuid_bridge`, intercept, a leg
// originated into a conference): nobody dialled anybody, so the one who belongs
// to none yet counts as called by the other. `at` is when his channel began.
void Handlers::bind(Translator& self, const EventContext& context, const std::string& one, const std::string& other) {
    const bool one_bound = self.remember(one).bound;
    const bool other_bound = self.remember(other).bound;
    if (one_bound && other_bound) return;
    std::string from = one;
    std::string target = other;
    // Neither belongs anywhere: the agent who was rung first is the one who calls.
    const bool turn = one_bound == other_bound ? !self.remember(one).local && self.remember(other).local : other_bound;
    if (turn) std::swap(from, target);
    Remembered& joined = self.remember(target);
    // Who dialled in himself, to fetch somebody or into a conference, was not rung.
    if (joined.seen && !joined.outbound && one_bound != other_bound) {
        joined.bound = true;
        return;
    }
    const WallTime at = joined.seen ? joined.created_at : context.at;
    // Who dialled in himself was asked for by nobody: it is what the other dialled.
    const std::string number = joined.seen && !joined.outbound ? std::string() : joined.number;
    const bool up = joined.up;
    dialled(self, context, from, target, number, at);
    if (up) context.say(from, signal::DialEnded{target, DialResult::answered});
}

// Agent and customer were taken apart by one command, and now the agent speaks
// with a third: it was the beginning of a consultation, during which the
// customer stays with the agent.
void Handlers::rejoin(Translator& self, const EventContext& context, const std::string& agent,
                      const std::string& other) {
    Remembered* known = self.find(agent);
    if (known == nullptr || !known->local || known->apart_from.empty() || known->apart_from == other) return;
    const std::string customer = known->apart_from;
    const WallTime at = known->apart_at == WallTime{} ? context.at : known->apart_at;
    Remembered* waiting = self.find(customer);
    const bool alone = waiting != nullptr && waiting->apart_from == agent && !waiting->hung_up &&
                       (waiting->bridge.empty() || waiting->bridge == park_bridge(customer));
    known->apart_from.clear();
    if (waiting != nullptr) waiting->apart_from.clear();
    if (!alone || waiting->local) return;
    const std::string bridge = bridge_of_two(agent, customer);
    enter(self, context, customer, bridge, BridgeKind::two_party, {}, at);
    enter(self, context, agent, bridge, BridgeKind::two_party, {}, at);
    self.remember(customer).peer = agent;
    self.remember(agent).peer = customer;
}

void Handlers::bridge(Translator& self, const EventContext& context) {
    const std::string one = context.text("Bridge-A-Unique-ID");
    const std::string other = context.text("Bridge-B-Unique-ID");
    if (one.empty() || other.empty()) return;
    self.remember(context.channel()).transfer_source = context.text("Caller-Transfer-Source");
    if (is_early(self, context, one, other)) return bind(self, context, one, other);
    together(self, context, one, other);
}

// A line that plays its own ringing or an announcement is bridged before anybody answers, and may never be answered.
bool Handlers::is_early(Translator& self, const EventContext& context, const std::string& one,
                        const std::string& other) {
    const bool teller_early = context.event.value("Answer-State") == "early";
    bool early = false;
    for (const auto& [channel, peer] : {std::pair(&one, &other), std::pair(&other, &one)}) {
        Remembered& known = self.remember(*channel);
        if (!known.seen || !known.outbound || known.up || !(known.early_media || teller_early)) continue;
        known.early_with = *peer;
        early = true;
    }
    return early;
}

void Handlers::early_answered(Translator& self, const EventContext& context, const std::string& channel) {
    Remembered* known = self.find(channel);
    if (known == nullptr) return;
    if (const std::string room = std::exchange(known->early_room, {}); !room.empty())
        enter_room(self, context, channel, room);
    known = self.find(channel);
    if (known->early_with.empty()) return;
    const std::string peer = std::exchange(known->early_with, {});
    const Remembered* other = self.find(peer);
    if (other != nullptr && !other->hung_up && other->early_with.empty()) together(self, context, channel, peer);
}

void Handlers::together(Translator& self, const EventContext& context, const std::string& one,
                        const std::string& other) {
    rejoin(self, context, one, other);
    rejoin(self, context, other, one);
    bind(self, context, one, other);
    const std::string id = bridge_of_two(one, other);
    for (const auto& [channel, peer] : {std::pair(&one, &other), std::pair(&other, &one)}) {
        Remembered& known = self.remember(*channel);
        // Nothing told the end of the bridge he is in: he set it aside (att_xfer) and may return to it.
        const bool aside = !known.peer.empty() && known.peer != *peer;
        const std::string old_bridge = aside ? known.bridge : std::string();
        const std::string old_peer = aside ? known.peer : std::string();
        enter(self, context, *channel, id, BridgeKind::two_party, {}, context.at);
        Remembered& now = self.remember(*channel);
        now.peer = *peer;
        now.apart_from.clear();
        now.set_aside = old_bridge;
        now.set_aside_peer = old_peer;
    }
}

// No event told that two spoke (not subscribed to, or lost), but the end of one does.
void Handlers::missed_bridge(Translator& self, const EventContext& context) {
    const std::string id = context.channel();
    auto at = context.event.time("Caller-Channel-Bridged-Time");
    const auto answered_at = context.event.time("Caller-Channel-Answered-Time");
    std::string peer = context.text("variable_last_bridge_to");
    if (peer.empty()) peer = context.text("Other-Leg-Unique-ID");
    Remembered* own = self.find(id);
    const Remembered* other = self.find(peer);
    // Bridged by early media, and the word of the answer was lost.
    if (own != nullptr && !own->early_with.empty() && answered_at) own->up = true;
    if (at && answered_at) at = std::max(*at, *answered_at);
    if (!at || own == nullptr || other == nullptr || !own->seen || !other->seen) return;
    if (own->bridged || other->bridged || !own->up || !other->up) return;
    const std::string bridge = bridge_of_two(id, peer);
    enter(self, context, id, bridge, BridgeKind::two_party, {}, *at);
    enter(self, context, peer, bridge, BridgeKind::two_party, {}, *at);
    self.remember(id).peer = peer;
    self.remember(peer).peer = id;
}

// "1795289819:5d5b...:bl_xfer:1002/default/XML" is new on who was sent to an
// extension: by a command, or by a phone's REFER.
void Handlers::transferred(Translator& self, const EventContext& context, const std::string& by) {
    constexpr std::string_view kBlind = ":bl_xfer:";
    Remembered* moved = self.find(context.channel());
    const std::string source = context.text("Caller-Transfer-Source");
    const std::size_t at = source.find(kBlind);
    if (moved == nullptr || moved->hung_up || moved->local || at == std::string::npos || !source.ends_with("/XML"))
        return;
    if (source == std::exchange(moved->transfer_source, source)) return;
    // Of a channel from before this connection it may be the trace of an old one.
    if (!is_just_now(source, context.at)) return;
    const std::string to = source.substr(at + kBlind.size());
    context.say(by,
                signal::Transferred{
                    TransferKind::blind, TransferResult::completed, to.substr(0, to.find('/')), context.channel(), {}});
}

// Told once, on one leg, and sometimes after the other leg has ended or gone on elsewhere.
void Handlers::unbridge(Translator& self, const EventContext& context) {
    const std::string one = context.text("Bridge-A-Unique-ID");
    const std::string other = context.text("Bridge-B-Unique-ID");
    const std::string id = bridge_of_two(one, other);
    const bool teller_ended = context.event.value("Answer-State") == "hangup";
    if (teller_ended) {
        if (Remembered* teller = self.find(context.channel())) teller->hung_up = true;
    }
    Remembered* first = self.find(one);
    Remembered* second = self.find(other);
    transferred(self, context, context.channel() == one ? other : one);
    const bool early =
        (first != nullptr && first->early_with == other) || (second != nullptr && second->early_with == one);
    const bool both_live = first != nullptr && second != nullptr && !first->hung_up && !second->hung_up && !early;
    for (const std::string* channel : {&one, &other}) {
        Remembered* known = self.find(*channel);
        if (known == nullptr) continue;
        if (both_live) {
            known->apart_from = channel == &one ? other : one;
            known->apart_at = context.at;
        }
        if (known->set_aside == id) known->set_aside.clear();
        if (known->early_with == (channel == &one ? other : one)) known->early_with.clear();
        if (known->bridge != id) continue;
        const std::string back = std::exchange(known->set_aside, {});
        const std::string back_to = std::exchange(known->set_aside_peer, {});
        leave(self, context, *channel);
        const Remembered* waiting = self.find(back_to);
        if (back.empty() || known->hung_up || waiting == nullptr || waiting->hung_up || waiting->bridge != back)
            continue;
        enter(self, context, *channel, back, BridgeKind::two_party, {}, context.at);
        self.remember(*channel).peer = back_to;
    }
}

void Handlers::park(Translator& self, const EventContext& context) {
    const std::string id = context.channel();
    Remembered& known = self.remember(id);
    const std::string by = known.apart_from;
    const bool local = known.local;
    // UNBRIDGE of the bridge he was taken out of may still be on its way; parking ends it.
    enter(self, context, id, park_bridge(id), BridgeKind::parking, {}, context.at);
    // Sent to an extension of the dialplan, a caller can be fetched from there.
    // Parked in place he waits for what a command does next.
    const std::string slot = context.text("Caller-Destination-Number");
    const std::string source = context.text("Caller-Transfer-Source");
    if (!local && is_number(slot) && source.find(":bl_xfer:" + slot) != std::string::npos)
        context.say(id, signal::Parked{slot, by});
}

void Handlers::unpark(Translator& self, const EventContext& context) {
    const std::string id = context.channel();
    const Remembered* known = self.find(id);
    if (known != nullptr && known->bridge == park_bridge(id)) leave(self, context, id);
}

// A phone's own hold key is told with the channel of who pressed it, the
// command uuid_hold with the channel that is put on hold.
void Handlers::hold(Translator& self, const EventContext& context) {
    const std::string id = context.channel();
    const Remembered& known = self.remember(id);
    std::string holder = id;
    if (context.event.value("Event-Calling-Function") == "switch_ivr_hold")
        holder = self.holder_by_command(id, known.peer.empty() ? context.text("Other-Leg-Unique-ID") : known.peer);
    self.held_before_.erase(holder);
    self.remember(id).holder = holder;
    context.say(std::move(holder), signal::HoldChanged{true});
}

void Handlers::unhold(Translator& self, const EventContext& context) {
    const std::string id = context.channel();
    Remembered* known = self.find(id);
    std::string holder = known != nullptr ? std::exchange(known->holder, {}) : std::string();
    if (holder.empty()) holder = id;
    self.held_before_.erase(holder);
    context.say(std::move(holder), signal::HoldChanged{false});
}

void Handlers::conference(Translator& self, const EventContext& context) {
    const std::string action = context.text("Action");
    const std::string id = context.channel();
    if (id.empty()) return;
    const std::string room = context.text("Conference-Name");
    const std::string bridge = conference_bridge(room);
    if (action == "add-member") {
        auto& members = self.rooms_[bridge];
        // Invited by whoever of us is in it, else by the first.
        const auto host = std::find_if(members.begin(), members.end(), [&](const std::string& member) {
            const Remembered* known = self.find(member);
            return known != nullptr && known->local && known->bound;
        });
        const std::string from = host != members.end() ? *host : members.empty() ? std::string() : members.front();
        if (!from.empty() && from != id) bind(self, context, from, id);
        Remembered& invited = self.remember(id);
        if (invited.seen && invited.outbound && !invited.up && invited.early_media)
            invited.early_room = room;
        else
            enter_room(self, context, id, room);
    } else if (action == "del-member") {
        Remembered& known = self.remember(id);
        known.early_room.clear();
        if (known.bridge == bridge) leave(self, context, id);
    }
}

void Handlers::enter_room(Translator& self, const EventContext& context, const std::string& channel,
                          const std::string& room) {
    const std::string bridge = conference_bridge(room);
    enter(self, context, channel, bridge, BridgeKind::conference, room, context.at);
    auto& members = self.rooms_[bridge];
    if (std::find(members.begin(), members.end(), channel) == members.end()) members.push_back(channel);
}

void Handlers::valet(Translator& self, const EventContext& context) {
    const std::string action = context.text("Action");
    const std::string id = context.channel();
    if (id.empty()) return;
    if (action == "hold") {
        self.remember(id).valet = true;
        context.say(id, signal::Parked{context.text("Valet-Extension"), context.text("variable_blind_transfer_uuid")});
    } else if (action == "bridge") {
        // Told on the one who waits or on the one who fetches him.
        const std::string other = context.text("Bridge-To-UUID");
        const Remembered* waits = self.find(other);
        const bool told_by_fetcher = waits != nullptr && waits->valet && !self.remember(id).valet;
        context.say(told_by_fetcher ? other : id, signal::Unparked{told_by_fetcher ? id : other});
        self.remember(told_by_fetcher ? other : id).valet = false;
    } else if (action == "exit") {
        self.remember(id).valet = false;
        context.say(id, signal::Unparked{});
    }
}

}  // namespace citybridge::freeswitch
