#pragma once
// What every message to the ERP holds, whatever the kind of order. Pure.
#include <string>
#include <string_view>

#include "core/api/records.h"

namespace citybridge::erp_orders {

using Json = nlohmann::ordered_json;

std::string text_of(const Fields& fields, std::string_view name);  // empty: absent, or no text
Json null_if_empty(const std::string& text);
// Behind the members that are there; the name is new. Braced lists make every member three times.
void put(Json& object, const std::string& name, Json value);

// Where the kinds keep what the ERP wants to know of the person.
struct PersonFields {
    std::string_view name;  // fields that beat the customer's record
    std::string_view phone;
};
std::string name_of(const OrderRecord& order, const CustomerRecord* customer, const PersonFields& fields);
std::string phone_of(const OrderRecord& order, const CustomerRecord* customer, const PersonFields& fields);

// Action, ids, state, city and agent: at the head of every message.
Json envelope(std::string_view action, const OrderRecord& order);
// Opening, contact, group and customer: of messages that bring the whole order.
void put_origin(Json& out, const OrderRecord& order, const CustomerRecord* customer, const PersonFields& fields);
// The order's fields but these.
Json other_fields(const Fields& fields, const std::vector<std::string_view>& but);
bool brings_all(std::string_view action);  // open_order, change_order

}  // namespace citybridge::erp_orders
