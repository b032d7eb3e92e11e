#pragma once
// The few OpenSSL calls the gateway needs, with values in and values out.
// Failures of the library itself (no entropy) throw std::runtime_error.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/api/time.h"

namespace citybridge::gateway {

std::string random_bytes(std::size_t count);
std::string random_hex(std::size_t bytes);
// RFC 9562 section 5.7: ordered by time, 74 bits random.
std::string uuid_v7(WallTime now);
std::string sha1(std::string_view text);        // raw bytes; only for RFC 6455's handshake
std::string sha256_hex(std::string_view text);  // lower case
std::string to_hex(std::string_view bytes);
std::string to_base64(std::string_view bytes);
// Strict: padded, no line breaks.
std::optional<std::string> from_base64(std::string_view text);
// Time depends on the lengths only.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace citybridge::gateway
