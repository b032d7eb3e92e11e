#pragma once
// The records around customers and orders (desk_records.h) between rows and structs, for the writing session. All of
// it throws.
#include "core/store/connection.h"

namespace citybridge::store {

// Behind customers and orders: a merge moves rows that the same batch may have written.
void write_desk(Connection& connection, const DeskChanges& changes);
void load_desk(Connection& connection, const DeskWanted& wanted, DeskLoaded& loaded);
// What is kept of these customers beside their own rows: words of their orders, attachments, entries of lists, what
// merges remember. Before their numbers are removed.
void erase_desk(Connection& connection, const std::vector<std::string>& customers);

}  // namespace citybridge::store
