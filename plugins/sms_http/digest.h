#pragma once
// Hashes and their spellings, as gateways want requests signed.
#include <optional>
#include <string>
#include <string_view>

namespace citybridge::sms_http {

enum class Hash { md5, sha1, sha256 };

// Raw bytes. Throw std::runtime_error if OpenSSL cannot.
std::string digest_of(Hash hash, std::string_view text);
std::string hmac_of(Hash hash, std::string_view key, std::string_view text);

std::string to_hex(std::string_view bytes);  // lower case
std::string to_base64(std::string_view bytes);

// RFC 3986: all but letters, digits and -_.~ as %XY. `form`: a blank becomes "+".
std::string percent_encoded(std::string_view bytes, bool form = false);
// "%XY" and "+"; what is no escape stays.
std::string percent_decoded(std::string_view text);

// Same text, found out in a time that depends on the lengths only.
bool same_in_constant_time(std::string_view a, std::string_view b);

// Nothing: a character that `charset` (an iconv name) does not have.
std::optional<std::string> in_charset(std::string_view utf8, const std::string& charset);

}  // namespace citybridge::sms_http
