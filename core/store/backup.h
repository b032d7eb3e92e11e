#pragma once
// Copies of the whole store for the operator, and the doctor's look at it.
// Programs' own threads; each call opens its own sessions.
#include <string>
#include <vector>

#include "core/store/store.h"

namespace citybridge::store {

// A consistent copy as one new file `target`, while the node runs. SQLite: a database file; PostgreSQL: an archive of
// pg_dump. Codes store.backup_failed, store.unavailable.
Result<> backup_store(const StoreSettings& settings, const std::string& target);

// Puts a backup in the store's place. SQLite: the file that was there is kept beside it as
// "<path>.before-restore-<time>". The restored store gets a higher generation (meta "generation"), because it may
// have forgotten what other cities were told. Codes store.in_use, store.restore_failed, store.too_new.
Result<> restore_store(const StoreSettings& settings, const std::string& source);

struct Finding {
    enum class Weight { note, warning, error };
    Weight weight = Weight::note;
    std::string code;    // "history.gap"
    std::string detail;  // one sentence, with the first rows concerned
};

// Integrity of the file, rows that contradict each other, sync settings, pending upgrades, room on the disk. Changes
// nothing. An empty list: all is well.
Result<std::vector<Finding>> check_store(const StoreSettings& settings);

}  // namespace citybridge::store
