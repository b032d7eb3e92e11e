#include "adapters/simulator/random.h"

namespace citybridge::simulator {
namespace {

constexpr std::uint64_t kOne = std::uint64_t{1} << 32;

}  // namespace

std::uint64_t Random::below(std::uint64_t bound) {
    // Values past the last whole multiple of bound would favour small results.
    const std::uint64_t limit = bound * (UINT64_MAX / bound);
    std::uint64_t value = engine_();
    while (value >= limit) value = engine_();
    return value % bound;
}

Millis Random::between(Millis first, Millis last) {
    if (last <= first) return first;
    return first + Millis(static_cast<Millis::rep>(below(static_cast<std::uint64_t>((last - first).count()) + 1)));
}

// Von Neumann 1951: exponential variates by comparing uniform ones, without a
// logarithm. `whole` counts the rejected runs, `first` is the fraction.
Millis Random::exponential(Millis mean) {
    for (std::uint64_t whole = 0;; ++whole) {
        const std::uint64_t first = below(kOne);
        std::uint64_t last = first;
        bool odd = true;  // length of the descending run so far
        for (;;) {
            const std::uint64_t next = below(kOne);
            if (next >= last) break;
            last = next;
            odd = !odd;
        }
        if (!odd) continue;
        const auto scale = static_cast<std::uint64_t>(mean.count());
        return Millis(static_cast<Millis::rep>(whole * scale + ((first * scale) >> 32)));
    }
}

std::uint64_t seed_of(std::uint64_t run_seed, std::uint64_t index) {
    // The finalizer of SplitMix64 (Steele, Lea, Flood 2014).
    std::uint64_t mixed = run_seed + 0x9e3779b97f4a7c15 * (index + 1);
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
}

}  // namespace citybridge::simulator
