#pragma once
#include <string>
#include <vector>

namespace citybridge::bench {

// The messages of a recorded stream that a PBX would still send if asked for
// the adapter's filters (adapters/asterisk/filter.h).
std::vector<std::string> filtered_as_asterisk_does(const std::string& stream);

}  // namespace citybridge::bench
