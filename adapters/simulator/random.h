#pragma once
// Chance that is the same on every machine: the engine is the standard's, the
// distributions are our own, because std's differ between libraries. Integers
// only, so that no rounding mode or libm can make two runs differ.
#include <cstdint>
#include <random>
#include <vector>

#include "core/api/time.h"

namespace citybridge::simulator {

class Random {
public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}

    std::uint64_t below(std::uint64_t bound);  // uniform in [0, bound); precondition: bound > 0
    bool percent(int chance) { return below(100) < static_cast<std::uint64_t>(chance); }
    bool per_mille(int chance) { return below(1000) < static_cast<std::uint64_t>(chance); }
    Millis between(Millis first, Millis last);  // uniform, both included
    Millis exponential(Millis mean);

    template <class T>
    const T& pick(const std::vector<T>& items) {
        return items[below(items.size())];
    }

private:
    std::mt19937_64 engine_;
};

// A seed of its own for part `index` of a run: neighbouring indexes give
// unrelated streams, so one call's chances do not shift another's.
std::uint64_t seed_of(std::uint64_t run_seed, std::uint64_t index);

}  // namespace citybridge::simulator
