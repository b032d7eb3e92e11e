// On-line transfers between cities: the command of the one, what the other
// expects, and what each tells the other. What nobody can use any more is
// refused or ignored; a row never goes back from its end.
#include "core/desk/transfers.h"

#include "core/desk/city_messages.h"
#include "core/relay/callback_detail.h"

namespace citybridge::desk {
namespace {

using relay::CityTransfer;
using relay::TransferState;
using Json = nlohmann::ordered_json;

std::string text_at(const Json& data, const char* outer, const char* name) {
    const auto found = data.is_object() ? data.find(outer) : data.end();
    if (found == data.end() || !found->is_object()) return {};
    const auto text = found->find(name);
    return text != found->end() && text->is_string() ? text->get<std::string>() : std::string();
}

// A node of before does not know these messages: the call comes all the same.
bool understands(const Context& context, const std::string& city) {
    const CityRecord* row = context.view.city(city);
    return row == nullptr || row->protocol == 0 || row->protocol >= relay::kTransferProtocol;
}

void tell_city(const Context& context, CityTransfer& transfer, Decision& out) {
    const City* city = context.settings.cities.find(transfer.city);
    if (city == nullptr || !understands(context, transfer.city)) return;
    ++transfer.version;
    OutboxRecord message;
    message.id = transfer.id + (transfer.out ? ".origin.v" : ".target.v") + std::to_string(transfer.version);
    message.destination = city->destination;
    message.key = transfer.id;
    message.kind = relay::kTransferMessage;
    message.payload = relay::transfer_message(transfer, context.settings.city, context.now.wall).dump();
    message.created_at = message.next_at = message.updated_at = context.now.wall;
    out.changes.outbox.push_back(std::move(message));
}

PaperChanged transfer_event(const CityTransfer& transfer, const std::string& word) {
    PaperChanged out;
    out.type = "transfer." + word;
    out.id = transfer.id;
    if (transfer.out) out.users.push_back(transfer.user);
    out.json = relay::transfer_json(transfer).dump();
    return out;
}

// The row, and an event for who asked and for team leads.
void keep_transfer(const Context& context, CityTransfer& transfer, const std::string& event, Decision& out) {
    transfer.updated_at = context.now.wall;
    out.changes.commands.push_back(relay::row_of(transfer));
    out.events.emplace_back(transfer_event(transfer, event));
    out.reply = {200, "", relay::transfer_json(transfer).dump()};
}

// What a target says; all else is an origin's.
bool transfer_is_answer(TransferState state) {
    return state == TransferState::expected || state == TransferState::arrived || state == TransferState::answered ||
           state == TransferState::missed || state == TransferState::not_seen || state == TransferState::called_off;
}

bool possible(TransferState from, TransferState to) {
    using S = TransferState;
    switch (from) {
        case S::calling: return to == S::with_supervisor || to == S::transferred || to == S::failed || to == S::unknown;
        case S::expected: return to == S::arrived || to == S::not_seen;
        case S::arrived: return to == S::answered || to == S::missed;
        case S::not_seen:
        case S::called_off:
        case S::with_supervisor:
        case S::transferred:
        case S::failed:
        case S::unknown:
        case S::answered:
        case S::missed: return false;
    }
    return false;
}

// The target hears of a call that it is to expect, or that it will not come.
void take_at_target(const Context& context, const CityTransfer& told, CityTransfer* before, Decision& out) {
    if (before == nullptr) {
        CityTransfer fresh = told;
        fresh.out = false;
        fresh.user = "city:" + told.city;
        fresh.far_contact = told.contact;
        fresh.far_state = to_string(told.state);
        fresh.contact.clear();
        fresh.at = context.now.wall;
        fresh.seen = told.version;
        fresh.version = 0;
        const bool comes = told.state == TransferState::calling || told.state == TransferState::transferred;
        fresh.state = comes ? TransferState::expected : TransferState::called_off;
        return keep_transfer(context, fresh, std::string(to_string(fresh.state)), out);
    }
    before->far_state = to_string(told.state);
    before->seen = told.version;
    relay::keep_unknown(before->unknown, told.unknown);
    const bool off = told.state == TransferState::failed && before->state == TransferState::expected;
    if (off) {
        before->state = TransferState::called_off;
        before->reason = told.reason;
    }
    keep_transfer(context, *before, off ? "called_off" : "told", out);
}

// The origin hears what became of the call at the other city.
void take_at_origin(const Context& context, const CityTransfer& told, CityTransfer& before, Decision& out) {
    before.far_state = to_string(told.state);
    before.seen = told.version;
    relay::keep_unknown(before.unknown, told.unknown);
    if (!told.contact.empty()) before.far_contact = told.contact;
    keep_transfer(context, before, "there_" + before.far_state, out);
}

}  // namespace

bool is_transfer_message(const InboundMessage& message) { return message.type == relay::kTransferMessage; }

void needs_of_transfer(const InboundMessage& message, Wanted& out) {
    out.inbox.emplace_back(message.source, message.id);
    if (const std::string id = text_at(message.data, "transfer", "id"); !id.empty()) out.commands.push_back(id);
}

Result<Decision> transfer_to_city(const Context& context, const TransferToCity& what) {
    if (what.refusal) return *what.refusal;
    const City* city = context.settings.cities.find(what.city);
    if (city == nullptr)
        return Error{"callback.unknown_city", "no city \"" + what.city + "\" is in this node's <cities>"};
    CityTransfer transfer;
    transfer.id = what.id;
    transfer.city = what.city;
    transfer.user = context.actor().user;
    transfer.agent = what.agent;
    transfer.contact = what.contact;
    transfer.number = what.number;
    transfer.customer = what.customer;
    transfer.to = what.to;
    transfer.consult = what.consult;
    transfer.to_supervisor = what.to_supervisor;
    transfer.legs_before = what.legs;
    transfer.transfers_before = what.transfers;
    if (city->customer_travels) transfer.name = what.name;
    if (city->notes_travel) transfer.notes = what.notes;
    transfer.callers = what.callers;
    if (!what.number.empty()) transfer.callers.insert(transfer.callers.begin(), what.number);
    transfer.at = context.now.wall;
    transfer.until = context.now.wall + relay::kTransferWindow;
    Decision out;
    if (!what.to_supervisor) tell_city(context, transfer, out);
    keep_transfer(context, transfer, "calling", out);
    CommandRecord ring;
    ring.id = what.consult;
    ring.user = context.actor().user;
    ring.kind = "consult";
    ring.contact = what.contact;
    ring.detail = {{"action", "consult"}, {"to", what.to}, {"transfer", what.id}};
    ring.at = ring.updated_at = context.now.wall;
    out.changes.commands.push_back(std::move(ring));
    out.reply = {201, "/v1/transfers/" + what.id, relay::transfer_json(transfer).dump()};
    return out;
}

Result<Decision> step_transfer(const Context& context, const StepTransfer& what) {
    const CommandRecord* row = context.view.command(what.id);
    if (row == nullptr) return Error{"transfer.unknown", "there is no transfer " + what.id};
    CityTransfer transfer = relay::transfer_of(*row);
    Decision out;
    out.reply = {200, "", relay::transfer_json(transfer).dump()};
    // Seen twice, or settled by somebody else meanwhile.
    if (!possible(transfer.state, what.to)) return out;
    transfer.state = what.to;
    transfer.reason = what.reason;
    if (!what.contact.empty()) transfer.contact = what.contact;
    if (!what.agent.empty()) transfer.agent = what.agent;
    if (!transfer.to_supervisor) tell_city(context, transfer, out);
    keep_transfer(context, transfer, std::string(to_string(what.to)), out);
    return out;
}

bool is_lost_transfer_message(const OutboxRecord& message) {
    return message.kind == relay::kTransferMessage && will_not_arrive(message);
}

Result<Decision> transfer_message_lost(const Context& context, const OutboxRecord& message) {
    Decision out;
    const CommandRecord* row = context.view.command(message.key);
    if (row == nullptr) return out;
    PaperChanged lost = transfer_event(relay::transfer_of(*row), "undelivered");
    if (const std::string& group = context.settings.cities.callbacks.group; !group.empty())
        lost.groups.push_back(group);
    out.events.emplace_back(std::move(lost));
    return out;
}

Result<Decision> take_transfer(const Context& context, const InboundMessage& message) {
    Decision out;
    out.reply.body = R"({"status":"duplicate"})";
    if (context.view.inbox_has(message.source, message.id)) return out;
    auto told = relay::read_transfer_message(message.data, context.settings.city, context.now.wall);
    if (!told) return told.error();
    if (message.source != "city:" + told->city || context.settings.cities.find(told->city) == nullptr)
        return Error{"hook.not_understood",
                     "a transfer of " + told->city + " came from " + message.source + "; cities speak for themselves"};
    const CommandRecord* row = context.view.command(told->id);
    std::optional<CityTransfer> before;
    if (row != nullptr) before = relay::transfer_of(*row);
    const bool answer = transfer_is_answer(told->state);
    std::string result = "applied";
    if (before && (before->city != told->city || told->version <= before->seen || before->out != answer))
        result = "late";
    else if (!before && answer)
        result = "unknown";
    else if (answer)
        take_at_origin(context, *told, *before, out);
    else
        take_at_target(context, *told, before ? &*before : nullptr, out);
    out.changes.inbox.push_back({message.source, message.id, context.now.wall, result});
    out.reply.body = Json{{"status", result}}.dump();
    return out;
}

}  // namespace citybridge::desk
