// Calls that began and ended while nobody watched, as the PBX's own records have them.
#include <algorithm>

#include "core/calls/call_book.h"
#include "core/calls/contact_record.h"
#include "core/calls/identity.h"
#include "core/calls/phone_number.h"

namespace citybridge::calls {
namespace {

Outcome outcome_of(const signal::PastCall& call) {
    if (call.answered_at) return Outcome::answered;
    if (call.abandoned) return Outcome::abandoned;
    switch (call.result) {
        case DialResult::no_answer: return Outcome::no_answer;
        case DialResult::busy: return Outcome::busy;
        case DialResult::rejected: return Outcome::rejected;
        case DialResult::failed: return Outcome::failed;
        case DialResult::cancelled: return Outcome::abandoned;
        case DialResult::answered: break;
    }
    const bool met_nobody = call.queue.empty() && call.agent.empty();
    return met_nobody && call.caller_device.empty() ? Outcome::ivr_only : Outcome::unknown;
}

OfferState offer_end_of(const signal::PastCall& call) {
    if (call.answered_at) return OfferState::accepted;
    if (call.abandoned || call.result == DialResult::cancelled) return OfferState::revoked;
    const bool refused = call.result == DialResult::busy || call.result == DialResult::rejected;
    return refused ? OfferState::refused : OfferState::expired;
}

}  // namespace

void CallBook::on(const Context& in, const signal::PastCall& e) {
    const std::string& channel = in.signal.channel;
    if (channel.empty()) return;
    const std::string id = hashed_uuid({settings_.city, settings_.pbx, pbx_start_, channel});
    if (contacts_.contains(id) || known_.contains(id)) return;
    const WallTime ended = std::max(in.signal.at, e.started_at);
    const std::string caller = e.caller_device.empty() ? std::string{} : roster_.agent_of_device(e.caller_device, {});
    if (!e.agent.empty()) roster_.ensure(e.agent, e.device);

    auto owned = std::make_unique<ContactRecord>();
    ContactRecord& record = *owned;
    Contact& view = record.view;
    view.id = id;
    view.inferred = true;
    view.direction = caller.empty() ? Direction::inbound : e.agent.empty() ? Direction::outbound : Direction::internal;
    const bool outbound = view.direction == Direction::outbound;
    if (view.direction != Direction::internal) view.customer_number = outbound ? e.dialled : e.number;
    view.customer_number_e164 =
        to_e164(view.customer_number, settings_.region, outbound ? settings_.outside_prefix : std::string{});
    view.called_number = e.dialled;
    view.queue = e.queue;
    view.started_at = e.started_at;
    view.queued_at = e.queued_at;
    view.answered_at = e.answered_at;
    view.ended_at = ended;
    view.ended_by = EndedBy::unknown;
    view.outcome = outcome_of(e);
    const WallTime waited_until = std::clamp(e.answered_at.value_or(ended), e.started_at, ended);
    if (e.queued_at || e.answered_at)
        view.wait = std::max(Millis{0}, waited_until - e.queued_at.value_or(e.started_at));
    if (e.answered_at) view.talk = ended - waited_until;
    const std::optional<WallTime> joined = e.answered_at;
    const LegRole first = caller.empty() ? LegRole::customer : LegRole::agent;
    view.legs.push_back({first, e.number, e.name, caller, e.caller_device, {channel}, joined, ended});
    if (outbound) view.legs.push_back({LegRole::customer, e.dialled, {}, {}, {}, {}, joined, ended});
    if (!e.agent.empty()) {
        std::vector<std::string> ids;
        if (!e.agent_channel.empty()) ids.push_back(e.agent_channel);
        view.legs.push_back({LegRole::agent, {}, {}, e.agent, e.device, std::move(ids), joined, ended});
        view.offers.push_back({hashed_uuid({id, e.agent_channel, e.agent}), e.agent, e.device, offer_end_of(e),
                               e.queued_at.value_or(e.started_at), waited_until});
    }
    contacts_[id] = std::move(owned);
    happened(record, ContactChanged::What::started);
    happened(record, ContactChanged::What::ended);
}

}  // namespace citybridge::calls
