#include "core/gateway/paging.h"

#include <charconv>

#include "core/gateway/crypto.h"
#include "core/gateway/handlers.h"

namespace citybridge::gateway {

std::size_t page_limit(const HttpRequest& request) {
    constexpr std::size_t kDefaultPage = 50;
    const auto text = request.parameter("limit");
    std::size_t limit = kDefaultPage;
    if (text) std::from_chars(text->data(), text->data() + text->size(), limit);
    return limit;
}

Result<std::string> page_start(const HttpRequest& request) {
    const auto cursor = request.parameter("cursor");
    if (!cursor || cursor->empty()) return std::string();
    auto key = from_base64(*cursor);
    if (!key) return Error{"request.bad_parameter", "Parameter 'cursor' must be a next_cursor of this list."};
    return *key;
}

HttpResponse page_response(nlohmann::ordered_json items, const std::string& next_key) {
    nlohmann::ordered_json page{{"items", std::move(items)}, {"next_cursor", nullptr}};
    if (!next_key.empty()) page["next_cursor"] = to_base64(next_key);
    return json_response(200, page);
}

std::string param(const HttpRequest& request, std::string_view name) { return request.parameter(name).value_or(""); }

}  // namespace citybridge::gateway
