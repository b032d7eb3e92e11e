#pragma once
// Which life of the store this is: a number that grows with every restore, and a random id, because two restores of one
// backup know nothing of each other and may take the same number.
#include <cstdint>

#include "core/store/connection.h"

namespace citybridge::store {

std::int64_t read_generation(Connection& connection);  // 0: never restored
// Above `before`, and as far as this machine's clock is right above what earlier restores of the same backup took; and
// a new id in meta "life".
void raise_generation(Connection& connection, std::int64_t before);

}  // namespace citybridge::store
