// Two entries of one person; what happened with him so far.
#include <algorithm>

#include "core/api/records_json.h"
#include "core/desk/access.h"
#include "core/desk/order_view.h"
#include "core/gateway/customer_fields.h"
#include "core/gateway/durable_input.h"
#include "core/gateway/handlers.h"
#include "core/gateway/handlers_desk.h"
#include "core/gateway/handlers_written.h"
#include "core/gateway/page_before.h"
#include "core/gateway/problem.h"
#include "core/store/written_reader.h"

namespace citybridge::gateway {
namespace {

// Of an order that is not his an agent learns that it is there and how it stands: he can tell the customer so.
nlohmann::ordered_json order_item(const Call& call, const desk::Actor& asker, const OrderRecord& order) {
    const desk::Desk& desk = call.services.durable.desk();
    nlohmann::ordered_json shown = desk::order_for_all(desk, order, {}, system_now().wall);
    const desk::Flow* flow = desk.flows().of(order);
    if (flow == nullptr ? !desk::reaches(asker, order) : !desk::sees(*flow, asker, order)) {
        shown["fields"] = nlohmann::ordered_json::object();
        shown["external"] = nullptr;
    }
    return {{"type", "order"}, {"at", to_rfc3339(order.created_at)}, {"order", std::move(shown)}};
}

struct Item {
    WallTime at{};
    std::string id;
    nlohmann::ordered_json json;
};

Result<std::vector<Item>> items_of(const Call& call, const CustomerRecord& customer, const store::Before& before) {
    store::Readers& readers = call.services.durable.readers();
    const auto orders = store::orders_of_customer(readers, customer.id, before);
    if (!orders) return orders.error();
    const auto contacts = store::contacts_of_numbers(readers, customer.numbers, before);
    if (!contacts) return contacts.error();
    std::vector<Item> items;
    const desk::Actor asker = actor_of(call.user().user);
    for (const OrderRecord& order : *orders)
        items.push_back({order.created_at, order.id, order_item(call, asker, order)});
    for (const JournalRecord& row : *contacts)
        items.push_back({row.started_at,
                         row.id,
                         {{"type", "contact"},
                          {"at", to_rfc3339(row.started_at)},
                          {"contact", nlohmann::ordered_json::parse(row.body, nullptr, false)}}});
    const auto messages = store::written_messages(readers, customer.id, {}, before);
    if (!messages) return messages.error();
    for (const WrittenMessageRecord& row : *messages) {
        auto shown = shown_message(call, row);
        if (!shown) return shown.error();
        items.push_back({row.created_at,
                         row.id,
                         {{"type", "message"}, {"at", to_rfc3339(row.created_at)}, {"message", std::move(*shown)}}});
    }
    std::sort(items.begin(), items.end(),
              [](const Item& a, const Item& b) { return std::tie(a.at, a.id) > std::tie(b.at, b.id); });
    return items;
}

}  // namespace

HttpResponse post_customer_merge(const Call& call) {
    const auto body = read_object(call.request.body, kMergeFields);
    if (!body) return problem(body.error());
    return submit(call, desk::MergeCustomers{call.params[0], text_field(*body, "from")});
}

HttpResponse get_customer_history(const Call& call) {
    auto customer = call.services.durable.readers().customer(call.params[0]);
    if (!customer) return problem(customer.error());
    if (*customer && !(*customer)->merged_into.empty())
        customer = call.services.durable.readers().customer((*customer)->merged_into);
    if (!customer) return problem(customer.error());
    if (!*customer) return problem("customer.unknown", "No customer has this id.");
    const std::size_t limit = page_limit(call.request);
    const auto before = before_of(call, limit + 1);
    if (!before) return problem(before.error());
    auto items = items_of(call, **customer, *before);
    if (!items) return problem(items.error());
    const bool more = items->size() > limit;
    if (more) items->resize(limit);
    auto out = nlohmann::ordered_json::array();
    for (Item& item : *items) out.push_back(std::move(item.json));
    return page_response(std::move(out), more ? key_before(items->back().at, items->back().id) : std::string());
}

}  // namespace citybridge::gateway
