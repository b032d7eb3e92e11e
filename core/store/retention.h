#pragma once
// What is older than the operator wants to keep.
#include "core/store/connection.h"

namespace citybridge::store {

// At most `limit` rows of each table; number of rows. Throws.
std::size_t forget_rows(Connection& connection, const Store::Retention& retention, WallTime now, std::size_t limit);

}  // namespace citybridge::store
