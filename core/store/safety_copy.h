#pragma once
// The copy that is kept before a migration.
#include <cstdint>
#include <string>

#include "core/store/connection.h"

namespace citybridge::store {

// SQLite: a file "<path>.before-v<version>-<time>" in backup_dir or beside the store. PostgreSQL: the tables in a
// schema "before_v<version>_<time>" of the same database. Where it is. Code store.backup_failed.
Result<std::string> keep_copy(Connection& connection, std::int64_t version);

}  // namespace citybridge::store
