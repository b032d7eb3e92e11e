#pragma once
// One node per store: two that write the same outbox would deliver everything
// twice. Held for the life of the object; the system lets go of it when the
// process dies, however it dies.
//
// SQLite: a lock on the file <path>.lock. PostgreSQL: an advisory lock of a
// session of its own; it ends when that server restarts, and is then not taken
// again until the node is.
#include <memory>

#include "core/store/store.h"

namespace citybridge::store {

class StoreLock {
public:
    virtual ~StoreLock() = default;
};

// Code "store.in_use": another process has it. "store.unavailable": it cannot be reached.
Result<std::unique_ptr<StoreLock>> lock_store(const StoreSettings& settings);

}  // namespace citybridge::store
