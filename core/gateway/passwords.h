#pragma once
// Passwords as scrypt (RFC 7914) through OpenSSL, in the form
// "scrypt$N$r$p$salt_base64$hash_base64". Both calls burn CPU and memory on
// purpose (about 32 MiB and some 100 ms with the default cost): never on a
// strand or an event loop.
#include <cstdint>
#include <string>
#include <string_view>

namespace citybridge::gateway {

struct ScryptCost {
    std::uint64_t n = 32'768;  // power of two
    std::uint64_t r = 8;
    std::uint64_t p = 3;
};

// With a fresh random salt.
std::string hash_password(std::string_view password, ScryptCost cost = {});
// False also for a hash that is malformed or asks for more than 256 MiB.
bool verify_password(std::string_view password, std::string_view stored);
// Whether verify_password could ever say yes.
bool is_password_hash(std::string_view stored);

}  // namespace citybridge::gateway
