#include "plugins/email/imap_text.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "core/api/text.h"
#include "plugins/email/encodings.h"

namespace citybridge::email {
namespace {

// UTF-16, high byte first, of one UTF-8 character.
std::string utf16(std::string_view character) {
    const auto byte = [&](std::size_t i) {
        return static_cast<std::uint32_t>(static_cast<std::uint8_t>(character[i]));
    };
    std::uint32_t code = byte(0);
    if (character.size() == 2) code = ((code & 0x1FU) << 6U) | (byte(1) & 0x3FU);
    if (character.size() == 3) code = ((code & 0x0FU) << 12U) | ((byte(1) & 0x3FU) << 6U) | (byte(2) & 0x3FU);
    if (character.size() == 4)
        code = ((code & 7U) << 18U) | ((byte(1) & 0x3FU) << 12U) | ((byte(2) & 0x3FU) << 6U) | (byte(3) & 0x3FU);
    std::string out;
    const auto unit = [&](std::uint32_t value) {
        out += static_cast<char>(value >> 8U);
        out += static_cast<char>(value & 0xFFU);
    };
    if (code >= 0x10000) {
        unit(0xD800 + ((code - 0x10000) >> 10U));
        unit(0xDC00 + ((code - 0x10000) & 0x3FFU));
    } else {
        unit(code);
    }
    return out;
}

bool is_number(std::string_view text) {
    return !text.empty() && text.size() <= 10 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::uint64_t number_of(std::string_view text) {
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

std::string quoted_string(std::string_view utf8) {
    std::string out = "\"";
    std::string wide;
    const auto flush = [&] {
        if (wide.empty()) return;
        std::string text = base64(wide);
        text.erase(std::find(text.begin(), text.end(), '='), text.end());
        std::replace(text.begin(), text.end(), '/', ',');
        out.append("&").append(text).append("-");
        wide.clear();
    };
    while (!utf8.empty()) {
        const std::string_view character = utf8.substr(0, character_length(utf8));
        utf8.remove_prefix(character.size());
        if (character.size() > 1) {
            wide += utf16(character);
            continue;
        }
        flush();
        if (character == "\"" || character == "\\") out += '\\';
        out += character;
        if (character == "&") out += '-';
    }
    flush();
    return out + '"';
}

std::vector<std::string> uids_in(std::string_view answer) {
    std::vector<std::string> out;
    bool search = false;  // within a line "* SEARCH ..."
    while (!answer.empty()) {
        const auto end = answer.find_first_of(" \r\n");
        const std::string_view word = answer.substr(0, end);
        if (search && is_number(word)) out.emplace_back(word);
        if (lower_case(word) == "search") search = true;
        if (end == std::string_view::npos) break;
        if (answer[end] == '\n') search = false;
        answer.remove_prefix(end + 1);
    }
    std::sort(out.begin(), out.end(),
              [](const std::string& a, const std::string& b) { return number_of(a) < number_of(b); });
    return out;
}

std::string uid_validity_in(std::string_view answer) {
    const std::string lower = lower_case(answer);
    const auto at = lower.rfind("uidvalidity ");
    if (at == std::string::npos) return {};
    std::string_view rest = answer.substr(at + std::string_view("uidvalidity ").size());
    rest = rest.substr(0, rest.find_first_not_of("0123456789"));
    return is_number(rest) ? std::string(rest) : std::string();
}

bool has_word(std::string_view answer, std::string_view word) {
    const std::string text = ' ' + lower_case(answer) + ' ';
    const std::string wanted = lower_case(word);
    for (auto at = text.find(wanted); at != std::string::npos; at = text.find(wanted, at + 1)) {
        const char before = text[at - 1];
        const char after = text[at + wanted.size()];
        if ((before == ' ' || before == '\n') && (after == ' ' || after == '\r' || after == '\n')) return true;
    }
    return false;
}

}  // namespace citybridge::email
