#pragma once
// What is always true of a PBX's stream, taken from recorded traffic of a real
// Asterisk under 1,800 calls.
#include <string>
#include <vector>

#include "core/api/signals.h"

namespace citybridge::simulator::test {

// The first broken rule, with the signal's index; empty: none.
std::string broken_invariant(const std::vector<PbxSignal>& signals);

}  // namespace citybridge::simulator::test
