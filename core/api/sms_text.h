#pragma once
// A text as short messages: which alphabet carries it and into how many parts it
// falls. One pure function for every gateway and for the API that tells the
// length before sending. Sources: 3GPP TS 23.038 (alphabets), 3GPP TS 23.040,
// 9.2.3.24.1 (concatenation).
//
// Nothing is ever cut or replaced: a text that fits no alphabet does not exist
// (UCS-2 takes all of Unicode, as UTF-16), and a limit of parts is the caller's
// to judge before it sends.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/result.h"

namespace citybridge {

enum class SmsAlphabet {
    gsm7,  // GSM 7 bit default alphabet and its extension table: 160 alone, 153 in a part
    ucs2,  // UTF-16, big endian: 70 alone, 67 in a part
};
std::string_view to_string(SmsAlphabet value);

// Units of one message that stands alone, and of one part of several.
constexpr std::size_t sms_units_alone(SmsAlphabet alphabet) { return alphabet == SmsAlphabet::gsm7 ? 160 : 70; }
constexpr std::size_t sms_units_in_part(SmsAlphabet alphabet) { return alphabet == SmsAlphabet::gsm7 ? 153 : 67; }
// The part numbers of TS 23.040 are one octet.
inline constexpr std::size_t kMostSmsParts = 255;

struct SmsText {
    SmsAlphabet alphabet = SmsAlphabet::gsm7;
    std::size_t units = 0;  // septets (a character of the extension table is two) or UTF-16 units
    // At least one. gsm7: one septet an octet, unpacked, an extension character as 0x1B and its code. ucs2: octets.
    // Neither an extension character nor a surrogate pair is ever split over two.
    std::vector<std::string> parts;
};

enum class SmsChoice { by_content, always_ucs2 };

// Error codes: "sms.not_utf8", "sms.too_long" (more than 255 parts).
// by_content: gsm7 if every character is in it, else ucs2.
Result<SmsText> sms_text(std::string_view utf8, SmsChoice choice = SmsChoice::by_content);

// The user data header of part `part` (from 1) of `parts`: concatenation with an 8 bit reference. Six octets.
std::string sms_concatenation_header(std::uint8_t reference, std::size_t part, std::size_t parts);

// What the octets of one part say; for gateways' answers and tests. Unknown codes become U+FFFD.
std::string utf8_from_gsm7(std::string_view unpacked);
std::string utf8_from_ucs2(std::string_view big_endian);

}  // namespace citybridge
