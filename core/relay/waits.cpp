#include "core/relay/waits.h"

#include <algorithm>

namespace citybridge::relay {

Millis longest_wait(const DeliveryTraits& traits) {
    const auto longest = std::max_element(traits.schedule.begin(), traits.schedule.end());
    return longest == traits.schedule.end() ? Millis{0} : *longest;
}

Millis honoured(Millis retry_after, const DeliveryTraits& traits) {
    return std::clamp(retry_after, Millis{0}, std::max(kLongestRetryAfter, longest_wait(traits)));
}

std::optional<Millis> scheduled_wait(const DeliveryTraits& traits, std::int64_t attempts, std::mt19937_64& random) {
    if (attempts < 1 || static_cast<std::size_t>(attempts) > traits.schedule.size()) return std::nullopt;
    const Millis wait = traits.schedule[static_cast<std::size_t>(attempts - 1)];
    // Not std::uniform_real_distribution: its numbers differ between libraries, and a seed must mean one run.
    const double share = static_cast<double>(random() >> 11U) * 0x1.0p-53;
    const double more = static_cast<double>(wait.count()) * std::clamp(traits.jitter, 0.0, 1.0) * share;
    return wait + Millis{static_cast<Millis::rep>(more)};
}

Millis remaining_wait(const DeliveryTraits& traits, WallTime next_at, WallTime now) {
    if (next_at <= now) return Millis{0};
    const Millis longest = longest_wait(traits);
    return next_at >= now + longest ? longest : next_at - now;
}

}  // namespace citybridge::relay
