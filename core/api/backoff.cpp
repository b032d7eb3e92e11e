#include "core/api/backoff.h"

#include <algorithm>

namespace citybridge {

Backoff::Backoff(Millis min, Millis max, std::uint64_t seed)
    : min_(min), max_(std::max(min, max)), step_(min), state_(seed) {}

Millis Backoff::jittered(Millis base) {
    // SplitMix64 (Steele, Lea, Flood 2014): every seed is a good one.
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    z ^= z >> 31U;
    const auto percent = static_cast<Millis::rep>(80 + z % 41);
    return Millis(base.count() * percent / 100);
}

Millis Backoff::next() {
    const Millis wait = jittered(step_);
    step_ = std::min(step_ * 2, max_);
    return wait;
}

}  // namespace citybridge
