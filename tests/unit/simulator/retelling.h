#pragma once
// The calls as a reader of the signals can tell them, for comparison with the
// simulator's truth. Reads only the signals.
#include <map>
#include <string>
#include <vector>

#include "adapters/simulator/truth.h"
#include "core/api/signals.h"

namespace citybridge::simulator::test {

// Finished calls by their first channel. Members that signals do not carry stay empty.
std::map<std::string, TruthCall> retell(const std::vector<PbxSignal>& signals);

}  // namespace citybridge::simulator::test
