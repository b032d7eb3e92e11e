#include "core/store/backup.h"

#include "core/store/backup_postgresql.h"
#include "core/store/backup_sqlite.h"

namespace citybridge::store {

Result<> backup_store(const StoreSettings& settings, const std::string& target) {
    return settings.database == Database::sqlite ? backup_sqlite(settings, target)
                                                 : backup_postgresql(settings, target);
}

Result<> restore_store(const StoreSettings& settings, const std::string& source) {
    return settings.database == Database::sqlite ? restore_sqlite(settings, source)
                                                 : restore_postgresql(settings, source);
}

}  // namespace citybridge::store
