#pragma once
// Since when something has been waiting for a destination.
#include <map>
#include <string>
#include <vector>

#include "core/store/reader.h"

namespace citybridge::store {

// The age of what has waited longest, by destination; those for which nothing waits are not there. What an agent
// sees while he speaks with a customer: however much waits, it costs the same.
Result<std::map<std::string, WallTime>> oldest_waiting(Readers& readers, const std::vector<std::string>& destinations);

}  // namespace citybridge::store
