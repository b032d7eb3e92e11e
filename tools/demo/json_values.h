#pragma once
#include <nlohmann/json.hpp>
#include <string>

namespace citybridge::demo {

inline std::string text_or_empty(const nlohmann::ordered_json& value) {
    return value.is_string() ? value.get<std::string>() : std::string{};
}

}  // namespace citybridge::demo
