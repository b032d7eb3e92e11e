#include "plugins/erp_rest/path_template.h"

#include <algorithm>
#include <array>
#include <utility>

namespace citybridge::erp_rest {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view PathValues::*>, 4> kPlaces{{
    {"id", &PathValues::id},
    {"order", &PathValues::order},
    {"external_id", &PathValues::external_id},
    {"kind", &PathValues::kind},
}};

Error bad(const std::string& why) { return {"erp_rest.bad_path", why}; }

bool is_path_text(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F && c != '#' && c != '\\'; });
}

// RFC 3986: everything but the unreserved characters.
void append_encoded(std::string& out, std::string_view value) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    for (const char c : value) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '.' || c == '_' || c == '~';
        const auto byte = static_cast<unsigned char>(c);
        if (plain) {
            out += c;
        } else {
            out += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
        }
    }
}

}  // namespace

Result<PathTemplate> PathTemplate::parse(std::string_view text) {
    PathTemplate out;
    if (!text.starts_with('/')) return bad("must begin with /");
    if (!is_path_text(text)) return bad("holds a blank, #, \\ or a character that is not ASCII; percent-encode it");
    while (!text.empty()) {
        const auto open = std::min(text.find('{'), text.size());
        const std::string_view plain = text.substr(0, open);
        if (plain.find('}') != std::string_view::npos) return bad("has a } without {");
        if (!plain.empty()) out.parts_.push_back({std::string(plain), nullptr});
        text.remove_prefix(open);
        if (text.empty()) break;
        const auto close = text.find('}');
        if (close == std::string_view::npos) return bad("has a { without }");
        const std::string_view name = text.substr(1, close - 1);
        const auto* const place =
            std::find_if(kPlaces.begin(), kPlaces.end(), [&](const auto& known) { return known.first == name; });
        if (place == kPlaces.end())
            return bad("names {" + std::string(name) + "}; known are {id}, {order}, {external_id}, {kind}");
        out.parts_.push_back({std::string(name), place->second});
        text.remove_prefix(close + 1);
    }
    return out;
}

Result<std::string> PathTemplate::fill(const PathValues& values) const {
    std::string out;
    for (const Part& part : parts_) {
        if (part.value == nullptr) {
            out += part.text;
            continue;
        }
        const std::string_view value = values.*part.value;
        if (value.empty())
            return Error{"erp_rest.cannot_address", "the address needs {" + part.text + "}, which is not known"};
        if (value == "." || value == "..")
            return Error{"erp_rest.cannot_address",
                         "{" + part.text + "} is \"" + std::string(value) + "\", which would lead to another address"};
        append_encoded(out, value);
    }
    return out;
}

}  // namespace citybridge::erp_rest
