#pragma once
// Versions of the schema. A store knows its version in meta; each migration is
// one transaction, so that a crash leaves the version before or after it.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/store/connection.h"

namespace citybridge::store {

struct Migration {
    std::int64_t version = 0;
    std::vector<const char*> statements;  // the same text for both databases
    // What only one of them knows: full-text indexes. Carried out after the others.
    std::vector<const char*> sqlite{}, postgresql{};
};

// All of them, in order, from 1.
std::span<const Migration> migrations();

// 0: empty database.
std::int64_t schema_version(Connection& connection);

// Brings the schema to the last of `steps`. A database that holds data is copied first. Error codes: store.too_new,
// store.backup_failed, store.migration_failed.
Result<> migrate(Connection& connection, std::span<const Migration> steps);

}  // namespace citybridge::store
