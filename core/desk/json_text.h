#pragma once
#include <nlohmann/json.hpp>
#include <string>

namespace citybridge::desk {

// Texts came from outside: a byte that is not UTF-8 must not stop a step.
inline std::string dumped(const nlohmann::ordered_json& json) {
    return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace citybridge::desk
