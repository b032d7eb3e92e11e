// Contacts and offers: how they begin, who takes part, how they end.
#include <algorithm>
#include <utility>

#include "core/calls/call_book.h"
#include "core/calls/contact_record.h"
#include "core/calls/identity.h"
#include "core/calls/phone_number.h"
#include "core/calls/transfer_reason.h"

namespace citybridge::calls {
namespace {

OfferState offer_end_of(DialResult result) {
    switch (result) {
        case DialResult::answered: return OfferState::accepted;
        case DialResult::no_answer: return OfferState::expired;
        case DialResult::busy:
        case DialResult::rejected: return OfferState::refused;
        case DialResult::cancelled: return OfferState::revoked;
        case DialResult::failed: return OfferState::expired;
    }
    return OfferState::revoked;
}

// Q.850: 17 user busy, 21 call rejected, 18 no user responding, 19 no answer.
OfferState offer_end_of_cause(int cause) {
    if (cause == 17 || cause == 21) return OfferState::refused;
    if (cause == 18 || cause == 19) return OfferState::expired;
    return OfferState::revoked;
}

std::optional<Outcome> outcome_of_dial(DialResult result) {
    switch (result) {
        case DialResult::no_answer: return Outcome::no_answer;
        case DialResult::busy: return Outcome::busy;
        case DialResult::rejected: return Outcome::rejected;
        case DialResult::failed: return Outcome::failed;
        // Cancelled: somebody gave up or another phone was faster; who hung up tells which.
        case DialResult::cancelled:
        case DialResult::answered: return std::nullopt;
    }
    return std::nullopt;
}

bool is_all_digits(std::string_view number) {
    const std::string_view digits = number.starts_with('+') ? number.substr(1) : number;
    return !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos;
}

// The same after a restart of the node, and never the id of another offer: a phone may be offered the contact again,
// or under another agent's name.
std::string offer_id(const Contact& contact, const std::string& channel) {
    std::string id = hashed_uuid({contact.id, channel});
    const auto taken = [&] {
        return std::any_of(contact.offers.begin(), contact.offers.end(),
                           [&](const Offer& offer) { return offer.id == id; });
    };
    for (int again = 2; taken(); ++again) id = hashed_uuid({contact.id, channel, std::to_string(again)});
    return id;
}

}  // namespace

// ---- Contacts ---------------------------------------------------------------

ContactRecord& CallBook::start_contact(Channel& root, Direction direction, WallTime at) {
    // A node started anew may find only those who came later: what the PBX holds together is named after the first.
    const bool first_is_gone = inferring_ && root.group != root.id && find_channel(root.group) == nullptr;
    const std::string& first = first_is_gone ? root.group : root.id;
    std::string id = hashed_uuid({settings_.city, settings_.pbx, pbx_start_, first});
    if (root.contacts_begun++ > 0) id = hashed_uuid({id, std::to_string(root.contacts_begun)});
    // The same first channel cannot start twice in one run of the PBX; a PBX
    // that reuses ids must not corrupt the contact it reused.
    while (contacts_.contains(id) || known_.contains(id)) id = hashed_uuid({id, to_rfc3339(at)});
    auto& record = contacts_[id];
    record = std::make_unique<ContactRecord>();
    record->view.id = id;
    record->view.direction = direction;
    record->view.started_at = at;
    record->root_channel = root.id;
    contact_by_group_[root.group] = record.get();
    record->groups.push_back(root.group);
    happened(*record, ContactChanged::What::started);
    return *record;
}

void CallBook::start_inbound(Channel& caller, WallTime at) {
    ContactRecord& record = start_contact(caller, Direction::inbound, at);
    record.anchor_channel = caller.id;
    record.view.customer_number = caller.number;
    record.view.customer_number_e164 = to_e164(caller.number, settings_.region, {});
    record.view.called_number = caller.dialled;
    attach(record, caller, LegRole::customer);
}

ContactRecord* CallBook::start_from_dial(Channel& from, Channel& target, const std::string& number, WallTime at) {
    if (from.internal_helper) return nullptr;
    const std::string& dialled = !number.empty() ? number : !from.dialled.empty() ? from.dialled : target.number;
    const bool agents_own = !from.agent.empty();
    if (agents_own && target.agent.empty()) {
        ContactRecord& record = start_contact(from, Direction::outbound, from.rung_by_pbx ? at : from.started_at);
        record.anchor_channel = target.id;
        record.view.customer_number = dialled;
        record.view.customer_number_e164 = to_e164(dialled, settings_.region, settings_.outside_prefix);
        record.view.called_number = dialled;
        attach(record, from, LegRole::agent);
        attach(record, target, LegRole::customer);
        return &record;
    }
    // Who was rung himself, and by somebody who is gone: a customer one of us had called.
    const bool was_called = inferring_ && from.dialled.empty() && find_channel(from.group) == nullptr;
    const Direction direction = agents_own                       ? Direction::internal
                                : from.rung_by_pbx || was_called ? Direction::outbound
                                                                 : Direction::inbound;
    ContactRecord& record = start_contact(from, direction, from.started_at);
    record.anchor_channel = from.id;
    // Whom the PBX called first was called, whoever he is connected with then.
    record.view.called_number = direction == Direction::outbound ? from.number : dialled;
    if (!agents_own) {
        record.view.customer_number = from.number;
        record.view.customer_number_e164 = to_e164(from.number, settings_.region, settings_.outside_prefix);
    }
    attach(record, from, agents_own ? LegRole::agent : LegRole::customer);
    return &record;
}

void CallBook::attach(ContactRecord& record, Channel& channel, std::optional<LegRole> role) {
    if (channel.contact != &record) {
        channel.has_leg = false;  // the leg it had is one of the contact it leaves
        channel.contact = &record;
        record.channels.push_back(channel.id);
    }
    if (!channel.recorded_early.empty())
        record_to(record, channel.id, std::exchange(channel.recorded_early, {}), record.view.started_at);
    if (channel.internal_helper) return;
    if (channel.has_leg) {
        if (role) record.view.legs[channel.leg].role = *role;
        return touch(record);
    }
    add_leg(record, channel, role.value_or(channel.agent.empty() ? LegRole::trunk : LegRole::agent));
}

void CallBook::add_leg(ContactRecord& record, Channel& channel, LegRole role) {
    Leg leg;
    leg.role = role;
    leg.agent = channel.agent.empty() ? channel.stands_for : channel.agent;
    const AgentRecord* behind = channel.internal_helper ? roster_.find(leg.agent) : nullptr;
    leg.number = behind != nullptr ? std::string{} : channel.number;
    leg.name = behind != nullptr ? behind->view.name : channel.name;
    leg.device = channel.device;
    leg.pbx_ids.push_back(channel.id);
    channel.leg = record.view.legs.size();
    channel.has_leg = true;
    record.view.legs.push_back(std::move(leg));
    touch(record);
    if (const std::string& agent = record.view.legs.back().agent; !agent.empty()) roster_.touch(agent, "call");
}

void CallBook::end_contact(ContactRecord& record, WallTime at, bool linked) {
    if (record.view.ended_at) return;
    if (record.retry) {
        record.retry.reset();
        --retries_;
    }
    at = std::max(at, record.view.started_at);  // the PBX's clock may have been set back
    if (record.in_queue || !record.view.wait) close_wait(record, at);
    if (linked) close_transfers(record, at);
    stop_recordings(record, {}, {}, at);
    close_talk(record, at);
    close_all_holds(record, at);
    // Decided before the offers are closed: an open offer means somebody still rang.
    record.view.outcome = outcome_of(record);
    record.view.ended_by = ended_by_of(record, at, linked);
    record.view.ended_at = at;
    while (!record.open_offers.empty()) close_offer(record, record.open_offers.front().index, OfferState::revoked, at);
    for (Leg& leg : record.view.legs)
        if (!leg.left_at) leg.left_at = at;
    for (const std::string& id : record.channels)
        if (Channel* channel = find_channel(id)) {
            if (!channel->agent.empty()) roster_.touch(channel->agent, "call");
        }
    happened(record, ContactChanged::What::ended);
}

void CallBook::end_all(WallTime at, bool linked, bool inferred, Now now) {
    for (auto& [id, record] : contacts_) {
        record->view.inferred = record->view.inferred || inferred;
        end_contact(*record, at, linked);
    }
    // A helper is known to the roster under the agent it stands for.
    for (auto& [id, channel] : channels_)
        if (const std::string& agent = channel.agent.empty() ? channel.stands_for : channel.agent; !agent.empty())
            roster_.remove_channel(agent, channel, now);
    channels_.clear();
    bridges_.clear();
    pairs_.clear();
}

// ---- Dials ------------------------------------------------------------------

void CallBook::on(const Context& in, const signal::DialStarted& e) {
    Channel* target = find_channel(e.target);
    if (target == nullptr) return;
    Channel* from = find_channel(in.signal.channel);
    if (from == nullptr) {
        target->rung_by_pbx = true;
        // What a line shows on its way out is ours; who was called is what was dialled.
        const bool line = target->agent.empty() && !target->internal_helper;
        if (line && is_all_digits(e.number)) target->number = e.number;
        return;
    }
    // Told again after it was answered: a snapshot was ahead of the stream.
    if (target->dialled_by == from->id && target->dial_ended) return;
    target->dialled_by = from->id;
    target->dialled_number = e.number;
    // A helper's other half may carry the contact: both are one wire.
    if (const auto pair = pairs_.find(from->pair); from->contact == nullptr && pair != pairs_.end())
        for (Channel* half : pair->second)
            if (half->contact != nullptr && from->contact == nullptr) attach(*half->contact, *from);
    ContactRecord* record = from->contact;
    const bool again = record != nullptr && record->retry && record->retry->from == from->id;
    if (again) record = retried(*record, e.number);
    if (again && record != nullptr) make_customer(*record, *target);
    if (record == nullptr) record = start_from_dial(*from, *target, e.number, in.signal.at);
    if (record == nullptr) return;
    record->tried = true;
    record->agent_hung_up_at.reset();
    const bool ringing = target->state == ChannelState::ringing || target->state == ChannelState::up;
    if (ringing && !record->ring_since) record->ring_since = in.signal.at;
    const bool customer = record->anchor_channel == target->id;
    if (customer) return;
    if (is_anchor(*from) && !record->in_queue) customer_rings(*record, *target, e.number, in.signal.at);
    // Whoever is rung for an agent while the customer is with him is consulted: from his own channel
    // or through a helper the PBX made for it.
    const bool by_agent = !is_anchor(*from) && (!from->agent.empty() || from->internal_helper) &&
                          (record->talk_since || record->departure);
    attach(*record, *target, by_agent ? std::optional{LegRole::consult} : std::nullopt);
    if (by_agent) begin_consultation(*record, *from, *target);
    if (!target->agent.empty()) offer_to(*record, *target, target->agent, false, in.signal.at);
}

void CallBook::on(const Context& in, const signal::DialEnded& e) {
    Channel* target = find_channel(e.target);
    if (target == nullptr || target->dial_ended) return;
    target->dial_ended = true;
    // Rung for a command: nobody tried to reach him for a contact.
    if (target->contact == nullptr || (target->rung_by_pbx && target->dialled_by.empty())) return;
    ContactRecord& record = *target->contact;
    // Picked up behind a helper, on a phone that is not seen: he takes part like one whose phone is.
    const bool unseen_phone = target->internal_helper && !target->stands_for.empty() && !target->has_leg;
    if (e.result == DialResult::answered && unseen_phone && is_agents_voice(record, *target))
        add_leg(record, *target, LegRole::agent);
    if (OpenOffer* offer = open_offer_of(record, target->id)) {
        if (e.result == DialResult::answered) {
            offer->answered = true;
        } else if (!target->internal_helper || offer->channels.size() == 1) {
            close_offer(record, offer->index, offer_end_of(e.result), in.signal.at);
        }
    }
    if (e.result != DialResult::answered) {
        const TransferReason why = reason_of_dial(e.result, e.cause);
        const bool given_up = why == TransferReason::cancelled;
        end_consultation(record, *target, given_up ? who_gave_up(record, *target) : why, in.signal.at);
    }
    if (e.result == DialResult::answered && !record.ring_since) record.ring_since = in.signal.at;
    // The first of several lines that is answered is the customer's.
    const Channel* anchor = find_channel(record.anchor_channel);
    const bool other_line = anchor != nullptr && anchor != target && anchor->state != ChannelState::up &&
                            record.view.direction == Direction::outbound && !target->dialled_by.empty() &&
                            anchor->dialled_by == target->dialled_by && target->agent.empty();
    if (e.result == DialResult::answered && other_line && !target->internal_helper) make_customer(record, *target);
    const bool direct = !record.in_queue && !record.view.queued_at;
    const auto outcome = outcome_of_dial(e.result);
    // Others may have been busy or silent before: who hangs up while somebody rings gives up.
    const bool wished = record.customer_hung_up_at || record.agent_hung_up_at || record.hangup_by_command;
    const bool gave_up = wished && (!outcome || outcome == Outcome::no_answer) && e.result != DialResult::answered;
    if (direct && gave_up) {
        record.last_try.reset();
        close_wait(record, in.signal.at);
    } else if (outcome && direct) {
        record.last_try = outcome;
        close_wait(record, in.signal.at);
    }
    touch(record);
}

// ---- Offers -----------------------------------------------------------------

OpenOffer* CallBook::open_offer_of(ContactRecord& record, const std::string& channel) {
    for (OpenOffer& offer : record.open_offers)
        if (std::find(offer.channels.begin(), offer.channels.end(), channel) != offer.channels.end()) return &offer;
    return nullptr;
}

OpenOffer* CallBook::open_offer_for(ContactRecord& record, const std::string& agent) {
    for (OpenOffer& offer : record.open_offers)
        if (record.view.offers[offer.index].agent == agent) return &offer;
    return nullptr;
}

// P5: one pop per offer. A phone reached through a helper channel, or rung by
// the queue and again reported as dialled, is the same offer.
void CallBook::offer_to(ContactRecord& record, const Channel& phone, const std::string& agent, bool from_queue,
                        WallTime at) {
    // Told late: a snapshot was ahead of the stream. Who speaks already is not rung any more.
    const auto room = bridges_.find(phone.bridge);
    if (room != bridges_.end() && room->second.kind != BridgeKind::parking) return;
    OpenOffer* offer = open_offer_for(record, agent);
    if (offer != nullptr) {
        if (open_offer_of(record, phone.id) != offer) offer->channels.push_back(phone.id);
    } else {
        Offer fresh;
        fresh.id = offer_id(record.view, phone.id);
        fresh.agent = agent;
        fresh.device = phone.internal_helper ? agent : phone.device;
        fresh.offered_at = at;
        record.view.offers.push_back(std::move(fresh));
        record.open_offers.push_back({record.view.offers.size() - 1, {phone.id}, false, from_queue});
        offer = &record.open_offers.back();
        happened(record, ContactChanged::What::offered);
        roster_.touch(agent, "call");
    }
    const bool rings = phone.state == ChannelState::ringing || phone.state == ChannelState::up;
    if (rings) show_offer(record, *offer);
}

void CallBook::show_offer(ContactRecord& record, const OpenOffer& offer) {
    Offer& view = record.view.offers[offer.index];
    if (view.state != OfferState::offered) return;
    view.state = OfferState::shown;
    // After a restart of the node the agent's screen has this pop already; the
    // stream's snapshot carries the same offer id.
    if (!(inferring_ && first_snapshot_)) happened_.push_back({&record, OfferChanged::What::shown, offer.index, {}});
    touch(record);
}

void CallBook::close_offer(ContactRecord& record, std::size_t index, OfferState state, WallTime at) {
    std::erase_if(record.open_offers, [&](const OpenOffer& open) { return open.index == index; });
    Offer& offer = record.view.offers[index];
    offer.state = state;
    offer.ended_at = at;
    if (state != OfferState::accepted) happened_.push_back({&record, OfferChanged::What::revoked, index, {}});
    roster_.touch(offer.agent, "call");
    touch(record);
}

void CallBook::close_channel_offer(Channel& channel, int cause, WallTime at) {
    if (channel.contact == nullptr) return;
    ContactRecord& record = *channel.contact;
    OpenOffer* offer = open_offer_of(record, channel.id);
    if (offer == nullptr) return;
    std::erase(offer->channels, channel.id);
    if (offer->channels.empty()) close_offer(record, offer->index, offer_end_of_cause(cause), at);
}

void CallBook::accept_offer(ContactRecord& record, const Channel& phone, WallTime at) {
    OpenOffer* offer = open_offer_of(record, phone.id);
    if (offer == nullptr) return;
    show_offer(record, *offer);
    close_offer(record, offer->index, OfferState::accepted, at);
}

}  // namespace citybridge::calls
