#include "core/store/store_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/store/faults.h"

namespace citybridge::store {
namespace {

// "CBRG": no other user of the server should take it by chance.
constexpr const char* kTryLock = "select case when pg_try_advisory_lock(1128419911) then 1 else 0 end";

Error in_use(const std::string& what) {
    return {"store.in_use", what + " is used by another node or tool; stop it first, or give this node its own store"};
}

class FileLock final : public StoreLock {
public:
    explicit FileLock(int file) : file_(file) {}
    ~FileLock() override { close(file_); }
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

private:
    const int file_;
};

class SessionLock final : public StoreLock {
public:
    explicit SessionLock(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}

private:
    std::unique_ptr<Connection> connection_;
};

Result<std::unique_ptr<StoreLock>> lock_file(const std::string& path) {
    const std::string name = path + ".lock";
    const int file = open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return Error{"store.unavailable", "cannot make " + name + ": " + std::strerror(errno)};
    auto lock = std::make_unique<FileLock>(file);
    if (flock(file, LOCK_EX | LOCK_NB) != 0) return in_use(path);
    return std::unique_ptr<StoreLock>(std::move(lock));
}

}  // namespace

Result<std::unique_ptr<StoreLock>> lock_store(const StoreSettings& settings) {
    if (settings.database == Database::sqlite) return lock_file(settings.path);
    try {
        auto connection = std::make_unique<Connection>(settings, Access::write);
        if (connection->one_number(kTryLock) != 1) return in_use("this PostgreSQL database");
        // Idle for months: no time-out of a statement or transaction touches it.
        return std::unique_ptr<StoreLock>(std::make_unique<SessionLock>(std::move(connection)));
    } catch (const std::exception& fault) {
        return error_of(fault, settings.database);
    }
}

}  // namespace citybridge::store
