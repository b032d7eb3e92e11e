#include "core/gateway/crypto.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <stdexcept>

namespace citybridge::gateway {
namespace {

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

std::string digest(std::string_view text, const EVP_MD* kind) {
    std::string out(static_cast<std::size_t>(EVP_MD_get_size(kind)), '\0');
    if (EVP_Digest(text.data(), text.size(), bytes_of(out), nullptr, kind, nullptr) != 1)
        throw std::runtime_error("OpenSSL cannot compute a digest");
    return out;
}

}  // namespace

std::string random_bytes(std::size_t count) {
    std::string out(count, '\0');
    if (RAND_bytes(bytes_of(out), static_cast<int>(count)) != 1)
        throw std::runtime_error("OpenSSL has no random numbers");
    return out;
}

std::string random_hex(std::size_t bytes) { return to_hex(random_bytes(bytes)); }
std::string uuid_v7(WallTime now) {
    std::string bytes = random_bytes(16);
    const auto ms = static_cast<std::uint64_t>(now.time_since_epoch().count());
    for (std::size_t i = 0; i < 6; ++i) bytes[i] = static_cast<char>((ms >> (40 - 8 * i)) & 0xff);
    bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x70);
    bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
    std::string hex = to_hex(bytes);
    for (const std::size_t at : {20U, 16U, 12U, 8U}) hex.insert(at, 1, '-');
    return hex;
}

std::string sha1(std::string_view text) { return digest(text, EVP_sha1()); }
std::string sha256_hex(std::string_view text) { return to_hex(digest(text, EVP_sha256())); }

std::string to_hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto value = static_cast<unsigned char>(c);
        out.push_back(digits[value >> 4U]);
        out.push_back(digits[value & 15U]);
    }
    return out;
}

std::string to_base64(std::string_view bytes) {
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int length = EVP_EncodeBlock(bytes_of(out), bytes_of(bytes), static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(length));
    return out;
}

std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    if (text.empty()) return std::string();
    std::string out(text.size() / 4 * 3, '\0');
    if (EVP_DecodeBlock(bytes_of(out), bytes_of(text), static_cast<int>(text.size())) < 0) return std::nullopt;
    // EVP_DecodeBlock counts padding as zero bytes, and skips white space at the ends.
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
    out.resize(out.size() - padding);
    if (to_base64(out) != text) return std::nullopt;
    return out;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace citybridge::gateway
