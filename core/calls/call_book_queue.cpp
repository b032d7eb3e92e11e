// Queues: waiting, being offered to members, being connected.
#include "core/calls/call_book.h"
#include "core/calls/contact_record.h"
#include "core/calls/phone_number.h"

namespace citybridge::calls {

void CallBook::on(const Context& in, const signal::QueueEntered& e) {
    Channel* channel = find_channel(in.signal.channel);
    if (channel == nullptr) return;
    if (channel->contact == nullptr) {
        const Direction direction = !channel->agent.empty() ? Direction::internal
                                    : channel->rung_by_pbx  ? Direction::outbound
                                                            : Direction::inbound;
        ContactRecord& record = start_contact(*channel, direction, channel->started_at);
        record.anchor_channel = channel->id;
        const bool outbound = direction == Direction::outbound;
        record.view.called_number = outbound ? channel->number : channel->dialled;
        record.view.customer_number = channel->agent.empty() ? channel->number : std::string{};
        const std::string prefix = outbound ? settings_.outside_prefix : std::string{};
        record.view.customer_number_e164 = to_e164(record.view.customer_number, settings_.region, prefix);
        attach(record, *channel, channel->agent.empty() ? LegRole::customer : LegRole::agent);
    }
    if (!is_anchor(*channel)) return;
    ContactRecord& record = *channel->contact;
    customer_queues(record, e.queue, in.signal.at);
    record.in_queue = true;
    record.tried = true;
    record.last_try.reset();
    record.agent_hung_up_at.reset();
    record.view.queue = e.queue;
    if (!record.view.queued_at) record.view.queued_at = in.signal.at;
    touch(record);
}

void CallBook::on(const Context& in, const signal::QueueLeft& e) {
    const Channel* channel = find_channel(in.signal.channel);
    if (channel == nullptr || channel->contact == nullptr || !is_anchor(*channel)) return;
    ContactRecord& record = *channel->contact;
    // Told already: by a snapshot, or as given up before the link broke.
    if (!record.in_queue) return;
    close_wait(record, in.signal.at);
    // Served and timed out look the same here; being connected next overrules this.
    record.last_try = e.abandoned ? Outcome::abandoned : Outcome::no_answer;
    record.in_queue = false;
    touch(record);
}

void CallBook::on(const Context& in, const signal::AgentCalled& e) {
    Channel* caller = find_channel(in.signal.channel);
    Channel* phone = find_channel(e.agent_channel);
    roster_.ensure(e.agent, e.device);
    roster_.name_agent(e.agent, e.name);
    if (caller == nullptr || caller->contact == nullptr || phone == nullptr) return;
    ContactRecord& record = *caller->contact;
    if (phone->agent.empty() && !phone->internal_helper) {
        // A member whose device was no agent's until the queue said so.
        phone->agent = e.agent;
        roster_.add_channel(e.agent, *phone);
        if (phone->has_leg && phone->contact == &record) {
            record.view.legs[phone->leg].agent = e.agent;
            record.view.legs[phone->leg].role = LegRole::agent;
        }
    }
    if (phone->internal_helper && phone->stands_for.empty()) {
        phone->stands_for = e.agent;
        roster_.add_channel(e.agent, *phone);
    }
    record.tried = true;
    phone->dialled_by = caller->id;
    attach(record, *phone);
    offer_to(record, *phone, e.agent, true, in.signal.at);
}

void CallBook::on(const Context& in, const signal::AgentMissed& e) {
    const Channel* caller = find_channel(in.signal.channel);
    if (caller == nullptr || caller->contact == nullptr) return;
    ContactRecord& record = *caller->contact;
    if (const OpenOffer* offer = open_offer_for(record, e.agent))
        close_offer(record, offer->index, e.refused ? OfferState::refused : OfferState::expired, in.signal.at);
}

void CallBook::on(const Context& in, const signal::AgentConnected& e) {
    const Channel* caller = find_channel(in.signal.channel);
    if (caller == nullptr || caller->contact == nullptr) return;
    ContactRecord& record = *caller->contact;
    roster_.name_agent(e.agent, e.name);
    const OpenOffer* offer = open_offer_for(record, e.agent);
    if (offer == nullptr) return;
    record.in_queue = false;
    close_wait(record, in.signal.at);
    if (const Channel* phone = find_channel(offer->channels.front())) accept_offer(record, *phone, in.signal.at);
}

}  // namespace citybridge::calls
