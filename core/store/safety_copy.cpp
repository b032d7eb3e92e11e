#include "core/store/safety_copy.h"

#include <filesystem>

#include "core/store/faults.h"
#include "core/store/read_rows.h"

namespace citybridge::store {

namespace {

std::string stamp() { return std::to_string(epoch_ms(system_now().wall)); }

std::string copy_sqlite(Connection& connection, std::int64_t version) {
    const std::filesystem::path file = connection.settings().path;
    const auto& dir = connection.settings().backup_dir;
    const auto folder = dir.empty() ? file.parent_path() : std::filesystem::path(dir);
    if (!dir.empty()) std::filesystem::create_directories(folder);
    const auto target = folder / (file.filename().string() + ".before-v" + std::to_string(version) + "-" + stamp());
    Query query(connection.database());
    query << "vacuum into ";
    query.text(target.string());
    run_query(connection, query);
    return target.string();
}

std::string copy_postgresql(Connection& connection, std::int64_t version) {
    Query list(connection.database());
    list << "select table_name from information_schema.tables where table_schema=current_schema() "
            "and table_type='BASE TABLE' order by table_name";
    const auto tables = read_texts(connection, list);
    auto schema = "before_v" + std::to_string(version) + "_" + stamp();
    connection.begin();
    // Copying takes as long as there are rows; the time-out is for the node's small steps.
    connection.run("set local statement_timeout=0");
    connection.run("create schema " + schema);
    for (const auto& table : tables)
        connection.run("create table " + schema + ".\"" + table + "\" as table \"" + table + "\"");
    connection.run("commit");
    return schema;
}

}  // namespace

Result<std::string> keep_copy(Connection& connection, std::int64_t version) {
    try {
        return connection.database() == Database::sqlite ? copy_sqlite(connection, version)
                                                         : copy_postgresql(connection, version);
    } catch (const std::exception& fault) {
        const auto error = error_of(fault, connection.database());
        connection.rollback();
        return Error{"store.backup_failed",
                     "no copy could be made before the schema's upgrade, which was not "
                     "begun: " +
                         error.detail};
    }
}

}  // namespace citybridge::store
