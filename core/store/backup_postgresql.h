#pragma once
#include <string>

#include "core/store/store.h"

namespace citybridge::store {

// By pg_dump and pg_restore of the machine: from PATH, else Debian's folder.
Result<> backup_postgresql(const StoreSettings& settings, const std::string& target);
Result<> restore_postgresql(const StoreSettings& settings, const std::string& source);

}  // namespace citybridge::store
