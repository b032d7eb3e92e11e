#include "plugins/erp_orders/complaint.h"

#include "plugins/erp_orders/payload.h"

namespace citybridge::erp_orders {
namespace {

constexpr PersonFields kComplainant{"", "contact_phone"};

bool solved(const OrderRecord& order) {
    const auto it = order.fields.find("solved");
    return it != order.fields.end() && it->is_boolean() && it->get<bool>();
}

}  // namespace

Result<> judge_complaint(const OrderRecord& order, const CustomerRecord* customer) {
    // One that was solved by talking is only recorded; of the others a specialist calls within half an hour.
    if (solved(order) || !phone_of(order, customer, kComplainant).empty()) return ok();
    return Error{"order.bad_fields",
                 "a complaint needs a number on which the specialist reaches the customer; fill in \"contact_phone\""};
}

Json complaint_payload(const Settings& settings, std::string_view action, const OrderRecord& order,
                       const CustomerRecord* customer, std::string_view text) {
    Json out = envelope(action, order);
    const bool before_somebody = action == "escalate_order" || action == "reopen_order";
    if (brings_all(action) || before_somebody) {
        put(out, "category", text_of(order.fields, "category"));
        put(out, "urgency", null_if_empty(text_of(order.fields, "urgency")));
    }
    if (before_somebody)
        put(out, "escalate_to", action == "reopen_order" ? settings.reopens_to : settings.escalates_to);
    if (brings_all(action)) {
        // "recorded in the ERP as handled by the agent"
        put(out, "handled_by_agent", solved(order));
        put_origin(out, order, customer, kComplainant);
        put(out, "fields", other_fields(order.fields, {kComplainant.phone, "category", "urgency", "solved"}));
    }
    put(out, "note", null_if_empty(std::string(text)));
    return out;
}

}  // namespace citybridge::erp_orders
