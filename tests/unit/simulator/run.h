#pragma once
// Runs a simulated PBX on virtual time.
#include <string>
#include <vector>

#include "adapters/simulator/engine.h"

namespace citybridge::simulator::test {

inline constexpr WallTime kStart{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};

inline constexpr Millis kRing{20'000};  // how long an agent's command lets a phone ring

// Busy and impatient, so that little time shows much.
Config busy_config(std::uint64_t seed);

// The signals of a whole run, taken step by step.
std::vector<PbxSignal> signals_of(SimulatedPbx& pbx, Millis length, Millis step);

// Every field of a signal as text.
std::string describe(const PbxSignal& signal);
std::string describe(const std::vector<PbxSignal>& signals);

}  // namespace citybridge::simulator::test
