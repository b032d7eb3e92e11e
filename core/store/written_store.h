#pragma once
// The messages that people write between rows and structs, for the writing session. All of it throws.
#include "core/store/connection.h"

namespace citybridge::store {

void write_written(Connection& connection, const WrittenChanges& changes);
void load_written(Connection& connection, const WrittenWanted& wanted, WrittenLoaded& loaded);
// Number and text of what was written to them, and what a gateway said of it. That it was written, when and by whom
// stays.
void erase_written(Connection& connection, const std::vector<std::string>& customers);

}  // namespace citybridge::store
