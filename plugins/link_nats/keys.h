#pragma once
// Signatures of messages between cities: Ed25519 (RFC 8032). The broker says
// which account a message came from; the signature says that nobody on the way,
// the hub included, made or changed it.
#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/api/result.h"

namespace citybridge::link_nats {

struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using PublicBytes = std::array<std::uint8_t, 32>;

// A far city's key. Any thread, many at once.
class PublicKey {
public:
    // 64 hexadecimal digits.
    static std::optional<PublicKey> parse(std::string_view hex);
    // `signature` as SigningKey::sign made it.
    bool verifies(std::string_view text, std::string_view signature) const;
    const PublicBytes& bytes() const { return bytes_; }

private:
    PublicBytes bytes_{};
    std::shared_ptr<EVP_PKEY> key_;
};

// This city's key. Any thread, many at once.
class SigningKey {
public:
    // PEM, without passphrase. Error "link_nats.bad_key".
    static Result<SigningKey> load(const std::string& file);
    // 128 hexadecimal digits; empty: OpenSSL has no memory.
    std::string sign(std::string_view text) const;
    std::string public_hex() const;

private:
    std::shared_ptr<EVP_PKEY> key_;
};

}  // namespace citybridge::link_nats
