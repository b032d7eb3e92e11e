#pragma once
// Rows of callbacks between cities: written with a batch, loaded for one.
#include "core/api/callbacks.h"
#include "core/store/connection.h"

namespace citybridge::store {

void write_callbacks(Connection& connection, const CallbackChanges& changes);
void load_callbacks(Connection& connection, const CallbackWanted& wanted, CallbackLoaded& loaded);
// Number, name, what travelled and what was noted; the task's course stays. Before the customers' numbers go.
void erase_callbacks(Connection& connection, const std::vector<std::string>& customers);
// Messages to cities that were still on their way then.
std::size_t erase_delivered_to_cities(Connection& connection);

}  // namespace citybridge::store
