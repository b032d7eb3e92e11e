#include "core/calls/identity.h"

#include <openssl/evp.h>

#include <array>

namespace citybridge {

std::string hashed_uuid(std::initializer_list<std::string_view> parts) {
    std::string bytes;
    for (std::string_view part : parts) {
        bytes += std::to_string(part.size());
        bytes += ':';
        bytes += part;
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
    digest[6] = static_cast<unsigned char>((digest[6] & 0x0F) | 0x80);  // version 8
    digest[8] = static_cast<unsigned char>((digest[8] & 0x3F) | 0x80);  // variant 10
    static constexpr std::string_view kHex = "0123456789abcdef";
    std::string uuid;
    uuid.reserve(36);
    for (std::size_t i = 0; i < 16; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) uuid += '-';
        uuid += kHex[digest[i] >> 4];
        uuid += kHex[digest[i] & 0x0F];
    }
    return uuid;
}

}  // namespace citybridge
