#pragma once
#include <nlohmann/json.hpp>
#include <string>

namespace citybridge::demo {

// What happened to a callback between cities, as one line of the screen of the city that tells it.
std::string callback_line(const nlohmann::ordered_json& callback);

}  // namespace citybridge::demo
