#include "plugins/erp_orders/repair.h"

#include "plugins/erp_orders/payload.h"

namespace citybridge::erp_orders {
namespace {

constexpr PersonFields kReporter{"reporter", "reporter_phone"};

}  // namespace

Result<> judge_repair(const OrderRecord& order, const CustomerRecord* customer) {
    // Property management calls the customer within the hour: it must know where.
    if (!phone_of(order, customer, kReporter).empty()) return ok();
    return Error{
        "order.bad_fields",
        "a repair needs a number on which property management reaches the customer; fill in \"reporter_phone\""};
}

Json repair_payload(const Settings& settings, std::string_view action, const OrderRecord& order,
                    const CustomerRecord* customer, std::string_view text) {
    Json out = envelope(action, order);
    if (brings_all(action) || action == "escalate_order") {
        put(out, "category", text_of(order.fields, "category"));
        put(out, "urgency", null_if_empty(text_of(order.fields, "urgency")));
    }
    if (action == "escalate_order") put(out, "escalate_to", settings.escalates_to);
    if (brings_all(action)) {
        put_origin(out, order, customer, kReporter);
        put(out, "fields", other_fields(order.fields, {kReporter.name, kReporter.phone, "category", "urgency"}));
    }
    put(out, "note", null_if_empty(std::string(text)));
    return out;
}

}  // namespace citybridge::erp_orders
