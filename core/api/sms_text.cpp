#include "core/api/sms_text.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "core/api/text.h"

namespace citybridge {
namespace {

constexpr char kEscape = 0x1B;
constexpr char32_t kUnreadable = 0xFFFD;

// TS 23.038, 6.2.1: the default alphabet by code. 0x1B leads to the extension table.
constexpr std::array<char32_t, 128> kDefault{
    U'@', U'£',  U'$', U'¥', U'è', U'é', U'ù', U'ì', U'ò', U'Ç', U'\n', U'Ø', U'ø', U'\r', U'Å', U'å', U'Δ', U'_', U'Φ',
    U'Γ', U'Λ',  U'Ω', U'Π', U'Ψ', U'Σ', U'Θ', U'Ξ', 0,    U'Æ', U'æ',  U'ß', U'É', U' ',  U'!', U'"', U'#', U'¤', U'%',
    U'&', U'\'', U'(', U')', U'*', U'+', U',', U'-', U'.', U'/', U'0',  U'1', U'2', U'3',  U'4', U'5', U'6', U'7', U'8',
    U'9', U':',  U';', U'<', U'=', U'>', U'?', U'¡', U'A', U'B', U'C',  U'D', U'E', U'F',  U'G', U'H', U'I', U'J', U'K',
    U'L', U'M',  U'N', U'O', U'P', U'Q', U'R', U'S', U'T', U'U', U'V',  U'W', U'X', U'Y',  U'Z', U'Ä', U'Ö', U'Ñ', U'Ü',
    U'§', U'¿',  U'a', U'b', U'c', U'd', U'e', U'f', U'g', U'h', U'i',  U'j', U'k', U'l',  U'm', U'n', U'o', U'p', U'q',
    U'r', U's',  U't', U'u', U'v', U'w', U'x', U'y', U'z', U'ä', U'ö',  U'ñ', U'ü', U'à'};

// TS 23.038, 6.2.1.1: behind the escape.
constexpr std::array<std::pair<char32_t, char>, 10> kExtension{{{U'\f', 0x0A},
                                                                {U'^', 0x14},
                                                                {U'{', 0x28},
                                                                {U'}', 0x29},
                                                                {U'\\', 0x2F},
                                                                {U'[', 0x3C},
                                                                {U'~', 0x3D},
                                                                {U']', 0x3E},
                                                                {U'|', 0x40},
                                                                {U'€', 0x65}}};

// Precondition: valid UTF-8, `at` at the beginning of a character; `at` is moved behind it.
char32_t next_character(std::string_view text, std::size_t& at) {
    const auto byte = [&](std::size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(text[i])); };
    const char32_t first = byte(at++);
    if (first < 0x80) return first;
    const int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
    char32_t value = first & (0x3FU >> static_cast<unsigned>(more));
    for (int i = 0; i < more; ++i) value = value << 6U | (byte(at++) & 0x3FU);
    return value;
}

void append_utf8(char32_t value, std::string& out) {
    const auto put = [&out](char32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (value < 0x80) return put(value);
    if (value < 0x800) {
        put(0xC0 | value >> 6U);
    } else if (value < 0x10000) {
        put(0xE0 | value >> 12U);
        put(0x80 | (value >> 6U & 0x3F));
    } else {
        put(0xF0 | value >> 18U);
        put(0x80 | (value >> 12U & 0x3F));
        put(0x80 | (value >> 6U & 0x3F));
    }
    put(0x80 | (value & 0x3F));
}

// One or two octets; nothing: not in the alphabet.
std::optional<std::string> gsm7_of(char32_t character) {
    if (character != 0) {
        const auto* const found = std::find(kDefault.begin(), kDefault.end(), character);
        if (found != kDefault.end()) return std::string(1, static_cast<char>(found - kDefault.begin()));
    }
    for (const auto& [value, code] : kExtension)
        if (value == character) return std::string{kEscape, code};
    return std::nullopt;
}

void append_unit(char32_t unit, std::string& out) {
    out += static_cast<char>(static_cast<unsigned char>(unit >> 8U));
    out += static_cast<char>(static_cast<unsigned char>(unit & 0xFFU));
}

std::string ucs2_of(char32_t character) {
    std::string out;
    if (character < 0x10000) {
        append_unit(character, out);
    } else {
        append_unit(0xD800 + ((character - 0x10000) >> 10U), out);
        append_unit(0xDC00 + ((character - 0x10000) & 0x3FF), out);
    }
    return out;
}

// Every character as the octets that may not be torn apart.
struct Encoded {
    std::vector<std::string> characters;
    std::size_t octets = 0;

    void add(std::string character) {
        octets += character.size();
        characters.push_back(std::move(character));
    }
};

std::optional<Encoded> as_gsm7(std::string_view text) {
    Encoded out;
    for (std::size_t at = 0; at < text.size();) {
        auto character = gsm7_of(next_character(text, at));
        if (!character) return std::nullopt;
        out.add(std::move(*character));
    }
    return out;
}

Encoded as_ucs2(std::string_view text) {
    Encoded out;
    for (std::size_t at = 0; at < text.size();) out.add(ucs2_of(next_character(text, at)));
    return out;
}

std::vector<std::string> parts_of(const Encoded& encoded, std::size_t alone, std::size_t in_part) {
    const std::size_t most = encoded.octets <= alone ? alone : in_part;
    std::vector<std::string> parts(1);
    for (const std::string& character : encoded.characters) {
        if (parts.back().size() + character.size() > most) parts.emplace_back();
        parts.back() += character;
    }
    return parts;
}

}  // namespace

std::string_view to_string(SmsAlphabet value) { return value == SmsAlphabet::gsm7 ? "gsm7" : "ucs2"; }

Result<SmsText> sms_text(std::string_view utf8, SmsChoice choice) {
    if (!is_utf8(utf8)) return Error{"sms.not_utf8", "the text is not valid UTF-8"};
    SmsText out;
    std::optional<Encoded> encoded = choice == SmsChoice::by_content ? as_gsm7(utf8) : std::nullopt;
    out.alphabet = encoded ? SmsAlphabet::gsm7 : SmsAlphabet::ucs2;
    if (!encoded) encoded = as_ucs2(utf8);
    const std::size_t unit = out.alphabet == SmsAlphabet::gsm7 ? 1 : 2;  // octets
    out.units = encoded->octets / unit;
    out.parts = parts_of(*encoded, sms_units_alone(out.alphabet) * unit, sms_units_in_part(out.alphabet) * unit);
    if (out.parts.size() > kMostSmsParts)
        return Error{"sms.too_long", "the text would need " + std::to_string(out.parts.size()) +
                                         " parts, and a message has at most 255; shorten it"};
    return out;
}

std::string sms_concatenation_header(std::uint8_t reference, std::size_t part, std::size_t parts) {
    // Length of the header, element 0x00 (concatenated, 8 bit reference), its length, reference, parts, this part.
    return {5, 0, 3, static_cast<char>(reference), static_cast<char>(parts), static_cast<char>(part)};
}

std::string utf8_from_gsm7(std::string_view unpacked) {
    std::string out;
    for (std::size_t at = 0; at < unpacked.size(); ++at) {
        const auto code = static_cast<unsigned char>(unpacked[at]);
        char32_t character = code < kDefault.size() && code != kEscape ? kDefault[code] : kUnreadable;
        if (code == kEscape && at + 1 < unpacked.size()) {
            ++at;
            for (const auto& [value, extended] : kExtension)
                if (extended == unpacked[at]) character = value;
        }
        append_utf8(character, out);
    }
    return out;
}

std::string utf8_from_ucs2(std::string_view big_endian) {
    std::string out;
    const auto unit = [&](std::size_t at) {
        return static_cast<char32_t>(static_cast<unsigned char>(big_endian[at])) << 8U |
               static_cast<unsigned char>(big_endian[at + 1]);
    };
    std::size_t at = 0;
    for (; at + 1 < big_endian.size(); at += 2) {
        char32_t character = unit(at);
        const bool high = character >= 0xD800 && character < 0xDC00;
        if (high && at + 3 < big_endian.size() && unit(at + 2) >= 0xDC00 && unit(at + 2) < 0xE000) {
            character = 0x10000 + ((character - 0xD800) << 10U) + (unit(at + 2) - 0xDC00);
            at += 2;
        } else if (character >= 0xD800 && character < 0xE000) {
            character = kUnreadable;
        }
        append_utf8(character, out);
    }
    if (at < big_endian.size()) append_utf8(kUnreadable, out);
    return out;
}

}  // namespace citybridge
