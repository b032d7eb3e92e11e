#include "core/gateway/attachment_kind.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/api/text.h"

namespace citybridge::gateway {
namespace {

constexpr std::size_t kMostName = 200;
constexpr std::size_t kMostEntries = 10'000;

// Little-endian, as ZIP has it; 0 beyond the end.
std::uint32_t number_at(std::string_view bytes, std::size_t at, std::size_t length) {
    std::uint32_t value = 0;
    if (at + length > bytes.size()) return 0;
    for (std::size_t i = 0; i < length; ++i)
        value |= static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes[at + i])) << (8 * i);
    return value;
}

// Names in the central directory (APPNOTE.TXT 4.3.12); empty if it is damaged.
std::vector<std::string_view> names_in_zip(std::string_view bytes) {
    constexpr std::string_view kEnd("PK\x05\x06", 4), kEntry("PK\x01\x02", 4);
    const std::size_t end = bytes.rfind(kEnd);
    if (end == std::string_view::npos || end + 22 > bytes.size()) return {};
    std::size_t at = number_at(bytes, end + 16, 4);
    const std::size_t count = number_at(bytes, end + 10, 2);
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < std::min(count, kMostEntries); ++i) {
        if (at + 46 > bytes.size() || bytes.substr(at, 4) != kEntry) return {};
        const std::size_t name = number_at(bytes, at + 28, 2);
        if (at + 46 + name > bytes.size()) return {};
        names.push_back(bytes.substr(at + 46, name));
        at += 46 + name + number_at(bytes, at + 30, 2) + number_at(bytes, at + 32, 2);
    }
    return names;
}

// ECMA-376 part 2: a package says its parts' kinds in [Content_Types].xml. Macros are not taken.
std::string office_type(std::string_view bytes) {
    const auto names = names_in_zip(bytes);
    const auto has = [&](std::string_view name) { return std::find(names.begin(), names.end(), name) != names.end(); };
    const bool macros =
        std::any_of(names.begin(), names.end(), [](std::string_view name) { return name.ends_with("vbaProject.bin"); });
    if (!has("[Content_Types].xml") || macros) return {};
    if (has("word/document.xml")) return "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    if (has("xl/workbook.xml")) return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    return {};
}

bool is_plain_text(std::string_view bytes) {
    const auto is_control = [](char c) {
        const auto byte = static_cast<std::uint8_t>(c);
        return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f') || byte == 0x7F;
    };
    return !bytes.empty() && is_utf8(bytes) && std::none_of(bytes.begin(), bytes.end(), is_control);
}

// U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069: "gpj.exe" is shown as "exe.jpg" behind one of them.
bool turns_direction(std::string_view at) {
    if (!at.starts_with("\xE2\x80") && !at.starts_with("\xE2\x81")) return false;
    if (at.size() < 3) return false;
    const auto last = static_cast<std::uint8_t>(at[2]);
    if (at[1] == '\x80') return last == 0x8E || last == 0x8F || (last >= 0xAA && last <= 0xAE);
    return last >= 0xA6 && last <= 0xA9;
}

}  // namespace

std::string media_type_of(std::string_view bytes) {
    if (bytes.starts_with("%PDF-")) return "application/pdf";
    if (bytes.starts_with("\x89PNG\r\n\x1A\n")) return "image/png";
    if (bytes.starts_with("\xFF\xD8\xFF")) return "image/jpeg";
    if (bytes.starts_with("PK\x03\x04")) return office_type(bytes);
    return is_plain_text(bytes) ? "text/plain; charset=utf-8" : "";
}

std::string safe_name(std::string_view name) {
    if (!is_utf8(name)) return {};
    if (const std::size_t slash = name.find_last_of("/\\"); slash != std::string_view::npos)
        name.remove_prefix(slash + 1);
    std::string out;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const auto byte = static_cast<std::uint8_t>(name[i]);
        if (turns_direction(name.substr(i))) {
            i += 2;
            continue;
        }
        if (byte >= 0x20 && byte != 0x7F) out += name[i];
    }
    const std::size_t first = out.find_first_not_of(" ."), last = out.find_last_not_of(" .");
    out = first == std::string::npos ? std::string() : out.substr(first, last - first + 1);
    if (out.size() <= kMostName) return out;
    std::size_t cut = kMostName;
    while (cut > 0 && (static_cast<std::uint8_t>(out[cut]) & 0xC0U) == 0x80) --cut;
    return out.substr(0, cut);
}

}  // namespace citybridge::gateway
