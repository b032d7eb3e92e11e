#include "plugins/email/encodings.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace citybridge::email {
namespace {

constexpr std::string_view kBase32 = "abcdefghijklmnopqrstuvwxyz234567";
constexpr std::string_view kHex = "0123456789ABCDEF";
constexpr std::size_t kLineBytes = 57;  // become 76 characters

constexpr std::array<std::int8_t, 256> base64_values() {
    std::array<std::int8_t, 256> out{};
    for (auto& value : out) value = -1;
    constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t i = 0; i < kAlphabet.size(); ++i)
        out[static_cast<std::uint8_t>(kAlphabet[i])] = static_cast<std::int8_t>(i);
    return out;
}
constexpr auto kBase64Values = base64_values();

int base64_value(char c) { return kBase64Values[static_cast<std::uint8_t>(c)]; }

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

// The byte that two hexadecimal digits at `at` stand for, or -1.
int hex_byte(std::string_view text, std::size_t at) {
    if (at + 1 >= text.size()) return -1;
    const int high = hex_value(text[at]);
    const int low = hex_value(text[at + 1]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

int base32_value(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a';
    return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

// After the "=" of a soft line break: past the blanks and the line's end; npos: it is none.
std::size_t after_soft_break(std::string_view text, std::size_t at) {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
    if (at == text.size()) return at;
    if (text.substr(at, 2) == "\r\n") return at + 2;
    return text[at] == '\n' ? at + 1 : std::string_view::npos;
}

}  // namespace

std::string base64(std::string_view bytes) {
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), reinterpret_cast<const unsigned char*>(bytes.data()),
                    static_cast<int>(bytes.size()));
    out.pop_back();
    return out;
}

std::string base64_lines(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size() / kLineBytes * 78 + 80);
    for (; !bytes.empty(); bytes.remove_prefix(std::min(kLineBytes, bytes.size())))
        out.append(base64(bytes.substr(0, kLineBytes))).append("\r\n");
    return out;
}

std::string base64_decoded(std::string_view text) {
    std::string out;
    out.reserve(text.size() / 4 * 3 + 3);
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        // Padding ends a block; mails are seen that join several padded blocks into one body.
        if (c == '=') {
            bits = 0;
            count = 0;
            continue;
        }
        const int value = base64_value(c);
        if (value < 0) continue;
        bits = (bits << 6U) | static_cast<std::uint32_t>(value);
        count += 6;
        if (count < 8) continue;
        count -= 8;
        out += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU);
    }
    return out;
}

bool is_base64(std::string_view text) {
    std::size_t characters = 0;
    std::size_t padding = 0;
    for (const char c : text) {
        if (c == '\r' || c == '\n') continue;
        if (c == '=') {
            ++padding;
        } else if (base64_value(c) < 0 || padding > 0) {
            return false;
        }
        ++characters;
    }
    return characters % 4 == 0 && padding <= 2;
}

std::string quoted_printable_decoded(std::string_view text, bool words) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (words && text[at] == '_') {
            out += ' ';
        } else if (text[at] != '=') {
            out += text[at];
        } else if (const int byte = hex_byte(text, at + 1); byte >= 0) {
            out += static_cast<char>(byte);
            at += 2;
        } else if (const std::size_t next = after_soft_break(text, at + 1); !words && next != std::string_view::npos) {
            at = next - 1;
        } else {
            out += '=';
        }
    }
    return out;
}

std::string base32(std::string_view bytes) {
    std::string out;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : bytes) {
        bits = ((bits << 8U) | static_cast<std::uint8_t>(c)) & 0xFFFFU;
        for (count += 8; count >= 5; count -= 5) out += kBase32[(bits >> (count - 5)) & 31U];
    }
    if (count > 0) out += kBase32[(bits << (5 - count)) & 31U];
    return out;
}

bool base32_decoded(std::string_view text, std::string& bytes) {
    bytes.clear();
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : text) {
        const int value = base32_value(c);
        if (value < 0) return false;
        bits = ((bits << 5U) | static_cast<std::uint32_t>(value)) & 0xFFFFU;
        count += 5;
        if (count < 8) continue;
        count -= 8;
        bytes += static_cast<char>((bits >> count) & 0xFFU);
    }
    // One text for one sequence of bytes: what is left over must be nothing.
    return count < 5 && (bits & ((1U << count) - 1U)) == 0;
}

std::string percent_encoded(std::string_view bytes) {
    std::string out;
    for (const char c : bytes) {
        const auto byte = static_cast<std::uint8_t>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                           c == '-' || c == '_';
        if (plain)
            out += c;
        else
            out.append(1, '%').append(1, kHex[byte >> 4U]).append(1, kHex[byte & 15U]);
    }
    return out;
}

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const int byte = text[at] == '%' ? hex_byte(text, at + 1) : -1;
        out += byte >= 0 ? static_cast<char>(byte) : text[at];
        if (byte >= 0) at += 2;
    }
    return out;
}

std::size_t character_length(std::string_view text) {
    const auto first = static_cast<std::uint8_t>(text.front());
    const std::size_t wanted = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
    std::size_t length = 1;
    while (length < wanted && length < text.size() && (static_cast<std::uint8_t>(text[length]) & 0xC0U) == 0x80U)
        ++length;
    return length;
}

}  // namespace citybridge::email
