#pragma once
// Secrets of a receiver and its senders, and when messages were signed.
#include "core/api/time.h"

namespace citybridge::webhook {

// The key of the specification's own libraries: 24 bytes.
inline constexpr const char* kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
inline constexpr const char* kOldSecret = "whsec_b2xkIHNlY3JldCBvZiB0aGUgZXJwLCAyNCBieXRlcw==";
inline constexpr std::int64_t kSent = 1'614'265'330;
inline constexpr WallTime kNow{std::chrono::seconds(kSent)};

}  // namespace citybridge::webhook
