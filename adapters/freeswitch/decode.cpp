#include "adapters/freeswitch/decode.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace citybridge::freeswitch {
namespace {

constexpr std::uint8_t kNoDigit = 0xFF;

constexpr std::array<std::uint8_t, 256> kDigits = [] {
    std::array<std::uint8_t, 256> out{};
    for (auto& each : out) each = kNoDigit;
    for (std::uint8_t i = 0; i < 10; ++i) out[static_cast<std::size_t>('0' + i)] = i;
    for (std::uint8_t i = 0; i < 6; ++i) {
        out[static_cast<std::size_t>('A' + i)] = static_cast<std::uint8_t>(10 + i);
        out[static_cast<std::size_t>('a' + i)] = static_cast<std::uint8_t>(10 + i);
    }
    return out;
}();

std::uint8_t digit(char c) { return kDigits[static_cast<unsigned char>(c)]; }

}  // namespace

std::size_t decode_to(std::string_view text, char* out) {
    char* const begin = out;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end) {
        const char c = *at;
        if (c == '%' && end - at > 2) {
            const std::uint8_t high = digit(at[1]);
            const std::uint8_t low = digit(at[2]);
            // Both at once: kNoDigit has bits that no digit has.
            if ((high | low) < 16) {
                *out++ = static_cast<char>(high << 4 | low);
                at += 3;
                continue;
            }
        }
        *out++ = c;
        ++at;
    }
    return static_cast<std::size_t>(out - begin);
}

std::string decode(std::string_view text) {
    std::string out(text.size(), '\0');
    out.resize(decode_to(text, out.data()));
    return out;
}

}  // namespace citybridge::freeswitch
