#pragma once
// How long a message waits between attempts.
#include <optional>
#include <random>

#include "core/api/capabilities.h"
#include "core/api/time.h"

namespace citybridge::relay {

// A far side may ask for more patience than the schedule has, but not for any: this much, or the longest wait.
inline constexpr Millis kLongestRetryAfter{3'600'000};

Millis longest_wait(const DeliveryTraits& traits);

// What a far side asked for, as far as it is honoured.
Millis honoured(Millis retry_after, const DeliveryTraits& traits);

// The wait after failure number `attempts` (from 1); none: the budget is over.
std::optional<Millis> scheduled_wait(const DeliveryTraits& traits, std::int64_t attempts, std::mt19937_64& random);

// From a persisted time: never longer than the schedule's longest wait, because the wall clock may have jumped.
Millis remaining_wait(const DeliveryTraits& traits, WallTime next_at, WallTime now);

}  // namespace citybridge::relay
