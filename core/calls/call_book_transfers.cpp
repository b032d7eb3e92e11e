// A contact given away: what the PBX tells of it, and what is inferred from who
// leaves whom and who is reached next where it tells nothing. One transfer is
// one record, whichever of the two comes first.
#include <algorithm>
#include <utility>

#include "core/calls/call_book.h"
#include "core/calls/contact_record.h"

namespace citybridge::calls {
namespace {

// The PBX's own word for something that was inferred comes within this time.
constexpr Millis kToldLate{3'000};
// The same fact told again.
constexpr Millis kToldTwice{1'000};
// Three hear each other for a moment while an attended transfer is completed.
constexpr Millis kThreeInPassing{2'000};
// An agent's wish to hang up may be told after the bridge was left.
constexpr Millis kHangupToldLate{500};

std::string_view number_of(std::string_view device) {
    const auto slash = device.rfind('/');
    return slash == std::string_view::npos ? device : device.substr(slash + 1);
}

bool is_party(const ContactRecord& record, const Channel& channel) {
    if (channel.contact != &record) return false;
    if (channel.internal_helper && channel.stands_for.empty()) return false;
    return !channel.has_leg || record.view.legs[channel.leg].role != LegRole::supervisor;
}

}  // namespace

// ---- Told -------------------------------------------------------------------

void CallBook::on(const Context& in, const signal::Transferred& e) {
    const Channel* giver = find_channel(in.signal.channel);
    Channel* moved = find_channel(e.moved);
    Channel* target = find_channel(e.target);
    const auto has_customer = [](const Channel* channel) {
        return channel != nullptr && channel->contact != nullptr &&
               channel->contact->view.direction != Direction::internal;
    };
    // An agent who called his colleague first and took the customer's call after that gives them together all the same.
    if (!has_customer(moved) && has_customer(target)) std::swap(moved, target);
    ContactRecord* record = moved != nullptr ? moved->contact : nullptr;
    if (record == nullptr && giver != nullptr) record = giver->contact;
    if (record == nullptr) return;
    // A customer's own phone or PBX transferring an agent ends his part; that is no transfer of ours.
    if (giver != nullptr && giver->agent.empty() && is_anchor(*giver)) {
        ContactRecord& left = *giver->contact;
        if (e.result == TransferResult::completed && !left.customer_hung_up_at) left.customer_hung_up_at = in.signal.at;
        return;
    }
    const bool known = giver != nullptr && !giver->agent.empty();
    Transfer told{e.kind, known ? giver->agent : record->last_agent, e.to, e.result, in.signal.at};
    bool waits_for_target = false;
    if (e.kind != TransferKind::blind && e.kind != TransferKind::redirect) {
        for (const std::string& id : record->channels) {
            Channel* consulted = target == nullptr ? find_channel(id) : nullptr;
            if (consulted != nullptr && !consulted->consulted_by.empty() && !consulted->internal_helper)
                target = consulted;
        }
        if (target != nullptr) {
            const bool room = e.kind == TransferKind::conference && !e.to.empty();
            if (std::string name = party_name(*target); !room && !name.empty()) told.to = std::move(name);
            waits_for_target = target->state != ChannelState::up;
        }
    }
    if (retell_transfer(*record, told)) return;
    add_transfer(*record, std::move(told), true);
    if (record->open_transfer) record->open_transfer->somebody_tried = waits_for_target;
}

void CallBook::on(const Context& in, const signal::Parked& e) {
    Channel* channel = find_channel(in.signal.channel);
    if (channel == nullptr || channel->contact == nullptr) return;
    ContactRecord& record = *channel->contact;
    const Channel* by = find_channel(e.by);
    const bool known = by != nullptr && !by->agent.empty();
    std::string from = known ? by->agent : record.departure ? record.departure->agent : record.last_agent;
    if (from.empty())
        for (const std::string& id : record.channels)
            if (const Channel* each = find_channel(id); each != nullptr && each->with_customer) from = each->agent;
    if (from.empty() && !e.by_device.empty()) from = roster_.agent_of_device(e.by_device, {});
    if (is_anchor(*channel)) record.parked = true;
    Transfer parked{TransferKind::park, std::move(from), e.slot, TransferResult::completed, in.signal.at};
    if (retell_transfer(record, parked)) return;
    add_transfer(record, std::move(parked), true);
}

void CallBook::on(const Context& in, const signal::Unparked& e) {
    Channel* channel = find_channel(in.signal.channel);
    if (channel == nullptr || channel->contact == nullptr) return;
    ContactRecord& record = *channel->contact;
    if (!record.open_transfer) return;
    Transfer& transfer = record.view.transfers[record.open_transfer->index];
    if (transfer.kind != TransferKind::park) return;
    if (const Channel* by = find_channel(e.by))
        transfer.to = party_name(*by);
    else
        record.open_transfer->not_fetched = true;
    if (!record.open_transfer->not_fetched) record.open_transfer.reset();
    touch(record);
}

// ---- Records ----------------------------------------------------------------

void CallBook::add_transfer(ContactRecord& record, Transfer transfer, bool told) {
    record.open_transfer.reset();
    if (transfer.result == TransferResult::completed && transfer.kind != TransferKind::conference)
        record.open_transfer = OpenTransfer{record.view.transfers.size(), false, false};
    record.inferred_transfer_at = told ? std::nullopt : std::optional{transfer.at};
    record.departure.reset();
    record.view.transfers.push_back(std::move(transfer));
    happened(record, ContactChanged::What::transferred);
}

// True if the record holds this transfer already; what was inferred of it becomes what was told.
bool CallBook::retell_transfer(ContactRecord& record, const Transfer& told) {
    if (record.view.transfers.empty()) return false;
    Transfer& last = record.view.transfers.back();
    if (!told.from_agent.empty() && last.from_agent != told.from_agent) return false;
    const Millis since = told.at - last.at;
    if (record.inferred_transfer_at && told.at - *record.inferred_transfer_at <= kToldLate) {
        // What ended a consultation is not the beginning of the next transfer.
        if (last.result != told.result && told.kind != TransferKind::attended) return false;
        last.kind = told.kind;
        last.result = told.result;
        if (told.result == TransferResult::completed) last.reason = TransferReason::none;
        if (last.to.empty() || told.kind == TransferKind::park) last.to = told.to;
        record.inferred_transfer_at.reset();
        touch(record);
        return true;
    }
    // Parking by a transfer to the parking extension is told as both.
    const bool parking = last.kind == TransferKind::blind && told.kind == TransferKind::park;
    if (parking && since <= kToldLate) {
        last.kind = TransferKind::park;
        last.to = told.to;
        touch(record);
        return true;
    }
    const bool parked = last.kind == TransferKind::park && told.kind == TransferKind::blind;
    const Millis repeated_within = told.to.empty() ? kToldLate : kToldTwice;
    return since <= repeated_within && (parked || last.kind == told.kind) && last.result == told.result;
}

// ---- Inferred ---------------------------------------------------------------

void CallBook::customer_leaves(ContactRecord& record, const Channel& customer, WallTime at) {
    const bool explained =
        record.open_transfer || record.customer_hung_up_at || record.agent_hung_up_at || record.hangup_by_command;
    for (const std::string& id : record.channels) {
        const Channel* channel = find_channel(id);
        if (channel == nullptr || !channel->with_customer) continue;
        record.last_agent = channel->agent.empty() ? channel->stands_for : channel->agent;
        if (explained) continue;
        record.departure = Departure{record.last_agent, id, at, channel->bridge != customer.bridge, customer.sent_to};
        if (!record.departure->agent_left_first) return;
    }
}

// The customer fell out of the bridge because this agent hung up: no transfer.
void CallBook::agent_hangs_up(ContactRecord& record, const Channel& agent, WallTime at) {
    record.agent_hung_up_at = at;
    const bool his = record.departure && record.departure->channel == agent.id;
    if (his && at - record.departure->at <= kHangupToldLate) record.departure.reset();
}

void CallBook::customer_rings(ContactRecord& record, const Channel& target, const std::string& number, WallTime) {
    if (record.departure && !record.departure->agent_left_first && !record.open_transfer) {
        const Departure from = *record.departure;
        const std::string& to = !number.empty() ? number : target.number;
        add_transfer(record, {TransferKind::redirect, from.agent, to, TransferResult::completed, from.at}, false);
    }
    if (!record.open_transfer || return_from_parking(record)) return;
    OpenTransfer& open = *record.open_transfer;
    open.somebody_tried = true;
    Transfer& transfer = record.view.transfers[open.index];
    const bool direct = transfer.to.empty() || number_of(target.device) == transfer.to;
    if (open.to_is_final || target.agent.empty() || !direct || transfer.kind == TransferKind::park) return;
    transfer.to = target.agent;
    touch(record);
}

// A place without people took him from his agent: a queue, a voice box.
void CallBook::customer_reaches(ContactRecord& record, const std::string& place) {
    if (!record.departure || record.departure->agent_left_first || record.open_transfer) return;
    const Departure from = *record.departure;
    add_transfer(record, {TransferKind::redirect, from.agent, place, TransferResult::completed, from.at}, false);
}

void CallBook::customer_queues(ContactRecord& record, const std::string& queue, WallTime) {
    customer_reaches(record, queue);
    if (!record.open_transfer || return_from_parking(record)) return;
    record.open_transfer->to_is_final = true;
    record.open_transfer->somebody_tried = true;
}

// Nobody fetched him in time, and the PBX takes him somewhere else: back to who parked him, or to a queue.
bool CallBook::return_from_parking(ContactRecord& record) {
    if (!record.open_transfer->not_fetched) return false;
    Transfer& parked = record.view.transfers[record.open_transfer->index];
    parked.result = TransferResult::failed;
    parked.reason = TransferReason::no_answer;
    record.open_transfer.reset();
    touch(record);
    return true;
}

// `heard`: everybody the customer hears now.
void CallBook::customer_meets(ContactRecord& record, const std::vector<Channel*>& heard, bool conference, WallTime at) {
    const Channel* anchor = find_channel(record.anchor_channel);
    const auto bridge = anchor != nullptr ? bridges_.find(anchor->bridge) : bridges_.end();
    if (bridge == bridges_.end()) return;
    const std::string room = bridge->second.name;
    for (Channel* other : heard) {
        if (!is_party(record, *other)) continue;
        const std::string by = std::exchange(other->consulted_by, {});
        // Who was consulted outside and hears the customer now is a line like any other.
        const bool outside = other->has_leg && !is_agents_voice(record, *other);
        if (outside) close_wait(record, at);
        if (outside && record.view.legs[other->leg].role == LegRole::consult)
            record.view.legs[other->leg].role = LegRole::trunk;
        const std::string name = party_name(*other);
        if (record.open_transfer) {
            reach_target(record, name, conference, room);
        } else if (!by.empty()) {
            const bool three =
                std::any_of(heard.begin(), heard.end(), [&](const Channel* each) { return each->agent == by; });
            join_consulted(record, by, name, three, room, at);
        } else if (record.departure && !record.departure->agent_left_first && !conference && !name.empty() &&
                   name != record.departure->agent) {
            const std::string from = record.departure->agent;
            add_transfer(record, {TransferKind::redirect, from, name, TransferResult::completed, at}, false);
            record.open_transfer.reset();
        }
        if (record.departure && name == record.departure->agent && !conference) record.departure.reset();
    }
    if (!conference) return;
    // Given to a room it is with whoever comes there; the agent himself makes it a conference.
    if (record.open_transfer) record.open_transfer->to_is_final = true;
    if (!record.departure) return;
    const std::string from = record.departure->agent;
    add_transfer(record, {TransferKind::conference, from, room, TransferResult::completed, at}, false);
}

// The customer hears `name`, and a transfer has not reached anybody yet.
void CallBook::reach_target(ContactRecord& record, const std::string& name, bool conference, const std::string& room) {
    Transfer& transfer = record.view.transfers[record.open_transfer->index];
    const bool came_back = record.open_transfer->not_fetched || (!name.empty() && name == transfer.from_agent);
    if (came_back && conference) {
        transfer.kind = TransferKind::conference;
        transfer.to = room;
    } else if (came_back) {
        const bool not_fetched = record.open_transfer->not_fetched;
        transfer.result = TransferResult::failed;
        transfer.reason = not_fetched ? TransferReason::no_answer : record.open_transfer->in_vain;
    } else if (!record.open_transfer->to_is_final && !name.empty()) {
        transfer.to = name;
    }
    record.open_transfer.reset();
    record.departure.reset();
    touch(record);
}

// Somebody an agent had called about the customer hears him now.
void CallBook::join_consulted(ContactRecord& record, const std::string& by, const std::string& name, bool three,
                              const std::string& room, WallTime at) {
    const std::string to = three && !room.empty() ? room : name;
    const bool joined_already = three && !record.view.transfers.empty() &&
                                record.view.transfers.back().kind == TransferKind::conference &&
                                record.view.transfers.back().from_agent == by && record.view.transfers.back().to == to;
    if (joined_already) return;
    const TransferKind kind = three ? TransferKind::conference : TransferKind::attended;
    add_transfer(record, {kind, by, to, TransferResult::completed, at}, false);
    record.open_transfer.reset();
}

// An agent who brought a third in and goes at once has transferred the customer.
void CallBook::agent_leaves_customer(ContactRecord& record, const Channel& agent, WallTime at) {
    if (record.view.transfers.empty() || !record.inferred_transfer_at) return;
    Transfer& last = record.view.transfers.back();
    if (last.kind != TransferKind::conference || last.from_agent != agent.agent) return;
    if (at - *record.inferred_transfer_at > kThreeInPassing) return;
    last.kind = TransferKind::attended;
    touch(record);
}

}  // namespace citybridge::calls
