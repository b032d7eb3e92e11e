#include "core/store/migrations.h"

#include "core/store/faults.h"
#include "core/store/meta.h"
#include "core/store/safety_copy.h"

namespace citybridge::store {

namespace {

constexpr const char* kVersionName = "schema_version";

bool has_meta(Connection& connection) {
    const char* sql = connection.database() == Database::sqlite
                          ? "select count(*) from sqlite_master where type='table' and name='meta'"
                          : "select count(*) from information_schema.tables "
                            "where table_schema=current_schema() and table_name='meta'";
    return connection.one_number(sql) != 0;
}

Result<> apply(Connection& connection, const Migration& step) {
    try {
        connection.begin();
        // Another node may have migrated while this one waited for the lock.
        if (schema_version(connection) < step.version) {
            if (!has_meta(connection)) connection.run("create table meta (name text primary key, value text not null)");
            for (const char* statement : step.statements) connection.run(statement);
            const bool sqlite = connection.database() == Database::sqlite;
            for (const char* statement : sqlite ? step.sqlite : step.postgresql) connection.run(statement);
            write_meta(connection, kVersionName, std::to_string(step.version));
        }
        connection.run("commit");
        return ok();
    } catch (const std::exception& fault) {
        const auto error = error_of(fault, connection.database());
        connection.rollback();
        return Error{"store.migration_failed", "schema version " + std::to_string(step.version) +
                                                   " could not be made, the store is as it was: " + error.detail};
    }
}

}  // namespace

std::int64_t schema_version(Connection& connection) {
    if (!has_meta(connection)) return 0;
    const auto text = read_meta(connection, kVersionName);
    if (text.empty()) return 0;
    return std::stoll(text);
}

Result<> migrate(Connection& connection, std::span<const Migration> steps) {
    const auto found = schema_version(connection);
    const auto wanted = steps.empty() ? 0 : steps.back().version;
    if (found > wanted)
        return Error{"store.too_new", "the store has schema version " + std::to_string(found) +
                                          ", this node knows only up to " + std::to_string(wanted) +
                                          "; start a newer node or restore an older backup"};
    if (found == wanted) return ok();
    if (found > 0) {
        const auto copied = keep_copy(connection, found);
        if (!copied) return copied.error();
    }
    for (const auto& step : steps) {
        if (step.version <= found) continue;
        auto applied = apply(connection, step);
        if (!applied) return applied;
    }
    return ok();
}

}  // namespace citybridge::store
