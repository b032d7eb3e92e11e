#include "tools/stand_in/signature.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>
#include <vector>

namespace citybridge::stand_in {
namespace {

std::vector<unsigned char> key_of(std::string_view secret) {
    constexpr std::string_view prefix = "whsec_";
    if (!secret.starts_with(prefix)) throw std::invalid_argument("a secret must begin with whsec_");
    const std::string text(secret.substr(prefix.size()));
    std::vector<unsigned char> key(text.size());
    const int size =
        EVP_DecodeBlock(key.data(), reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    if (size <= 0) throw std::invalid_argument("a secret must be base64 behind whsec_");
    std::size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
    key.resize(static_cast<std::size_t>(size) - padding);
    return key;
}

}  // namespace

std::string sign(std::string_view secret, std::string_view id, std::string_view timestamp, std::string_view body) {
    const std::vector<unsigned char> key = key_of(secret);
    std::string content;
    content.reserve(id.size() + timestamp.size() + body.size() + 2);
    content.append(id).append(".").append(timestamp).append(".").append(body);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(content.data()), content.size(), digest.data(), &length) == nullptr)
        throw std::runtime_error("OpenSSL cannot sign");
    std::string base64((length + 2) / 3 * 4 + 1, '\0');
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(base64.data()), digest.data(), static_cast<int>(length));
    base64.resize(static_cast<std::size_t>(size));
    return "v1," + base64;
}

bool verify(std::string_view secret, std::string_view id, std::string_view timestamp, std::string_view body,
            std::string_view signatures) {
    const std::string right = sign(secret, id, timestamp, body);
    while (!signatures.empty()) {
        const std::size_t space = std::min(signatures.find(' '), signatures.size());
        const std::string_view one = signatures.substr(0, space);
        if (one.size() == right.size() && CRYPTO_memcmp(one.data(), right.data(), right.size()) == 0) return true;
        signatures.remove_prefix(std::min(space + 1, signatures.size()));
    }
    return false;
}

}  // namespace citybridge::stand_in
