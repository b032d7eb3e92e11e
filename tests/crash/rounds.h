#pragma once
// How long the crash tests run, and from which seed.
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "core/store/store.h"

namespace citybridge::crash {

// CITYBRIDGE_CRASH_ROUNDS; 5 without it.
inline std::uint64_t rounds() {
    const char* text = std::getenv("CITYBRIDGE_CRASH_ROUNDS");
    const std::uint64_t many = text == nullptr ? 0 : std::strtoull(text, nullptr, 10);
    return many == 0 ? 5 : many;
}

// CITYBRIDGE_SEED, else a new one each time; printed, so that a failure can be repeated as far as threads allow.
inline std::uint64_t new_seed(const std::string& what) {
    const char* text = std::getenv("CITYBRIDGE_SEED");
    const std::uint64_t seed = text == nullptr ? std::random_device{}() : std::strtoull(text, nullptr, 10);
    std::cout << what << ": CITYBRIDGE_SEED=" << seed << std::endl;
    return seed;
}

inline std::string all_of(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + '\n';
    return text;
}

}  // namespace citybridge::crash
