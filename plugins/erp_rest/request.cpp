#include "plugins/erp_rest/request.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace citybridge::erp_rest {
namespace {

using nlohmann::ordered_json;

std::string first_known(const ordered_json& payload, const OutboxRecord& message, const std::string& known) {
    const auto given = payload.find("external_id");
    if (given != payload.end() && given->is_string() && !given->get_ref<const std::string&>().empty())
        return given->get<std::string>();
    return message.external_id.empty() ? known : message.external_id;
}

// The routes end with one for every other kind.
const Route& route_of(const Target& target, const std::string& kind) {
    const auto found = std::find_if(target.routes.begin(), target.routes.end(),
                                    [&](const Route& route) { return route.kind.empty() || route.kind == kind; });
    return *found;
}

Result<ordered_json> parse_payload(const OutboxRecord& message) {
    auto payload = ordered_json::parse(message.payload, nullptr, false);
    if (payload.is_object()) return payload;
    return Error{"erp_rest.bad_payload", "the message's content is no JSON object"};
}

HttpOutgoing request_to(const Target& target, std::string method, const std::string& path) {
    HttpOutgoing out;
    out.method = std::move(method);
    out.url = target.base + path;
    out.headers = target.headers;
    out.headers.emplace_back("Accept", "application/json");
    out.connect_timeout = target.connect_timeout;
    out.timeout = target.timeout;
    out.ca_file = target.ca_file;
    return out;
}

}  // namespace

Result<HttpOutgoing> delivery_request(const Target& target, const OutboxRecord& message,
                                      const std::string& known_external_id) {
    auto payload = parse_payload(message);
    if (!payload) return payload.error();
    const std::string external = first_known(*payload, message, known_external_id);
    const Route& route = route_of(target, message.kind);
    auto path = route.path.fill({message.id, message.order, external, message.kind});
    if (!path) return path.error();
    HttpOutgoing out = request_to(target, route.method, *path);
    out.headers.emplace_back("Content-Type", "application/json");
    if (!target.key_header.empty()) out.headers.emplace_back(target.key_header, message.id);
    if (!target.key_field.empty()) (*payload)[target.key_field] = message.id;
    // Written before the order's number was known: the far side is told the number it gave.
    if (payload->contains("external_id") && !external.empty()) (*payload)["external_id"] = external;
    out.body = payload->dump(-1, ' ', false, ordered_json::error_handler_t::replace);
    return out;
}

Result<HttpOutgoing> find_request(const Target& target, const OutboxRecord& message,
                                  const std::string& known_external_id) {
    const auto payload = ordered_json::parse(message.payload, nullptr, false);
    const std::string external = first_known(payload, message, known_external_id);
    auto path = target.find_path.fill({message.id, message.order, external, message.kind});
    if (!path) return path.error();
    return request_to(target, "GET", *path);
}

}  // namespace citybridge::erp_rest
