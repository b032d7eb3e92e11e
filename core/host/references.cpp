#include "core/host/references.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>

namespace citybridge {
namespace {

constexpr std::size_t kMaxSecretBytes = std::size_t{64} * 1024;

std::optional<std::string> file_content(const std::string& path, const Position& where, Problems& problems) {
    const auto refuse = [&](const std::string& why) -> std::optional<std::string> {
        problems.push_back({where, "cannot take the value from file " + path + ": " + why});
        return {};
    };
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error))
        return refuse(error ? error.message() : std::string("it is no regular file"));
    std::ifstream file(path, std::ios::binary);
    if (!file) return refuse(std::generic_category().message(errno));
    std::string text(kMaxSecretBytes + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > kMaxSecretBytes) return refuse("it is longer than " + std::to_string(kMaxSecretBytes) + " bytes");
    if (text.ends_with('\n')) text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
    if (text.empty()) return refuse("it is empty");
    if (text.find('\0') != std::string::npos) return refuse("it holds binary data");
    return text;
}

std::optional<std::string> variable(const std::string& name, const Position& where, Problems& problems) {
    const char* value = std::getenv(name.c_str());
    if (value != nullptr && *value != '\0') return value;
    problems.push_back({where, "environment variable " + name + " is " + (value == nullptr ? "not set" : "empty") +
                                   "; set it for the daemon or use ${file:...}"});
    return {};
}

// "file:/etc/secret" between the braces.
std::optional<std::string> content(std::string_view reference, const Position& where, Problems& problems) {
    const auto colon = reference.find(':');
    const auto kind = reference.substr(0, colon);
    const std::string what(reference.substr(colon + 1));
    if (kind == "env") return variable(what, where, problems);
    if (kind == "file") {
        const auto folder = std::filesystem::path(where.file).parent_path();
        return file_content((folder / what).string(), where, problems);
    }
    problems.push_back(
        {where, "unknown reference ${" + std::string(kind) + ":...}; known are ${file:PATH} and ${env:NAME}"});
    return {};
}

// "file:..." is meant as a reference; "EXTEN" in a dialplan's ${EXTEN} is not.
bool is_reference(std::string_view inside) {
    const auto colon = inside.find(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    return std::all_of(inside.begin(), inside.begin() + static_cast<std::ptrdiff_t>(colon),
                       [](char c) { return c >= 'a' && c <= 'z'; });
}

}  // namespace

std::string resolve_references(std::string_view value, const Position& where, Problems& problems) {
    std::string out;
    while (!value.empty()) {
        const auto start = value.find("${");
        out += value.substr(0, start);
        if (start == std::string_view::npos) break;
        value.remove_prefix(start);
        const auto end = value.find('}');
        const auto inside = value.substr(2, end == std::string_view::npos ? end : end - 2);
        if (!is_reference(inside)) {
            out += "${";
            value.remove_prefix(2);
            continue;
        }
        if (end == std::string_view::npos) {
            problems.push_back({where, "a reference ${...} without its closing brace"});
            break;
        }
        if (const auto found = content(inside, where, problems)) out += *found;
        value.remove_prefix(end + 1);
    }
    return out;
}

}  // namespace citybridge
