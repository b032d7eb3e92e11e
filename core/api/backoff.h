#pragma once
// How long to wait before connecting again: doubling up to a limit, with jitter
// so that the nodes of many cities do not come back in step. Deterministic from its seed.
#include <cstdint>

#include "core/api/time.h"

namespace citybridge {

class Backoff {
public:
    Backoff(Millis min, Millis max, std::uint64_t seed);

    Millis next();  // between 80 % and 120 % of the current step, which then doubles
    Millis jittered(Millis base);
    void reset() { step_ = min_; }

private:
    Millis min_;
    Millis max_;
    Millis step_;
    std::uint64_t state_;
};

}  // namespace citybridge
