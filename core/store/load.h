#pragma once
// The rows a batch asks for.
#include "core/store/connection.h"

namespace citybridge::store {

// One statement per kind that is asked for. Throws.
Loaded load_rows(Connection& connection, const Wanted& wanted);

}  // namespace citybridge::store
