// A live call goes to another city's hotline (D2, D3): what is asked, and what became of it.
#include "core/gateway/handlers_transfers.h"

#include <algorithm>

#include "core/gateway/crypto.h"
#include "core/gateway/durable_input.h"
#include "core/gateway/fields_transfers.h"
#include "core/gateway/handlers.h"
#include "core/gateway/problem.h"
#include "core/gateway/visibility.h"
#include "core/store/transfer_reader.h"

namespace citybridge::gateway {
namespace {

constexpr std::size_t kMostTransfers = 200;

Result<ContactPtr> own_contact(const Call& call) {
    const User& asker = call.user().user;
    if (asker.agent.empty()) return Error{"auth.forbidden", "The asker takes no calls: he has no agent."};
    const auto live = call.services.live.snapshot();
    if (!live) return live.error();
    const auto find_in = [&](const std::vector<ContactPtr>& list) {
        const auto found =
            std::find_if(list.begin(), list.end(), [&](const ContactPtr& c) { return c->id == call.params[0]; });
        return found != list.end() && may_see(viewer_of(asker), **found) ? *found : nullptr;
    };
    if (ContactPtr contact = find_in(live->contacts)) return contact;
    if (find_in(live->ended) != nullptr) return Error{"contact.ended", "This contact has ended already."};
    return Error{"contact.unknown", "No contact with this id is going on."};
}

// Who it is, as far as the store knows.
Result<std::optional<CustomerRecord>> customer_of(const Call& call, const Contact& contact) {
    if (contact.customer_number_e164.empty()) return std::optional<CustomerRecord>{};
    return call.services.durable.readers().customer_by_number(contact.customer_number_e164);
}

desk::TransferToCity transfer_of_call(const Call& call, const desk::City& city, const Contact& contact,
                                      const std::optional<CustomerRecord>& customer) {
    const desk::TransferRules& rules = call.services.durable.desk().cities().transfers;
    const User& asker = call.user().user;
    desk::TransferToCity out;
    out.id = "ct_" + random_hex(16);
    out.consult = random_hex(16);
    out.city = city.id;
    // An agent's call goes to the supervisor first; the supervisor's own goes to the city.
    out.to_supervisor = rules.policy == desk::TransferRules::Policy::supervisor && asker.role == Role::agent;
    out.to = out.to_supervisor ? rules.supervisor : city.hotline;
    out.agent = asker.agent;
    out.contact = contact.id;
    out.number = contact.customer_number_e164.empty() ? contact.customer_number : contact.customer_number_e164;
    if (customer) {
        out.customer = customer->id;
        out.name = customer->name;
    }
    out.callers = rules.shown_as;
    if (contact.customer_number != out.number) out.callers.push_back(contact.customer_number);
    out.legs = contact.legs.size();
    out.transfers = contact.transfers.size();
    return out;
}

CallOrder order_of(const Call& call, const desk::TransferToCity& transfer) {
    const std::string& user = call.user().user.name;
    return {transfer.consult, user, transfer.contact, transfer.agent, CallAction::consult, transfer.to};
}

Result<desk::TransferToCity> prepared(const Call& call, const desk::City& city, const nlohmann::json& body) {
    if (city.hotline.empty())
        return Error{"transfer.no_hotline", "The directory of cities names no hotline of " + city.name + "."};
    const auto contact = own_contact(call);
    if (!contact) return contact.error();
    const auto customer = customer_of(call, **contact);
    if (!customer) return customer.error();
    const Role role = call.user().user.role;
    const bool decides = role == Role::supervisor || role == Role::admin;
    const desk::TransferRules& rules = call.services.durable.desk().cities().transfers;
    const bool insists = body.value("insists", false);
    if (auto may = desk::may_transfer(rules, *customer ? &**customer : nullptr, insists, decides); !may)
        return may.error();
    desk::TransferToCity transfer = transfer_of_call(call, city, **contact, *customer);
    transfer.notes = text_field(body, "notes");
    // Refused before anything is written; what changes meanwhile is told by the transfer's end.
    const Result<> possible = call.services.live.may_command(order_of(call, transfer));
    if (possible) return transfer;
    if (possible.error().code == "contact.not_part")
        return Error{"auth.forbidden", "This can be done only by somebody who is in the call."};
    return possible.error();
}

}  // namespace

// Committed before a phone rings; whoever repeats the request rings nobody twice (P6).
HttpResponse post_transfer_to_city(const Call& call) {
    const auto body = read_object(call.request.body, kTransferToCityFields);
    if (!body) return problem(body.error());
    const std::string id = text_field(*body, "city");
    const desk::City* city = call.services.durable.desk().cities().find(id);
    if (city == nullptr)
        return problem("callback.unknown_city", "No city \"" + id + "\" is in this node's directory of cities.");
    auto transfer = prepared(call, *city, *body);
    if (!transfer) {
        if (!call.key) return problem(transfer.error());
        desk::TransferToCity refused;
        refused.refusal = transfer.error();
        return answer_of(call.services.durable.submit(request_of(call, std::move(refused)), call.key));
    }
    const CallOrder order = order_of(call, *transfer);
    call.services.commands.add(order.command_id, order.user, order.contact_id);
    const auto kept = call.services.durable.submit(request_of(call, std::move(*transfer)), call.key);
    if (!kept || kept->replayed) {
        call.services.commands.remove(order.command_id);
        return answer_of(kept);
    }
    if (const Result<> taken = call.services.live.command(order); !taken)
        call.services.live.give_up(
            {order.command_id, order.user, CommandOutcome::failed, taken.error().code, order.contact_id});
    return answer_of(kept);
}

HttpResponse get_transfers(const Call& call) {
    const auto rows = store::read_transfers(call.services.durable.readers(), kMostTransfers);
    if (!rows) return problem(rows.error());
    auto items = nlohmann::ordered_json::array();
    for (const CommandRecord& row : *rows) items.push_back(relay::transfer_json(row));
    return page_response(std::move(items), {});
}

HttpResponse get_transfer(const Call& call) {
    const auto row = call.services.durable.readers().command(call.params[0]);
    if (!row) return problem(row.error());
    const bool is_one = *row && ((*row)->kind == relay::kTransferOut || (*row)->kind == relay::kTransferIn);
    if (!is_one) return problem("transfer.unknown", "No transfer between cities has this id, or it is too long ago.");
    return json_response(200, relay::transfer_json(**row));
}

}  // namespace citybridge::gateway
