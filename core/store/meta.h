#pragma once
// The table of names and values. Both throw.
#include <string>

#include "core/store/connection.h"

namespace citybridge::store {

std::string read_meta(Connection& connection, const std::string& name);  // empty: none
void write_meta(Connection& connection, const std::string& name, const std::string& value);

}  // namespace citybridge::store
