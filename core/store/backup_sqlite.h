#pragma once
#include <string>

#include "core/store/store.h"

namespace citybridge::store {

Result<> backup_sqlite(const StoreSettings& settings, const std::string& target);
Result<> restore_sqlite(const StoreSettings& settings, const std::string& source);

}  // namespace citybridge::store
