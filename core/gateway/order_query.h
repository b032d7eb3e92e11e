#pragma once
// The query of a list of orders, as people write it, to what the store is asked.
#include "core/gateway/json_input.h"
#include "core/gateway/services.h"

namespace citybridge::gateway {

// With who may see what. Codes "request.bad_parameter", "auth.forbidden". `after` and `limit` stay as they are.
Result<store::OrderQuery> order_query(const HttpRequest& request, const User& asker);
// The same from a body's object, whose members have the parameters' names; its shape is checked already.
Result<store::OrderQuery> order_query(const nlohmann::json& filter, const User& asker);

// A page's cursor: where the next one begins.
Result<> start_at(const std::string& key, store::OrderQuery& query);
std::string key_of_next(const OrderRecord& last, const store::OrderQuery& query);

}  // namespace citybridge::gateway
