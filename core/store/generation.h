#pragma once
// Which life of the store this is: grows with every restore.
#include <cstdint>

#include "core/store/connection.h"

namespace citybridge::store {

std::int64_t read_generation(Connection& connection);  // 0: never restored
// A random one above `before`, so that two restores of the same backup differ.
void raise_generation(Connection& connection, std::int64_t before);

}  // namespace citybridge::store
