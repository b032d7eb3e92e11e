#include "plugins/sms_verification/code.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cstdint>
#include <stdexcept>

namespace citybridge::sms_verification {
namespace {

constexpr std::uint64_t kCodes = 1'000'000;

}  // namespace

std::string code_of(std::string_view key, std::string_view id, std::string_view nonce) {
    // The length in front: no other id and nonce run together to the same text.
    const std::string text = std::to_string(id.size()) + ":" + std::string(id) + std::string(nonce);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size) == nullptr ||
        size < 8)
        throw std::runtime_error("OpenSSL offers no HMAC-SHA256");
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < 8; ++i) number = number << 8U | digest[i];
    // 64 bits modulo 10^6: no code is likelier than another by more than one in 10^13.
    std::string out = std::to_string(number % kCodes);
    return std::string(kCodeDigits - out.size(), '0') + out;
}

bool same_code(std::string_view told, std::string_view code) {
    std::string digits;
    for (const char c : told)
        if (c != ' ' && c != '-') digits.push_back(c);
    const bool comparable = digits.size() == code.size();
    digits.resize(code.size());
    return (CRYPTO_memcmp(digits.data(), code.data(), code.size()) == 0) && comparable;
}

}  // namespace citybridge::sms_verification
