#include "core/api/text.h"

#include <iconv.h>

#include <cstdint>
#include <cstring>

namespace citybridge {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Length of the well-formed sequence at the start, 0 if there is none.
// Table 3-7 of the Unicode Standard: no overlong forms, no surrogates.
std::size_t sequence_length(std::string_view s) {
    const auto byte = [&](std::size_t i) { return i < s.size() ? static_cast<std::uint8_t>(s[i]) : 0; };
    const auto tail = [&](std::size_t i) { return byte(i) >= 0x80 && byte(i) <= 0xBF; };
    const auto b0 = byte(0);
    const auto b1 = byte(1);
    if (b0 < 0x80) return 1;
    if (b0 >= 0xC2 && b0 <= 0xDF) return tail(1) ? 2 : 0;
    if (b0 >= 0xE0 && b0 <= 0xEF) {
        const bool first = tail(1) && (b0 != 0xE0 || b1 >= 0xA0) && (b0 != 0xED || b1 <= 0x9F);
        return first && tail(2) ? 3 : 0;
    }
    if (b0 >= 0xF0 && b0 <= 0xF4) {
        const bool first = tail(1) && (b0 != 0xF0 || b1 >= 0x90) && (b0 != 0xF4 || b1 <= 0x8F);
        return first && tail(2) && tail(3) ? 4 : 0;
    }
    return 0;
}

std::string replace_invalid(std::string_view bytes) {
    std::string out;
    while (!bytes.empty()) {
        const std::size_t length = sequence_length(bytes);
        out.append(length != 0 ? bytes.substr(0, length) : kReplacement);
        bytes.remove_prefix(length != 0 ? length : 1);
    }
    return out;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlank = " \t\r\n";
    const auto first = text.find_first_not_of(kBlank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::string lower_case(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

bool is_utf8(std::string_view bytes) {
    for (;;) {
        // Most of it is plain ASCII, eight characters at a time.
        for (std::uint64_t eight = 0; bytes.size() >= sizeof eight; bytes.remove_prefix(sizeof eight)) {
            std::memcpy(&eight, bytes.data(), sizeof eight);
            if ((eight & 0x8080'8080'8080'8080U) != 0) break;
        }
        if (bytes.empty()) return true;
        const std::size_t length = sequence_length(bytes);
        if (length == 0) return false;
        bytes.remove_prefix(length);
    }
}

std::string to_utf8(std::string_view bytes, const std::string& charset) {
    if (is_utf8(bytes)) return std::string(bytes);
    const iconv_t converter = iconv_open("UTF-8", charset.c_str());
    if (converter == reinterpret_cast<iconv_t>(-1)) return replace_invalid(bytes);
    std::string copy(bytes);
    std::string out(copy.size() * 4, '\0');
    char* from = copy.data();
    char* to = out.data();
    std::size_t from_left = copy.size();
    std::size_t to_left = out.size();
    const bool converted = iconv(converter, &from, &from_left, &to, &to_left) != static_cast<std::size_t>(-1);
    iconv_close(converter);
    if (!converted) return replace_invalid(bytes);
    out.resize(out.size() - to_left);
    return out;
}

}  // namespace citybridge
