#pragma once
// Lists are given in pages: a limit, and a cursor that is the key of the page's
// last item, so that nothing is shown twice or skipped when others come and go.
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "core/api/result.h"
#include "core/gateway/http_types.h"

namespace citybridge::gateway {

// The parameter `limit`, or the default page.
std::size_t page_limit(const HttpRequest& request);
// The key behind the parameter `cursor`; empty: from the start. Code "request.bad_parameter".
Result<std::string> page_start(const HttpRequest& request);
// `next_key` empty: the last page.
HttpResponse page_response(nlohmann::ordered_json items, const std::string& next_key);
std::string param(const HttpRequest& request, std::string_view name);  // empty if absent

}  // namespace citybridge::gateway
