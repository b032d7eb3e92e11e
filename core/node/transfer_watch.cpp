#include "core/node/transfer_watch.h"

#include <algorithm>

namespace citybridge {
namespace {

using relay::CityTransfer;
using relay::TransferState;
using Wish = TransferWatch::Wish;

bool is_named(const std::string& who, const std::string& number) {
    return who == number || who.ends_with('/' + number);
}

// Who is rung for it: whom the agent consults since then. Of several (the PBX may try one line after the other, or all
// at once) the one that is nearest to the customer.
const Leg* called_leg(const Contact& contact, const CityTransfer& transfer) {
    const auto nearness = [](const Leg& leg) { return (leg.left_at ? 0 : 2) + (leg.joined_at ? 1 : 0); };
    const Leg* found = nullptr;
    for (std::size_t i = transfer.legs_before; i < contact.legs.size(); ++i) {
        const Leg& leg = contact.legs[i];
        const bool called =
            leg.role == LegRole::consult || is_named(leg.number, transfer.to) || is_named(leg.agent, transfer.to);
        if (called && (found == nullptr || nearness(leg) >= nearness(*found))) found = &leg;
    }
    return found;
}

// What this agent has done with the customer since then, if it was this: the last of it.
const Transfer* told_transfer(const Contact& contact, const CityTransfer& transfer, bool called) {
    const Transfer* found = nullptr;
    for (std::size_t i = transfer.transfers_before; i < contact.transfers.size(); ++i) {
        const Transfer& each = contact.transfers[i];
        const bool ours = is_named(each.to, transfer.to) || (called && each.kind == TransferKind::attended);
        if (each.from_agent == transfer.agent && ours) found = &each;
    }
    return found;
}

// Why he is his agent's again, as the PBX told of the call; else by what was seen of its line.
std::string why_failed(const Leg* leg, const Transfer* told) {
    if (told != nullptr && told->reason != TransferReason::none) return std::string(to_string(told->reason));
    return leg != nullptr && leg->joined_at ? "hung_up" : "not_reached";
}

std::string answering_agent(const Contact& contact) {
    for (const Leg& leg : contact.legs)
        if (leg.role == LegRole::agent && leg.joined_at && !leg.agent.empty()) return leg.agent;
    return {};
}

}  // namespace

void TransferWatch::put(CityTransfer transfer) {
    if (relay::is_over(transfer.state)) {
        open_.erase(transfer.id);
        return;
    }
    const std::string id = transfer.id;
    Open& open = open_[id];
    open.stepped = open.stepped && open.transfer.state == transfer.state;
    open.transfer = std::move(transfer);
}

bool TransferWatch::expects() const {
    return std::any_of(open_.begin(), open_.end(),
                       [](const auto& each) { return each.second.transfer.state == TransferState::expected; });
}

void TransferWatch::wish(Open& open, TransferState to, std::string reason, std::vector<Wish>& out) {
    open.stepped = true;
    out.push_back({Wish::What::step, open.transfer.id, to, std::move(reason)});
}

void TransferWatch::at_origin(Open& open, const Contact& contact, std::vector<Wish>& out) {
    const CityTransfer& transfer = open.transfer;
    const TransferState gone = transfer.to_supervisor ? TransferState::with_supervisor : TransferState::transferred;
    const Leg* leg = called_leg(contact, transfer);
    open.called = open.called || leg != nullptr;
    const Transfer* told = told_transfer(contact, transfer, open.called);
    if (told != nullptr && told->result == TransferResult::completed) return wish(open, gone, {}, out);
    if (contact.ended_at) return wish(open, TransferState::failed, "customer_hung_up", out);
    const bool there = leg != nullptr && leg->joined_at && !leg->left_at;
    if (there && open.completing.empty()) {
        out.push_back({Wish::What::complete, transfer.id});
        return;
    }
    // The phone rang, and whoever was called is gone: busy, no answer, refused. The customer is the agent's again.
    // Why is known for certain when the line has ended; another line may ring still.
    const bool rings = leg != nullptr && !leg->joined_at && !leg->left_at;
    const bool over = (leg != nullptr && leg->left_at) || (told != nullptr && open.called);
    if (over && !rings) wish(open, TransferState::failed, why_failed(leg, told), out);
}

void TransferWatch::at_target(Open& open, const Contact& contact, std::vector<Wish>& out) {
    if (contact.answered_at) {
        wish(open, TransferState::answered, {}, out);
        out.back().agent = answering_agent(contact);
    } else if (contact.ended_at) {
        wish(open, TransferState::missed, {}, out);
    }
}

void TransferWatch::find_call(const Contact& contact, std::vector<Wish>& out) {
    if (contact.direction != Direction::inbound || contact.ended_at) return;
    std::vector<CityTransfer> expected;
    for (const auto& [id, open] : open_) {
        if (open.transfer.contact == contact.id) return;
        // One that was there long before the announcement is another matter.
        const bool late = contact.started_at + relay::kTransferWindow >= open.transfer.at;
        if (!open.transfer.out && !open.stepped && late) expected.push_back(open.transfer);
    }
    const CityTransfer* found = relay::expected_call(expected, contact.customer_number, contact.customer_number_e164);
    if (found == nullptr) return;
    wish(open_.at(found->id), TransferState::arrived, {}, out);
    out.back().contact = contact.id;
}

std::vector<Wish> TransferWatch::contact(const ContactChanged& change) {
    std::vector<Wish> out;
    const Contact& contact = *change.contact;
    if (change.what == ContactChanged::What::merged) {
        for (auto& [id, open] : open_)
            if (open.transfer.contact == contact.id) open.transfer.contact = change.merged_into;
        return out;
    }
    if (expects()) find_call(contact, out);
    for (auto& [id, open] : open_) {
        if (open.stepped || open.transfer.contact != contact.id) continue;
        if (open.transfer.out)
            at_origin(open, contact, out);
        else if (open.transfer.state == TransferState::arrived)
            at_target(open, contact, out);
    }
    return out;
}

std::vector<Wish> TransferWatch::command(const CommandFinished& result) {
    std::vector<Wish> out;
    const bool failed = result.outcome == CommandOutcome::failed || result.outcome == CommandOutcome::not_supported;
    for (auto& [id, open] : open_) {
        if (open.stepped || !failed) continue;
        if (result.command_id == open.completing) open.completing.clear();
        if (result.command_id == open.transfer.consult)
            wish(open, TransferState::failed, result.reason.empty() ? "failed" : result.reason, out);
    }
    return out;
}

std::vector<std::pair<std::string, std::string>> TransferWatch::rung() const {
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& [id, open] : open_)
        if (open.transfer.out && !open.called && !open.stepped) out.emplace_back(id, open.transfer.consult);
    return out;
}

void TransferWatch::again(const std::string& id) {
    if (const auto it = open_.find(id); it != open_.end()) it->second.stepped = false;
}

void TransferWatch::completing(const std::string& id, const std::string& command, bool taken) {
    if (const auto it = open_.find(id); it != open_.end()) it->second.completing = taken ? command : std::string();
}

std::vector<Wish> TransferWatch::time_passed(WallTime now) {
    std::vector<Wish> out;
    for (auto& [id, open] : open_) {
        if (open.stepped || !open.transfer.until || *open.transfer.until > now) continue;
        if (open.transfer.out)
            wish(open, TransferState::unknown, "timeout", out);
        else if (open.transfer.state == TransferState::expected)
            wish(open, TransferState::not_seen, "timeout", out);
    }
    return out;
}

}  // namespace citybridge
