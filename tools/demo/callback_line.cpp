#include "tools/demo/callback_line.h"

#include "tools/demo/json_values.h"

namespace citybridge::demo {

std::string callback_line(const nlohmann::ordered_json& callback) {
    const auto text = [&](const char* field) { return text_or_empty(callback.value(field, nlohmann::ordered_json())); };
    const bool ours = text("side") == "origin";
    std::string line = text("name").empty() ? text("number") : text("name");
    line += (ours ? " for " + text("target") : " from " + text("origin")) + ": " + text("state");
    if (!ours && !text("owner").empty()) line += " by " + text("owner");
    if (!text("outcome").empty()) line += ", " + text("outcome");
    if (!ours && !text("confirmed_by").empty()) line += " (dialled again as allowed by " + text("confirmed_by") + ')';
    return line;
}

}  // namespace citybridge::demo
