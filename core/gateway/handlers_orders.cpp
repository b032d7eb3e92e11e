#include <algorithm>

#include "core/api/records_json.h"
#include "core/desk/access.h"
#include "core/desk/order_view.h"
#include "core/gateway/durable_input.h"
#include "core/gateway/fields.h"
#include "core/gateway/handlers.h"
#include "core/gateway/order_query.h"
#include "core/gateway/problem.h"

namespace citybridge::gateway {
namespace {

Fields values_of(const nlohmann::json& body) {
    Fields out = Fields::object();
    if (const auto found = body.find("fields"); found != body.end())
        for (const auto& [name, value] : found->items()) out[name] = value;
    return out;
}

nlohmann::ordered_json order_json(const Call& call, const OrderRecord& order,
                                  const std::vector<DeadlineRecord>& deadlines, bool revealed) {
    std::vector<DeadlineRecord> own;
    std::copy_if(deadlines.begin(), deadlines.end(), std::back_inserter(own),
                 [&](const DeadlineRecord& row) { return row.order == order.id; });
    return desk::order_for(call.services.durable.desk(), order, own, actor_of(call.user().user), system_now().wall,
                           revealed);
}

// An order of a kind that not everybody sees is shown to its own people only.
bool shown(const Call& call, const OrderRecord& order) {
    const desk::Flow* flow = call.services.durable.desk().flows().of(order);
    const desk::Actor reader = actor_of(call.user().user);
    return flow == nullptr ? desk::reaches(reader, order) : desk::sees(*flow, reader, order);
}

// One he may not see is answered like one that is not there.
Result<OrderRecord> visible_order(const Call& call) {
    const auto order = call.services.durable.readers().order(call.params[0]);
    if (!order) return order.error();
    if (!*order || !shown(call, **order)) return Error{"order.unknown", "No order of yours has this id."};
    return **order;
}

// An order that names a call takes the caller's number from it.
std::string number_of_contact(const Call& call, const std::string& contact) {
    const auto snapshot = call.services.live.snapshot();
    if (!snapshot) return {};
    for (const auto* list : {&snapshot->contacts, &snapshot->ended})
        for (const ContactPtr& each : *list)
            if (each->id == contact) return each->customer_number_e164;
    return {};
}

}  // namespace

HttpResponse post_order(const Call& call) {
    const auto body = read_object(call.request.body, kOrderFields);
    if (!body) return problem(body.error());
    desk::OpenOrder order;
    order.kind = text_field(*body, "kind");
    order.customer = text_field(*body, "customer");
    order.customer_name = text_field(*body, "customer_name");
    order.contact = text_field(*body, "contact");
    order.fields = values_of(*body);
    order.note = text_field(*body, "note");
    order.owner = text_field(*body, "owner");
    order.group = text_field(*body, "group");
    const User& asker = call.user().user;
    if (asker.role == Role::agent && !order.owner.empty() && order.owner != asker.name)
        return problem("auth.forbidden", "An agent opens orders for himself; a team lead may name another owner.");
    if (const std::string phone = text_field(*body, "phone"); !phone.empty()) {
        const auto number = number_of(call, "phone", phone);
        if (!number) return problem(number.error());
        order.number = *number;
    } else if (order.customer.empty() && !order.contact.empty()) {
        order.number = number_of_contact(call, order.contact);
    }
    return submit(call, std::move(order));
}

HttpResponse get_orders(const Call& call) {
    const auto start = page_start(call.request);
    if (!start) return problem(start.error());
    auto query = order_query(call.request, call.user().user);
    if (!query) return problem(query.error());
    if (auto set = start_at(*start, *query); !set) return problem(set.error());
    const std::size_t limit = page_limit(call.request);
    query->limit = limit + 1;
    auto orders = call.services.durable.readers().orders(*query);
    if (!orders) return problem(orders.error());
    const bool more = orders->size() > limit;
    if (more) orders->resize(limit);
    std::vector<std::string> ids;
    for (const OrderRecord& order : *orders) ids.push_back(order.id);
    const auto deadlines = call.services.durable.readers().deadlines(ids);
    if (!deadlines) return problem(deadlines.error());
    auto items = nlohmann::ordered_json::array();
    for (const OrderRecord& order : *orders)
        if (shown(call, order)) items.push_back(order_json(call, order, *deadlines, false));
    return page_response(std::move(items), more ? key_of_next(orders->back(), *query) : std::string());
}

HttpResponse get_order(const Call& call) {
    const auto order = visible_order(call);
    if (!order) return problem(order.error());
    const auto deadlines = call.services.durable.readers().deadlines({order->id});
    if (!deadlines) return problem(deadlines.error());
    return json_response(200, order_json(call, *order, *deadlines, true));
}

HttpResponse get_order_history(const Call& call) {
    const auto order = visible_order(call);
    if (!order) return problem(order.error());
    const auto history = call.services.durable.readers().history(order->id);
    if (!history) return problem(history.error());
    auto items = nlohmann::ordered_json::array();
    for (const HistoryRecord& entry : *history) items.push_back(to_json(entry));
    return page_response(std::move(items), {});
}

HttpResponse post_order_note(const Call& call) {
    const auto body = read_object(call.request.body, kNoteFields);
    if (!body) return problem(body.error());
    return submit(call, desk::AddNote{call.params[0], text_field(*body, "text")});
}

HttpResponse post_order_action(const Call& call) {
    const auto body = read_object(call.request.body, kActionFields);
    if (!body) return problem(body.error());
    desk::ActOnOrder act;
    act.order = call.params[0];
    act.action = call.params[1];
    act.fields = values_of(*body);
    act.note = text_field(*body, "note");
    if (const auto found = body->find("revision"); found != body->end()) act.revision = found->get<std::int64_t>();
    return submit(call, std::move(act));
}

}  // namespace citybridge::gateway
