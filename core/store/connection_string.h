#pragma once
// The connection strings of both databases. Both throw Rejected.
#include <string>

#include "core/store/store.h"

namespace citybridge::store {

std::string sqlite_connection(const StoreSettings& settings);

// The settings' own words win; what they do not say gets time-outs, so that a
// silent server or a cut cable is noticed.
std::string postgresql_connection(const StoreSettings& settings);

// A value as libpq's keyword strings want it.
std::string conninfo_quoted(const std::string& value);

}  // namespace citybridge::store
