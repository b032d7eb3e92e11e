#pragma once
// A recorded event-socket stream through framer, translator and call book.
#include <memory>
#include <string>
#include <vector>

#include "core/api/events.h"
#include "core/calls/call_book.h"

namespace citybridge::freeswitch {

struct Retold {
    std::vector<ContactPtr> contacts;  // as they were last told, in the order they began
    std::vector<AgentPtr> agents;      // at the end
    std::vector<ContactPtr> open;      // those that have not ended
    std::vector<std::string> merged;   // ids that became part of another contact
    int pops = 0;
    double begin = 0;  // unix time of the recording's beginning
};

// `name`: "inbound_ivr_queue".
Retold retell(const std::string& name);
// What the adapter makes of it.
std::vector<PbxSignal> signals_of(const std::string& name);

}  // namespace citybridge::freeswitch
