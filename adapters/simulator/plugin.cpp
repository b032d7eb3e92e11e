// The library's manifest.
#include "adapters/simulator/adapter.h"

using citybridge::simulator::SimulatorPlugin;

CITYBRIDGE_PLUGIN(SimulatorPlugin, "simulator", "0.1.0");
