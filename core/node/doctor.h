#pragma once
// What the operator should know before it hurts: configuration, flows,
// calendar, store, deliveries and clock of one node, running or not. Reads
// only.
#include <string>
#include <vector>

#include "core/api/time.h"
#include "core/store/backup.h"

namespace citybridge {

struct Ailment {
    store::Finding::Weight weight = store::Finding::Weight::note;
    std::string code;
    std::string detail;  // what was found, one line
    std::string advice;  // what to do
};

// An empty list: all is well. A note is no fault.
std::vector<Ailment> examine(const std::string& config_path, const std::string& plugin_dir, WallTime now);

}  // namespace citybridge
