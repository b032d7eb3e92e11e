#include "plugins/erp_orders/sales_lead.h"

#include "plugins/erp_orders/payload.h"

namespace citybridge::erp_orders {
namespace {

constexpr PersonFields kAsker{"customer_name", "customer_phone"};

bool has(const OrderRecord& order, const CustomerRecord* customer, const std::string& field) {
    if (field == "customer_name") return !name_of(order, customer, kAsker).empty();
    if (field == "customer_phone") return !phone_of(order, customer, kAsker).empty();
    const auto it = order.fields.find(field);
    if (it == order.fields.end() || it->is_null()) return false;
    return !it->is_string() || !it->get_ref<const std::string&>().empty();
}

bool is_property_lead(std::string_view lead_kind) { return lead_kind == "sell" || lead_kind == "let"; }
bool is_customer_lead(std::string_view lead_kind) {
    return lead_kind == "buy" || lead_kind == "rent" || lead_kind == "finance";
}

}  // namespace

Result<> judge_sales_lead(const Settings& settings, const OrderRecord& order, const CustomerRecord* customer) {
    const std::string lead_kind = text_of(order.fields, "lead_kind");
    if (!is_property_lead(lead_kind) && !is_customer_lead(lead_kind))
        return Error{"order.bad_fields",
                     "\"lead_kind\" must be buy, rent, sell, let or finance, so that the ERP knows "
                     "who gets the lead"};
    const auto& needed = is_property_lead(lead_kind) ? settings.property_leads_need : settings.customer_leads_need;
    std::string missing;
    for (const std::string& field : needed)
        if (!has(order, customer, field)) missing += (missing.empty() ? "\"" : ", \"") + field + "\"";
    if (missing.empty()) return ok();
    return Error{"order.bad_fields",
                 "a sales lead of kind " + lead_kind + " needs " + missing + "; ask the customer and fill it in"};
}

Json sales_lead_payload(std::string_view action, const OrderRecord& order, const CustomerRecord* customer,
                        std::string_view text) {
    Json out = envelope(action, order);
    if (brings_all(action)) {
        put(out, "lead_kind", text_of(order.fields, "lead_kind"));
        put_origin(out, order, customer, kAsker);
        // What is said with the customer, or with the envelope, is not said twice.
        put(out, "fields", other_fields(order.fields, {kAsker.name, kAsker.phone, "lead_kind"}));
    }
    put(out, "note", null_if_empty(std::string(text)));
    return out;
}

}  // namespace citybridge::erp_orders
