#pragma once
// The code of a verification. It is kept nowhere: the node's key, the verification's id and its nonce give it again
// each time it is needed, so that a repeated message carries the same one.
#include <string>
#include <string_view>

namespace citybridge::sms_verification {

inline constexpr std::size_t kCodeDigits = 6;

// Six digits of HMAC-SHA256 (RFC 2104). Throws std::runtime_error when OpenSSL cannot.
std::string code_of(std::string_view key, std::string_view id, std::string_view nonce);
// In a time that does not tell where they differ. What people say between the digits (blanks, hyphens) is passed over.
bool same_code(std::string_view told, std::string_view code);

}  // namespace citybridge::sms_verification
