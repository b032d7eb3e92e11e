#pragma once
#include <random>
#include <string>
#include <vector>

namespace citybridge {

// The input with a few bytes changed, cut out, doubled, or `pieces` of the
// protocol put in between. The first byte, which says how to read it, stays.
std::string mutated(std::string input, const std::vector<std::string>& pieces, std::mt19937& random);

}  // namespace citybridge
