// Who is not written to, and how long a short message is before it is sent (docs/messages.md).
#include "core/api/sms_text.h"
#include "core/desk/message_preview.h"
#include "core/gateway/durable_input.h"
#include "core/gateway/fields_messages.h"
#include "core/gateway/fields_verification.h"
#include "core/gateway/handlers.h"
#include "core/gateway/handlers_verification.h"
#include "core/gateway/problem.h"
#include "core/store/verification_reader.h"

namespace citybridge::gateway {
namespace {

nlohmann::ordered_json blocked_json(const BlockedAddressRecord& row) {
    return {{"address", row.address}, {"channel", row.channel}, {"blocked", row.blocked},
            {"reason", row.reason},   {"set_by", row.set_by},   {"set_at", to_rfc3339(row.set_at)}};
}

// As the desk compares it: E.164, or an address in lower case.
Result<std::string> kept_address(const Call& call, const std::string& channel, std::string address) {
    if (channel == "sms") return number_of(call, "address", address);
    const std::size_t at = address.find('@');
    if (at == std::string::npos || at == 0 || at + 1 == address.size())
        return Error{"request.bad_field", "Field 'address' is no e-mail address; write it like name@example.com."};
    for (char& c : address) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return address;
}

Result<desk::MessageText> text_for_customer(const Call& call, const desk::MessageTemplate& what,
                                            const std::string& id) {
    const desk::Desk& desk = call.services.durable.desk();
    if (id.empty()) return desk::message_text(desk, what, {}, nullptr, {}, system_now().wall);
    const auto customer = call.services.durable.readers().customer(id);
    if (!customer) return customer.error();
    if (!*customer) return Error{"customer.unknown", "No customer has this id."};
    return desk::message_text(desk, what, {}, &**customer, {}, system_now().wall);
}

Result<desk::MessageText> text_of_order(const Call& call, const desk::MessageTemplate& what, const std::string& id) {
    store::Readers& readers = call.services.durable.readers();
    const desk::Desk& desk = call.services.durable.desk();
    const auto order = readers.order(id);
    if (!order) return order.error();
    const desk::Flow* flow = *order ? desk.flows().of(**order) : nullptr;
    if (flow == nullptr || !desk::sees(*flow, actor_of(call.user().user), **order))
        return Error{"order.unknown", "No order of yours has this id."};
    const auto deadlines = readers.deadlines({id});
    if (!deadlines) return deadlines.error();
    const auto customer = readers.customer((*order)->customer);
    if (!customer) return customer.error();
    return desk::message_text(desk, what, **order, *customer ? &**customer : nullptr, *deadlines, system_now().wall);
}

}  // namespace

HttpResponse get_blocked(const Call& call) {
    const auto start = page_start(call.request);
    if (!start) return problem(start.error());
    store::BlockedQuery query;
    query.channel = param(call.request, "channel");
    query.address = param(call.request, "address");
    // The cursor: address and channel of the last one, of which the channel is one word.
    const std::size_t blank = start->rfind(' ');
    query.after_address = start->substr(0, blank);
    if (blank != std::string::npos) query.after_channel = start->substr(blank + 1);
    const std::size_t limit = page_limit(call.request);
    query.limit = limit + 1;
    auto rows = store::blocked_addresses(call.services.durable.readers(), query);
    if (!rows) return problem(rows.error());
    const bool more = rows->size() > limit;
    if (more) rows->resize(limit);
    auto items = nlohmann::ordered_json::array();
    for (const BlockedAddressRecord& row : *rows) items.push_back(blocked_json(row));
    return page_response(std::move(items), more ? rows->back().address + " " + rows->back().channel : std::string());
}

HttpResponse post_blocked(const Call& call) {
    const auto body = read_object(call.request.body, kBlockFields);
    if (!body) return problem(body.error());
    BlockedAddressRecord row;
    row.channel = text_field(*body, "channel");
    auto address = kept_address(call, row.channel, text_field(*body, "address"));
    if (!address) return problem(address.error());
    row.address = std::move(*address);
    row.blocked = body->value("blocked", true);
    row.reason = text_field(*body, "reason");
    row.set_by = call.user().user.name;
    row.set_at = system_now().wall;
    Changes changes;
    changes.verification.blocked.push_back(row);
    const desk::Reply reply{200, "", blocked_json(row).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
    return answer_of(call.services.durable.record(std::move(changes), reply, call.key));
}

HttpResponse post_message_preview(const Call& call) {
    const auto body = read_object(call.request.body, kPreviewFields);
    if (!body) return problem(body.error());
    const desk::MessageTemplate what{text_field(*body, "kind"), text_field(*body, "template"),
                                     text_field(*body, "text")};
    if (what.text.empty() == what.name.empty())
        return problem("request.missing_field", "Send a text, or the kind and template of a flow; not both.");
    const std::string order = text_field(*body, "order");
    auto text =
        order.empty() ? text_for_customer(call, what, text_field(*body, "customer")) : text_of_order(call, what, order);
    if (!text) return problem(text.error());
    const auto sms = sms_text(text->text);
    if (!sms) return problem("request.bad_field", sms.error().detail);
    return json_response(200, {{"text", text->text},
                               {"alphabet", to_string(sms->alphabet)},
                               {"units", sms->units},
                               {"parts", sms->parts.size()},
                               {"units_per_part", sms->parts.size() > 1 ? sms_units_in_part(sms->alphabet)
                                                                        : sms_units_alone(sms->alphabet)}});
}

}  // namespace citybridge::gateway
