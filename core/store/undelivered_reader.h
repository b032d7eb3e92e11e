#pragma once
// Callbacks with messages that will not arrive: given up by their link, waiting for a person.
#include <map>
#include <string>

#include "core/store/reader.h"

namespace citybridge::store {

// How many, by callback. The other city waits for what they tell, or does not know of it.
Result<std::map<std::string, std::int64_t>> undelivered_callbacks(Readers& readers);

// Messages about callbacks and transfers, and between the two stores, by destination.
Result<std::map<std::string, std::int64_t>> undelivered_to_cities(Readers& readers);

}  // namespace citybridge::store
