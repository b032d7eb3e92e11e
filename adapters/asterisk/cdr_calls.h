#pragma once
// Records of an outage -> the calls they are of. Pure.
#include <vector>

#include "adapters/asterisk/queue_log_file.h"
#include "core/api/outages.h"

namespace citybridge::asterisk {

// Calls that lie in the outage and of which no channel was told. All rows of one call become one signal::PastCall;
// a call that is not over yet (no CDR, no end in the queue_log) is left out, and with `cdr_is_to_come` one without CDR.
std::vector<PbxSignal> calls_of(const std::vector<CdrRow>& cdr, const std::vector<QueueLogRow>& queue_log,
                                const Outage& outage, const Outages& known, bool cdr_is_to_come = false);

}  // namespace citybridge::asterisk
