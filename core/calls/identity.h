#pragma once
// Ids that a restarted node computes again for the same live call: nothing the
// node measured or counted enters them.
#include <initializer_list>
#include <string>
#include <string_view>

namespace citybridge {

// UUIDv8 (RFC 9562 section 5.8) of the SHA-256 over the parts, each preceded by
// its length, so that no two different lists of parts give the same bytes.
std::string hashed_uuid(std::initializer_list<std::string_view> parts);

}  // namespace citybridge
