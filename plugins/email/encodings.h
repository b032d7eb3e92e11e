#pragma once
// Base64, quoted-printable, base32 and percent encoding of mails. Pure. The
// decoders take anything: what is not of the encoding is skipped or kept as it
// is, as RFC 2045 advises for readers.
#include <cstddef>
#include <string>
#include <string_view>

namespace citybridge::email {

std::string base64(std::string_view bytes);
// Lines of 76 characters, each ended by CR LF.
std::string base64_lines(std::string_view bytes);
std::string base64_decoded(std::string_view text);
// Nothing but the alphabet, right padding and line breaks: for what our own side wrote.
bool is_base64(std::string_view text);

// `words`: "_" is a blank, as in RFC 2047's Q encoding.
std::string quoted_printable_decoded(std::string_view text, bool words = false);

// RFC 4648, 6 in lower case without padding; survives mail systems that change the case of addresses.
std::string base32(std::string_view bytes);
// Either case. False: a character is not of the alphabet, or the last bits are not zero.
bool base32_decoded(std::string_view text, std::string& bytes);

// RFC 2231, 7: "%E4%BD%A0".
std::string percent_encoded(std::string_view bytes);
std::string percent_decoded(std::string_view text);

// Length in bytes of the UTF-8 character at the start; 1 for a byte that starts none. Precondition: not empty.
std::size_t character_length(std::string_view text);

}  // namespace citybridge::email
