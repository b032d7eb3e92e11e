#pragma once
// Rows that decisions and assignment look at.
#include "core/api/changes.h"
#include "core/store/connection.h"

namespace citybridge::store {

// Wanted::of_customer, Wanted::turns and Wanted::people. Orders that are in `loaded` already may come twice.
void load_engine(Connection& connection, const Wanted& wanted, Loaded& loaded);

}  // namespace citybridge::store
