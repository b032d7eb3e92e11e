#pragma once
// GET /openapi.json (OpenAPI 3.1), made from the route table and docs/schemas.
#include <nlohmann/json.hpp>
#include <span>
#include <string_view>

namespace citybridge::gateway {

const nlohmann::ordered_json& openapi();

struct EmbeddedSchema {
    std::string_view name;  // "contact"
    std::string_view text;  // docs/schemas/contact.json
};
std::span<const EmbeddedSchema> embedded_schemas();

}  // namespace citybridge::gateway
