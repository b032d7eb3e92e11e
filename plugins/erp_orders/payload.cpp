#include "plugins/erp_orders/payload.h"

#include <algorithm>

namespace citybridge::erp_orders {

std::string text_of(const Fields& fields, std::string_view name) {
    const auto it = fields.find(std::string(name));
    return it != fields.end() && it->is_string() ? it->get<std::string>() : std::string();
}

Json null_if_empty(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

void put(Json& object, const std::string& name, Json value) {
    object.get_ref<Json::object_t&>().emplace_back(name, std::move(value));
}

std::string name_of(const OrderRecord& order, const CustomerRecord* customer, const PersonFields& fields) {
    std::string typed = text_of(order.fields, fields.name);
    return typed.empty() && customer != nullptr ? customer->name : typed;
}

std::string phone_of(const OrderRecord& order, const CustomerRecord* customer, const PersonFields& fields) {
    std::string typed = text_of(order.fields, fields.phone);
    if (!typed.empty() || customer == nullptr || customer->numbers.empty()) return typed;
    return customer->numbers.front();
}

Json envelope(std::string_view action, const OrderRecord& order) {
    Json out = Json::object();
    out.get_ref<Json::object_t&>().reserve(14);
    put(out, "action", action);
    put(out, "order", order.id);
    put(out, "external_id", null_if_empty(order.external_id));
    put(out, "kind", order.kind);
    put(out, "state", order.state);
    put(out, "city", order.city);
    put(out, "agent", null_if_empty(order.owner));
    return out;
}

void put_origin(Json& out, const OrderRecord& order, const CustomerRecord* customer, const PersonFields& fields) {
    put(out, "opened_at", to_rfc3339(order.created_at));
    put(out, "contact", null_if_empty(order.contact));
    put(out, "group", null_if_empty(order.group));
    Json person = Json::object();
    put(person, "id", null_if_empty(order.customer));
    put(person, "name", null_if_empty(name_of(order, customer, fields)));
    put(person, "phone", null_if_empty(phone_of(order, customer, fields)));
    if (customer != nullptr) {
        put(person, "source", null_if_empty(customer->source));
        put(person, "preference", null_if_empty(customer->preference));
    }
    put(out, "customer", std::move(person));
}

Json other_fields(const Fields& fields, const std::vector<std::string_view>& but) {
    Json out = Json::object();
    for (const auto& [name, value] : fields.items())
        if (std::find(but.begin(), but.end(), name) == but.end()) put(out, name, value);
    return out;
}

bool brings_all(std::string_view action) { return action == "open_order" || action == "change_order"; }

}  // namespace citybridge::erp_orders
