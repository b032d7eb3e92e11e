#pragma once
// Records of an outage -> the calls they are of. Pure.
#include <vector>

#include "adapters/freeswitch/cdr_file.h"
#include "core/api/outages.h"

namespace citybridge::freeswitch {

// Calls that lie in the outage and of which no channel was told. The rows of a caller's leg and of the legs that were
// rung for him become one signal::PastCall.
std::vector<PbxSignal> calls_of(const std::vector<CdrRow>& rows, const Outage& outage, const Outages& known);

}  // namespace citybridge::freeswitch
