#include "core/store/backup_sqlite.h"

#include <fcntl.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <unistd.h>

#include <filesystem>

#include "core/store/faults.h"
#include "core/store/generation.h"
#include "core/store/migrations.h"

namespace citybridge::store {

namespace {

namespace fs = std::filesystem;

struct Close {
    void operator()(sqlite_api::sqlite3* handle) const { sqlite_api::sqlite3_close_v2(handle); }
};
using Handle = std::unique_ptr<sqlite_api::sqlite3, Close>;

Handle opened(const std::string& path, int flags, const StoreSettings& settings) {
    sqlite_api::sqlite3* raw = nullptr;
    const char* vfs = settings.vfs.empty() ? nullptr : settings.vfs.c_str();
    const int result = sqlite_api::sqlite3_open_v2(path.c_str(), &raw, flags, vfs);
    Handle handle(raw);
    if (result != SQLITE_OK) throw Damaged(path + ": " + sqlite_api::sqlite3_errstr(result));
    sqlite_api::sqlite3_busy_timeout(raw, static_cast<int>(settings.busy_timeout.count()));
    return handle;
}

// All pages in one step, which is one reading transaction: writers go on meanwhile, the copy is of one moment.
void copy_pages(const std::string& from, const std::string& to, const StoreSettings& settings) {
    const auto source = opened(from, SQLITE_OPEN_READWRITE, settings);
    const auto target = opened(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, settings);
    auto* copying = sqlite_api::sqlite3_backup_init(target.get(), "main", source.get(), "main");
    if (!copying) throw Damaged(to + ": " + sqlite_api::sqlite3_errmsg(target.get()));
    const int stepped = sqlite_api::sqlite3_backup_step(copying, -1);
    sqlite_api::sqlite3_backup_finish(copying);
    if (stepped != SQLITE_DONE) throw Damaged(to + ": " + sqlite_api::sqlite3_errstr(stepped));
}

void sync_folder_of(const fs::path& file) {
    const auto folder = file.parent_path().empty() ? fs::path(".") : file.parent_path();
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;
    ::fsync(fd);
    ::close(fd);
}

StoreSettings at_path(const StoreSettings& settings, const std::string& path) {
    auto other = settings;
    other.path = path;
    return other;
}

// Another connection holds a lock on the file even while it does nothing.
bool in_use(const StoreSettings& settings) {
    auto impatient = settings;
    impatient.busy_timeout = Millis{0};
    const auto handle = opened(settings.path, SQLITE_OPEN_READWRITE, impatient);
    sqlite_api::sqlite3_exec(handle.get(), "pragma locking_mode=exclusive", nullptr, nullptr, nullptr);
    const int result = sqlite_api::sqlite3_exec(handle.get(), "begin exclusive", nullptr, nullptr, nullptr);
    sqlite_api::sqlite3_exec(handle.get(), "rollback", nullptr, nullptr, nullptr);
    return (result & 0xff) == SQLITE_BUSY;
}

// 0 if the old store is beyond reading: then the backup's own decides.
std::int64_t generation_at(const StoreSettings& settings) {
    try {
        Connection connection(settings, Access::read);
        return schema_version(connection) > 0 ? read_generation(connection) : 0;
    } catch (const std::exception&) {
        return 0;
    }
}

void remove_with_log(const std::string& path) {
    std::error_code ignored;
    for (const char* end : {"", "-wal", "-shm", "-journal"}) fs::remove(path + end, ignored);
}

// The old file with its log, so that nothing of it is lost by a mistaken restore.
void set_aside(const std::string& path) {
    const auto aside = path + ".before-restore-" + std::to_string(epoch_ms(system_now().wall));
    for (const char* end : {"-wal", ""})
        if (fs::exists(path + end)) fs::rename(path + end, aside + end);
    std::error_code ignored;
    fs::remove(path + "-shm", ignored);
}

}  // namespace

Result<> backup_sqlite(const StoreSettings& settings, const std::string& target) {
    if (!fs::exists(settings.path)) return Error{"store.backup_failed", "there is no store at " + settings.path};
    if (fs::exists(target)) return Error{"store.backup_failed", target + " exists already; name a new file"};
    const auto partial = target + ".partial";
    remove_with_log(partial);
    try {
        copy_pages(settings.path, partial, settings);
        {
            Connection copy(at_path(settings, partial), Access::write);
            const auto verdict = copy.one_text("pragma quick_check");
            if (verdict != "ok") throw Damaged("the store is damaged: " + verdict);
        }
        fs::rename(partial, target);
        sync_folder_of(target);
        return ok();
    } catch (const std::exception& fault) {
        remove_with_log(partial);
        return Error{"store.backup_failed", error_of(fault, settings.database).detail};
    }
}

Result<> restore_sqlite(const StoreSettings& settings, const std::string& source) {
    if (!fs::exists(source)) return Error{"store.restore_failed", "there is no file " + source};
    const auto partial = settings.path + ".restoring";
    try {
        const bool replaces = fs::exists(settings.path);
        if (replaces && in_use(settings))
            return Error{"store.in_use", settings.path + " is in use; stop the node first"};
        const auto before = replaces ? generation_at(settings) : 0;
        remove_with_log(partial);
        copy_pages(source, partial, settings);
        {
            Connection copy(at_path(settings, partial), Access::write);
            const auto version = schema_version(copy);
            if (version == 0) throw Damaged(source + " is not a store");
            if (version > migrations().back().version) {
                remove_with_log(partial);
                return Error{"store.too_new", source + " is of a newer node"};
            }
            const auto verdict = copy.one_text("pragma integrity_check");
            if (verdict != "ok") throw Damaged(source + " is damaged: " + verdict);
            raise_generation(copy, before);
        }
        if (replaces) set_aside(settings.path);
        fs::rename(partial, settings.path);
        sync_folder_of(settings.path);
        return ok();
    } catch (const std::exception& fault) {
        remove_with_log(partial);
        return Error{"store.restore_failed", error_of(fault, settings.database).detail};
    }
}

}  // namespace citybridge::store
