#pragma once
#include <map>
#include <string>

namespace citybridge::contract {

using AmiAction = std::map<std::string, std::string>;

inline std::string value(const AmiAction& action, const std::string& key) {
    const auto it = action.find(key);
    return it != action.end() ? it->second : std::string();
}

inline std::string response(const AmiAction& action, const std::string& status, const std::string& message) {
    std::string out = "Response: " + status + "\r\nActionID: " + value(action, "ActionID") + "\r\n";
    if (!message.empty()) out += "Message: " + message + "\r\n";
    return out + "\r\n";
}

}  // namespace citybridge::contract
