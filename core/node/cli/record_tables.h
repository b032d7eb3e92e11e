#pragma once
// The durable records as tables for people, made from the API's JSON.
#include <string>

#include "core/api/model_json.h"

namespace citybridge {

std::string orders_table(const nlohmann::ordered_json& orders);
// One order with everything: the order's JSON, and "history" in it.
std::string order_sheet(const nlohmann::ordered_json& order);
std::string customers_table(const nlohmann::ordered_json& customers);
std::string outbox_table(const nlohmann::ordered_json& messages);
std::string destinations_table(const nlohmann::ordered_json& destinations);
std::string users_table(const nlohmann::ordered_json& users);
std::string replayed_line(const nlohmann::ordered_json& answer);
// "name  value", a line each; what is structured as JSON.
std::string sheet(const nlohmann::ordered_json& object);

}  // namespace citybridge
