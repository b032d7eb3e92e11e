#pragma once
// Rows of callbacks between cities: written with a batch, loaded for one.
#include "core/api/callbacks.h"
#include "core/store/connection.h"

namespace citybridge::store {

void write_callbacks(Connection& connection, const CallbackChanges& changes);
void load_callbacks(Connection& connection, const CallbackWanted& wanted, CallbackLoaded& loaded);
// Number, name, what travelled and what was noted; the task's course stays. Before the customers' numbers go.
void erase_callbacks(Connection& connection, const std::vector<std::string>& customers);

}  // namespace citybridge::store
