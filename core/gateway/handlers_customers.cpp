#include "core/api/records_json.h"
#include "core/desk/verification.h"
#include "core/desk/written_messages.h"
#include "core/gateway/durable_input.h"
#include "core/gateway/fields.h"
#include "core/gateway/handlers_papers.h"
#include "core/gateway/problem.h"
#include "core/relay/callback.h"
#include "core/relay/city_transfer.h"
#include "core/store/callback_reader.h"
#include "core/store/desk_reader.h"
#include "core/store/transfer_reader.h"
#include "core/store/verification_reader.h"
#include "core/store/written_reader.h"

namespace citybridge::gateway {
namespace {

constexpr std::size_t kExportedContacts = 10'000;
constexpr std::size_t kExportedVerifications = 10'000;
constexpr std::size_t kRowsAtOnce = 200;

std::optional<std::string> optional_text(const nlohmann::json& body, std::string_view name) {
    const auto found = body.find(name);
    return found == body.end() ? std::nullopt : std::optional(found->get<std::string>());
}

Result<desk::SaveCustomer> read_customer(const Call& call) {
    const auto body = read_object(call.request.body, kCustomerFields);
    if (!body) return body.error();
    desk::SaveCustomer out;
    out.name = optional_text(*body, "name");
    out.city = optional_text(*body, "city");
    out.source = optional_text(*body, "source");
    out.preference = optional_text(*body, "preference");
    if (const auto found = body->find("numbers"); found != body->end()) {
        out.numbers.emplace();
        for (const auto& each : *found) {
            auto number = number_of(call, "numbers", each.get<std::string>());
            if (!number) return number.error();
            out.numbers->push_back(std::move(*number));
        }
    }
    if (const auto found = body->find("number_kinds"); found != body->end())
        for (const auto& [text, kind] : found->items()) {
            auto number = number_of(call, "number_kinds", text);
            if (!number) return number.error();
            out.number_kinds[*number] = kind;
        }
    if (auto preferred = optional_text(*body, "preferred_number"); preferred) {
        auto number =
            preferred->empty() ? Result<std::string>(std::string()) : number_of(call, "preferred_number", *preferred);
        if (!number) return number.error();
        out.preferred_number = *number;
    }
    if (const auto found = body->find("fields"); found != body->end())
        for (const auto& [name, value] : found->items()) out.fields[name] = value;
    if (const auto found = body->find("revision"); found != body->end()) out.revision = found->get<std::int64_t>();
    return out;
}

Result<CustomerRecord> known_customer(const Call& call) {
    auto customer = call.services.durable.readers().customer(call.params[0]);
    if (!customer) return customer.error();
    if (!*customer) return Error{"customer.unknown", "No customer has this id."};
    return **customer;
}

template <class Row>
nlohmann::ordered_json list_of(const std::vector<Row>& rows) {
    auto out = nlohmann::ordered_json::array();
    for (const Row& row : rows) out.push_back(to_json(row));
    return out;
}

// Calls of other cities he waits or waited for, with their histories.
Result<nlohmann::ordered_json> exported_callbacks(store::Readers& readers, const CustomerRecord& customer) {
    const auto rows = store::read_callbacks_of(readers, customer.id, customer.numbers, false, kExportedContacts);
    if (!rows) return rows.error();
    auto out = nlohmann::ordered_json::array();
    for (const CallbackRecord& row : *rows) {
        const auto history = store::read_callback_history(readers, row.id);
        if (!history) return history.error();
        out.push_back(relay::callback_json(row, *history));
    }
    return out;
}

Result<nlohmann::ordered_json> exported_transfers(store::Readers& readers, const CustomerRecord& customer) {
    const auto rows = store::read_transfers_of(readers, customer.numbers, kExportedContacts);
    if (!rows) return rows.error();
    auto out = nlohmann::ordered_json::array();
    for (const CommandRecord& row : *rows) out.push_back(relay::transfer_json(row));
    return out;
}

Result<nlohmann::ordered_json> exported_messages(store::Readers& readers, const CustomerRecord& customer) {
    store::Before all;
    all.limit = kExportedContacts;
    const auto rows = store::written_messages(readers, customer.id, {}, all);
    if (!rows) return rows.error();
    auto out = nlohmann::ordered_json::array();
    for (const WrittenMessageRecord& row : *rows) out.push_back(desk::written_json(row, true));
    return out;
}

}  // namespace

HttpResponse get_customers(const Call& call) {
    const auto number = number_of(call, "phone", param(call.request, "phone"));
    if (!number) return problem("request.bad_parameter", number.error().detail);
    const auto customer = call.services.durable.readers().customer_by_number(*number);
    if (!customer) return problem(customer.error());
    auto items = nlohmann::ordered_json::array();
    if (*customer) items.push_back(to_json(**customer));
    return page_response(std::move(items), {});
}

HttpResponse get_customer(const Call& call) {
    const auto customer = known_customer(call);
    if (!customer) return problem(customer.error());
    if (customer->merged_into.empty()) return json_response(200, to_json(*customer));
    // The same person under his other id.
    return json_response(301, {{"id", customer->id}, {"merged_into", customer->merged_into}})
        .with("Location", "/v1/customers/" + customer->merged_into);
}

HttpResponse post_customer(const Call& call) {
    auto customer = read_customer(call);
    return customer ? submit(call, std::move(*customer)) : problem(customer.error());
}

HttpResponse patch_customer(const Call& call) {
    auto customer = read_customer(call);
    if (!customer) return problem(customer.error());
    customer->id = call.params[0];
    return submit(call, std::move(*customer));
}

HttpResponse delete_customer(const Call& call) {
    desk::EraseCustomer erase{call.params[0], {}};
    store::OrderQuery query;
    query.customer = call.params[0];
    query.limit = kRowsAtOnce;
    for (;;) {
        const auto page = call.services.durable.readers().orders(query);
        if (!page) return problem(page.error());
        for (const OrderRecord& order : *page) erase.orders.push_back(order.id);
        if (page->size() < kRowsAtOnce) break;
        query.after = page->back().id;
    }
    return submit(call, std::move(erase));
}

// All that is kept of one person, for his right to see it.
HttpResponse get_customer_export(const Call& call) {
    const auto customer = known_customer(call);
    if (!customer) return problem(customer.error());
    store::Readers& readers = call.services.durable.readers();
    auto orders = nlohmann::ordered_json::array();
    store::OrderQuery query;
    query.customer = customer->id;
    query.limit = kRowsAtOnce;
    for (;;) {
        const auto page = readers.orders(query);
        if (!page) return problem(page.error());
        for (const OrderRecord& order : *page) {
            const auto history = readers.history(order.id);
            const auto deadlines = readers.deadlines({order.id});
            if (!history || !deadlines) return problem(history ? deadlines.error() : history.error());
            nlohmann::ordered_json item = to_json(order, *deadlines);
            item["history"] = nlohmann::ordered_json::array();
            for (const HistoryRecord& entry : *history) item["history"].push_back(to_json(entry));
            const auto files = store::attachments_of(readers, order.id);
            if (!files) return problem(files.error());
            item["attachments"] = list_of(*files);
            orders.push_back(std::move(item));
        }
        if (page->size() < query.limit) break;
        query.after = page->back().id;
    }
    const auto journal = readers.journal(customer->numbers, kExportedContacts);
    if (!journal) return problem(journal.error());
    auto contacts = nlohmann::ordered_json::array();
    for (const JournalRecord& row : *journal)
        contacts.push_back(nlohmann::ordered_json::parse(row.body, nullptr, false));
    if (auto laid = lay_dispositions_over(call, contacts); !laid) return problem(laid.error());
    const auto proofs = store::verifications_of(readers, customer->id, {}, kExportedVerifications);
    if (!proofs) return problem(proofs.error());
    auto verifications = nlohmann::ordered_json::array();
    for (const VerificationRecord& row : *proofs)
        verifications.push_back(desk::verification_json(row, system_now().wall, true));
    const auto merges = store::merges_of(readers, customer->id);
    const auto entries = store::entries_of_customer(readers, customer->id);
    if (!merges || !entries) return problem(merges ? entries.error() : merges.error());
    const auto callbacks = exported_callbacks(readers, *customer);
    if (!callbacks) return problem(callbacks.error());
    const auto transfers = exported_transfers(readers, *customer);
    if (!transfers) return problem(transfers.error());
    const auto messages = exported_messages(readers, *customer);
    if (!messages) return problem(messages.error());
    return json_response(200, {{"customer", to_json(*customer)},
                               {"orders", std::move(orders)},
                               {"contacts", std::move(contacts)},
                               {"verifications", std::move(verifications)},
                               {"merges", list_of(*merges)},
                               {"outgoing_entries", list_of(*entries)},
                               {"callbacks", *callbacks},
                               {"transfers", *transfers},
                               {"messages", *messages}});
}

}  // namespace citybridge::gateway
