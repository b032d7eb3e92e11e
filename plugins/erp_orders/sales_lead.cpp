#include "plugins/erp_orders/sales_lead.h"

#include <algorithm>

namespace citybridge::erp_orders {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Fields& fields, std::string_view name) {
    const auto it = fields.find(std::string(name));
    return it != fields.end() && it->is_string() ? it->get<std::string>() : std::string();
}

std::string name_of(const OrderRecord& order, const CustomerRecord* customer) {
    std::string typed = text_of(order.fields, "customer_name");
    return typed.empty() && customer != nullptr ? customer->name : typed;
}

std::string phone_of(const OrderRecord& order, const CustomerRecord* customer) {
    std::string typed = text_of(order.fields, "customer_phone");
    if (!typed.empty() || customer == nullptr || customer->numbers.empty()) return typed;
    return customer->numbers.front();
}

bool has(const OrderRecord& order, const CustomerRecord* customer, const std::string& field) {
    if (field == "customer_name") return !name_of(order, customer).empty();
    if (field == "customer_phone") return !phone_of(order, customer).empty();
    const auto it = order.fields.find(field);
    if (it == order.fields.end() || it->is_null()) return false;
    return !it->is_string() || !it->get_ref<const std::string&>().empty();
}

bool is_property_lead(std::string_view lead_kind) { return lead_kind == "sell" || lead_kind == "let"; }
bool is_customer_lead(std::string_view lead_kind) {
    return lead_kind == "buy" || lead_kind == "rent" || lead_kind == "finance";
}

Json null_if_empty(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

// Behind the members that are there; the name is new. Braced lists make every member three times.
void put(Json& object, const std::string& name, Json value) {
    object.get_ref<Json::object_t&>().emplace_back(name, std::move(value));
}

Json person(const OrderRecord& order, const CustomerRecord* customer) {
    Json out = Json::object();
    put(out, "id", null_if_empty(order.customer));
    put(out, "name", null_if_empty(name_of(order, customer)));
    put(out, "phone", null_if_empty(phone_of(order, customer)));
    if (customer == nullptr) return out;
    put(out, "source", null_if_empty(customer->source));
    put(out, "preference", null_if_empty(customer->preference));
    return out;
}

// What is said with the customer, or with the envelope, is not said twice.
Json details(const Fields& fields) {
    Json out = Json::object();
    for (const auto& [name, value] : fields.items())
        if (name != "customer_name" && name != "customer_phone" && name != "lead_kind") put(out, name, value);
    return out;
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
    Json out = Json::object();
    out.get_ref<Json::object_t&>().reserve(14);
    put(out, "action", action);
    put(out, "order", order.id);
    put(out, "external_id", null_if_empty(order.external_id));
    put(out, "kind", order.kind);
    put(out, "state", order.state);
    put(out, "city", order.city);
    put(out, "agent", null_if_empty(order.owner));
    if (action == "open_order" || action == "change_order") {
        put(out, "lead_kind", text_of(order.fields, "lead_kind"));
        put(out, "opened_at", to_rfc3339(order.created_at));
        put(out, "contact", null_if_empty(order.contact));
        put(out, "group", null_if_empty(order.group));
        put(out, "customer", person(order, customer));
        put(out, "fields", details(order.fields));
    }
    put(out, "note", null_if_empty(std::string(text)));
    return out;
}

}  // namespace citybridge::erp_orders
