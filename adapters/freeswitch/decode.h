#pragma once
// Percent-encoding as FreeSWITCH does it in events: %XX is one byte, everything
// else stands for itself. A `+` is a plus sign, never a space.
#include <cstddef>
#include <string>
#include <string_view>

namespace citybridge::freeswitch {

// Writes to `out`, which has room for text.size() bytes; returns how many were
// written. A % that no two hex digits follow stays as it is.
std::size_t decode_to(std::string_view text, char* out);
std::string decode(std::string_view text);

}  // namespace citybridge::freeswitch
