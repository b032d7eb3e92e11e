// Consultations: whom an agent calls about a customer who waits for him.
#include <algorithm>
#include <utility>

#include "core/calls/call_book.h"
#include "core/calls/contact_record.h"
#include "core/calls/transfer_reason.h"

namespace citybridge::calls {

void CallBook::begin_consultation(ContactRecord& record, Channel& from, Channel& target) {
    if (target.internal_helper || !target.consulted_by.empty()) return;
    std::string by = from.agent;
    if (by.empty())
        for (const Channel* each : heard_by(from))
            if (each->contact == &record && !each->agent.empty() && each != &target) by = each->agent;
    for (const std::string& id : record.channels) {
        const Channel* each = by.empty() ? find_channel(id) : nullptr;
        if (each != nullptr && each->with_customer) by = each->agent;
    }
    if (by != target.agent) target.consulted_by = std::move(by);
}

void CallBook::end_consultation(ContactRecord& record, Channel& target, TransferReason why, WallTime at) {
    if (record.open_transfer && target.state != ChannelState::up) {
        // The first word counts: the line of a phone that rang out is cleared like any other.
        TransferReason& in_vain = record.open_transfer->in_vain;
        if (in_vain == TransferReason::none || why != TransferReason::cancelled) in_vain = why;
    }
    const std::string by = std::exchange(target.consulted_by, {});
    // A transfer to somebody who still rings fails by itself if he does not answer.
    if (by.empty() || record.open_transfer || record.view.ended_at || record.ended_unheard) return;
    add_transfer(record, {TransferKind::attended, by, party_name(target), result_for(why), at, why}, false);
}

// The customer was set aside, and the agent he was with talks to somebody he
// called about him: the customer is still the agent's, and was all the time.
void CallBook::resume_for_consultation(ContactRecord& record, const Bridge& room) {
    if (!record.departure || record.talk_since) return;
    Channel* agent = find_channel(record.departure->channel);
    if (agent == nullptr || std::find(room.members.begin(), room.members.end(), agent) == room.members.end()) return;
    const bool consults = std::any_of(room.members.begin(), room.members.end(), [&](const Channel* each) {
        return each->contact == &record && !each->consulted_by.empty() && each->consulted_by == agent->agent;
    });
    if (!consults) return;
    agent->with_customer = true;
    record.talk_since = record.departure->at;
    record.parked = false;
    touch(record);
}

// The contact ends; what has not come about by now will not.
void CallBook::close_transfers(ContactRecord& record, WallTime at) {
    const std::vector<std::string> channels = record.channels;
    for (const std::string& id : channels)
        if (Channel* channel = find_channel(id)) end_consultation(record, *channel, who_gave_up(record, *channel), at);
    // Sent to a place where nobody is: an announcement, a menu.
    if (record.departure && !record.departure->agent_left_first && !record.open_transfer)
        if (const Departure from = *record.departure; !from.place.empty())
            add_transfer(record, {TransferKind::redirect, from.agent, from.place, TransferResult::completed, from.at},
                         false);
    if (!record.open_transfer) return;
    Transfer& open = record.view.transfers[record.open_transfer->index];
    if (record.open_transfer->somebody_tried) {
        const TransferReason why = record.open_transfer->in_vain;
        const bool he = why == TransferReason::none && record.customer_hung_up_at;
        open.result = TransferResult::failed;
        open.reason = he ? TransferReason::customer_hung_up : why;
    }
    record.open_transfer.reset();
}

}  // namespace citybridge::calls
