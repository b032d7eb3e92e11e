#include "core/calls/contact_record.h"

#include <algorithm>
#include <utility>

namespace citybridge::calls {
namespace {

// The PBX drops the customer at once when the agent has hung up and nothing
// else follows in the dialplan; a menu or survey lasts longer than this.
constexpr Millis kDroppedWithAgent{1'000};

// A feature code and the number dialled after it take less than this.
constexpr Millis kConsultationDialled{10'000};

}  // namespace

ContactState state_of(const ContactRecord& record, bool anchor_up, bool anchor_hears) {
    if (record.view.ended_at) return ContactState::ended;
    if (record.parked) return ContactState::parked;
    if (record.talk_since) return record.open_holds.empty() ? ContactState::talking : ContactState::holding;
    if (!record.open_offers.empty()) return ContactState::offered;
    if (record.in_queue) return ContactState::queued;
    // With somebody who is none of our agents: a line outside.
    if (anchor_hears) return ContactState::talking;
    return anchor_up ? ContactState::ivr : ContactState::ringing;
}

Outcome outcome_of(const ContactRecord& record) {
    if (record.spoke_with_agent) return Outcome::answered;
    if (record.voicemail) return Outcome::voicemail;
    // Sent on to a line outside where somebody answered: no agent of ours, but he did not give up either.
    const bool reached_outside = record.view.direction == Direction::inbound &&
                                 std::any_of(record.view.legs.begin(), record.view.legs.end(), [](const Leg& leg) {
                                     return leg.role == LegRole::trunk && leg.joined_at.has_value();
                                 });
    if (reached_outside) return Outcome::answered;
    if (record.last_try) return *record.last_try;
    const bool left_waiting = record.in_queue || record.tried;
    const bool gave_up = record.customer_hung_up_at || record.agent_hung_up_at || record.hangup_by_command;
    if (left_waiting) return gave_up ? Outcome::abandoned : Outcome::unknown;
    return record.view.direction == Direction::inbound ? Outcome::ivr_only : Outcome::failed;
}

EndedBy ended_by_of(const ContactRecord& record, WallTime ended_at, bool linked) {
    if (!linked) return EndedBy::unknown;
    if (record.hangup_by_command) return EndedBy::agent;
    const auto& agent_at = record.agent_hung_up_at;
    const auto& customer_at = record.customer_hung_up_at;
    // Both may hang up within milliseconds; the first one did it.
    const bool agent_first = agent_at && (!customer_at || *agent_at <= *customer_at);
    if (agent_first && ended_at - *agent_at <= kDroppedWithAgent) return EndedBy::agent;
    // Whom we called and who declined has hung up himself.
    const bool declined = record.view.direction == Direction::outbound && !record.spoke_with_agent &&
                          (record.last_try == Outcome::busy || record.last_try == Outcome::rejected);
    return customer_at || declined ? EndedBy::customer : EndedBy::system;
}

std::string party_name(const Channel& channel) {
    if (!channel.agent.empty()) return channel.agent;
    if (!channel.stands_for.empty()) return channel.stands_for;
    return !channel.dialled_number.empty() ? channel.dialled_number : channel.number;
}

void refused(ContactRecord& record, int cause) {
    constexpr int kNormalClearing = 16;
    constexpr int kUserBusy = 17;
    constexpr int kCallRejected = 21;
    const bool tried =
        record.tried || record.in_queue || record.spoke_with_agent || record.voicemail || record.last_try;
    const bool his_wish = record.customer_hung_up_at.has_value() || cause == 0 || cause == kNormalClearing;
    if (record.view.direction != Direction::inbound || tried || his_wish) return;
    record.last_try = cause == kUserBusy ? Outcome::busy : cause == kCallRejected ? Outcome::rejected : Outcome::failed;
}

void close_talk(ContactRecord& record, WallTime at) {
    if (!record.talk_since) return;
    record.view.talk += std::max(Millis{0}, at - *record.talk_since);
    record.talk_since.reset();
}

namespace {

// Both sides may hold at once; that time counts once.
Millis held_in_all(std::vector<Hold> holds) {
    std::erase_if(holds, [](const Hold& hold) { return !hold.to; });
    std::sort(holds.begin(), holds.end(), [](const Hold& a, const Hold& b) { return a.from < b.from; });
    Millis sum{0};
    WallTime counted_until = WallTime::min();
    for (const Hold& hold : holds) {
        if (*hold.to <= counted_until) continue;
        sum += *hold.to - std::max(hold.from, counted_until);
        counted_until = *hold.to;
    }
    return sum;
}

}  // namespace

void close_hold(ContactRecord& record, std::string_view channel, WallTime at) {
    std::erase_if(record.open_holds, [&](const OpenHold& open) {
        if (open.channel != channel) return false;
        Hold& hold = record.view.holds[open.index];
        hold.to = std::max(open.unheard_until.value_or(at), hold.from);
        return true;
    });
    record.view.hold = held_in_all(record.view.holds);
}

void close_all_holds(ContactRecord& record, WallTime at) {
    while (!record.open_holds.empty()) close_hold(record, std::string(record.open_holds.front().channel), at);
}

void withdraw_hold(ContactRecord& record, WallTime told_since) {
    const auto until = std::exchange(record.inferred_hold_until, {});
    if (!until || *until < told_since || record.view.holds.empty()) return;
    const Hold& last = record.view.holds.back();
    if (last.to != until || !record.open_holds.empty()) return;
    record.view.holds.pop_back();
    record.view.hold = held_in_all(record.view.holds);
}

void drop_hold(ContactRecord& record, std::string_view channel, WallTime at) {
    const auto found = std::find_if(record.open_holds.begin(), record.open_holds.end(),
                                    [&](const OpenHold& open) { return open.channel == channel; });
    if (found == record.open_holds.end()) return;
    const WallTime from = record.view.holds[found->index].from;
    // Pressed before, and told again when the consultation began.
    if (found->again_at || at - from > kConsultationDialled)
        return close_hold(record, channel, found->again_at.value_or(at));
    const std::size_t index = found->index;
    record.open_holds.erase(found);
    record.view.holds.erase(record.view.holds.begin() + static_cast<std::ptrdiff_t>(index));
    for (OpenHold& open : record.open_holds)
        if (open.index > index) --open.index;
}

void close_wait(ContactRecord& record, WallTime at) {
    const auto since = record.view.queued_at ? record.view.queued_at : record.ring_since;
    if (!since || record.spoke_with_agent) return;
    record.view.wait = std::max(Millis{0}, at - *since);
}

}  // namespace citybridge::calls
