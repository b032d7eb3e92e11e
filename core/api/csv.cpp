#include "core/api/csv.h"

namespace citybridge {
namespace {

// A quoted value, `line` standing behind the opening quote; afterwards at the comma or the end.
std::optional<std::string> take_quoted(std::string_view& line) {
    std::string out;
    while (!line.empty()) {
        const char c = line.front();
        line.remove_prefix(1);
        if (c != '"') {
            out += c;
        } else if (line.empty() || line.front() == ',') {
            return out;
        } else {
            out += '"';
            if (line.front() == '"') line.remove_prefix(1);
        }
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::vector<std::string>> split_csv(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    std::vector<std::string> out;
    for (;;) {
        if (line.starts_with('"')) {
            line.remove_prefix(1);
            auto value = take_quoted(line);
            if (!value) return std::nullopt;
            out.push_back(std::move(*value));
        } else {
            out.emplace_back(line.substr(0, line.find(',')));
            line.remove_prefix(out.back().size());
        }
        if (line.empty()) return out;
        line.remove_prefix(1);
    }
}

}  // namespace citybridge
