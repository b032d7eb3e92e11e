// People write short messages to customers and see what became of them (docs/messages.md).
#include "core/gateway/handlers_written.h"

#include "core/desk/written_messages.h"
#include "core/gateway/durable_input.h"
#include "core/gateway/fields_messages.h"
#include "core/gateway/handlers.h"
#include "core/gateway/page_before.h"
#include "core/gateway/problem.h"
#include "core/store/written_reader.h"

namespace citybridge::gateway {
namespace {

// Who writes it sees it, and of an order who sees that; a customer's record is everybody's.
Result<bool> sees_message(const Call& call, const WrittenMessageRecord& row) {
    if (row.order.empty() || row.written_by == call.user().user.name) return true;
    const auto order = call.services.durable.readers().order(row.order);
    if (!order) return order.error();
    if (!*order) return false;
    const desk::Actor asker = actor_of(call.user().user);
    const desk::Flow* flow = call.services.durable.desk().flows().of(**order);
    return flow == nullptr ? desk::reaches(asker, **order) : desk::sees(*flow, asker, **order);
}

// The one who remains of two entries.
Result<std::string> customer_now(store::Readers& readers, const std::string& id) {
    const auto row = readers.customer(id);
    if (!row) return row.error();
    if (!*row) return Error{"customer.unknown", "No customer has this id."};
    return (*row)->merged_into.empty() ? id : (*row)->merged_into;
}

}  // namespace

Result<nlohmann::ordered_json> shown_message(const Call& call, const WrittenMessageRecord& row) {
    const auto sees = sees_message(call, row);
    if (!sees) return sees.error();
    return desk::written_json(row, *sees);
}

HttpResponse post_message(const Call& call) {
    const auto body = read_object(call.request.body, kMessageFields);
    if (!body) return problem(body.error());
    desk::WriteMessage what;
    what.order = text_field(*body, "order");
    what.customer = text_field(*body, "customer");
    what.kind = text_field(*body, "kind");
    what.template_name = text_field(*body, "template");
    what.text = text_field(*body, "text");
    what.override_preference = body->value("override_preference", false);
    if (what.order.empty() == what.customer.empty())
        return problem("request.missing_field", "Name the order, or the customer; not both.");
    // An empty text is judged by the desk, which says what is wrong with it.
    if (what.template_name.empty() != body->contains("text"))
        return problem("request.missing_field", "Send a template, or a text; not both.");
    if (!what.template_name.empty() && what.order.empty() && what.kind.empty())
        return problem("request.missing_field", "Name the kind of order whose flow has the template, or the order.");
    if (const std::string address = text_field(*body, "address"); !address.empty()) {
        auto number = number_of(call, "address", address);
        if (!number) return problem(number.error());
        what.to = std::move(*number);
    }
    return submit(call, std::move(what));
}

HttpResponse get_message(const Call& call) {
    const auto row = store::written_message(call.services.durable.readers(), call.params[0]);
    if (!row) return problem(row.error());
    const auto sees = *row ? sees_message(call, **row) : Result<bool>(false);
    if (!sees) return problem(sees.error());
    if (!*sees) return problem("message.unknown", "No message of yours has this id.");
    return json_response(200, desk::written_json(**row, true));
}

HttpResponse get_messages(const Call& call) {
    std::string customer = param(call.request, "customer");
    const std::string order = param(call.request, "order");
    if (customer.empty() == order.empty())
        return problem("request.bad_parameter", "Ask for those to a customer or those of an order.");
    store::Readers& readers = call.services.durable.readers();
    if (!customer.empty()) {
        auto now = customer_now(readers, customer);
        if (!now) return problem(now.error());
        customer = std::move(*now);
    }
    const std::size_t limit = page_limit(call.request);
    const auto before = before_of(call, limit + 1);
    if (!before) return problem(before.error());
    auto rows = store::written_messages(readers, customer, order, *before);
    if (!rows) return problem(rows.error());
    const bool more = rows->size() > limit;
    if (more) rows->resize(limit);
    auto items = nlohmann::ordered_json::array();
    for (const WrittenMessageRecord& row : *rows) {
        auto shown = shown_message(call, row);
        if (!shown) return problem(shown.error());
        items.push_back(std::move(*shown));
    }
    return page_response(std::move(items), more ? key_before(rows->back().created_at, rows->back().id) : std::string());
}

}  // namespace citybridge::gateway
