#include "tests/crash/power_cut_vfs.h"

#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <map>
#include <mutex>
#include <new>
#include <random>
#include <stdexcept>
#include <utility>
#include <vector>

#include "core/api/file_bytes.h"

namespace citybridge::tests {

namespace {

// A write, or a truncation to `at` if `truncates`.
struct Change {
    bool truncates = false;
    std::size_t at = 0;
    std::string bytes;
};

void replay(std::string& content, const Change& change) {
    if (change.truncates) {
        content.resize(change.at);
        return;
    }
    if (content.size() < change.at + change.bytes.size()) content.resize(change.at + change.bytes.size());
    content.replace(change.at, change.bytes.size(), change.bytes);
}

// What one file holds for its readers, and what of it is not on the disk.
struct Image {
    std::string current;
    std::vector<Change> unsynced;
    bool deleted = false;  // the real file is still there: the directory was not synced
};

}  // namespace

struct PowerCutVfs::State {
    std::string name;
    sqlite3_vfs vfs{};
    sqlite3_vfs* real = nullptr;
    std::mutex mutex;  // guards all below; SQLite calls from several threads
    std::map<std::string, std::shared_ptr<Image>> images;
    std::int64_t operations = 0;
    std::int64_t fail_at = -1;
    std::int64_t bytes_left = -1;

    bool failed() const { return fail_at >= 0 && operations >= fail_at; }
    // Counts one operation that changes a disk.
    int admit() {
        if (failed()) return SQLITE_IOERR;
        ++operations;
        return SQLITE_OK;
    }
};

namespace {

struct CutFile {
    sqlite3_file base;
    PowerCutVfs::State* state;
    std::shared_ptr<Image>* image;  // owned; null: a temporary file, passed through
    sqlite3_file* real;             // behind this struct; locks and shared memory are its business
    bool syncs_directory;           // SQLite's own VFS does so with the first sync of a new journal or log
};

CutFile* cut(sqlite3_file* file) { return reinterpret_cast<CutFile*>(file); }

int close_file(sqlite3_file* file) {
    auto* self = cut(file);
    delete self->image;
    self->image = nullptr;
    return self->real->pMethods ? self->real->pMethods->xClose(self->real) : SQLITE_OK;
}

int read_file(sqlite3_file* file, void* buffer, int amount, sqlite3_int64 offset) {
    auto* self = cut(file);
    if (!self->image) return self->real->pMethods->xRead(self->real, buffer, amount, offset);
    const std::lock_guard lock(self->state->mutex);
    const auto& content = (*self->image)->current;
    const auto at = std::min(static_cast<std::size_t>(offset), content.size());
    const auto size = std::min(static_cast<std::size_t>(amount), content.size() - at);
    std::memcpy(buffer, content.data() + at, size);
    if (size == static_cast<std::size_t>(amount)) return SQLITE_OK;
    std::memset(static_cast<char*>(buffer) + size, 0, static_cast<std::size_t>(amount) - size);
    return SQLITE_IOERR_SHORT_READ;
}

int write_file(sqlite3_file* file, const void* buffer, int amount, sqlite3_int64 offset) {
    auto* self = cut(file);
    if (!self->image) return self->real->pMethods->xWrite(self->real, buffer, amount, offset);
    auto& state = *self->state;
    const std::lock_guard lock(state.mutex);
    if (state.admit() != SQLITE_OK) return SQLITE_IOERR_WRITE;
    if (state.bytes_left >= 0) {
        if (amount > state.bytes_left) return SQLITE_FULL;
        state.bytes_left -= amount;
    }
    auto& image = **self->image;
    image.unsynced.push_back({false, static_cast<std::size_t>(offset),
                              std::string(static_cast<const char*>(buffer), static_cast<std::size_t>(amount))});
    replay(image.current, image.unsynced.back());
    return SQLITE_OK;
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    auto* self = cut(file);
    if (!self->image) return self->real->pMethods->xTruncate(self->real, size);
    const std::lock_guard lock(self->state->mutex);
    if (self->state->admit() != SQLITE_OK) return SQLITE_IOERR_TRUNCATE;
    auto& image = **self->image;
    image.unsynced.push_back({true, static_cast<std::size_t>(size), {}});
    replay(image.current, image.unsynced.back());
    return SQLITE_OK;
}

// The directory was synced: what was deleted stays deleted.
void forget_deleted(PowerCutVfs::State& state) {
    for (auto it = state.images.begin(); it != state.images.end();) {
        if (!it->second->deleted) {
            ++it;
            continue;
        }
        ::unlink(it->first.c_str());
        it = state.images.erase(it);
    }
}

int sync_file(sqlite3_file* file, int flags) {
    auto* self = cut(file);
    if (!self->image) return self->real->pMethods->xSync(self->real, flags);
    const std::lock_guard lock(self->state->mutex);
    if (self->state->admit() != SQLITE_OK) return SQLITE_IOERR_FSYNC;
    auto& image = **self->image;
    for (const auto& change : image.unsynced) {
        const auto at = static_cast<sqlite3_int64>(change.at);
        const int result = change.truncates ? self->real->pMethods->xTruncate(self->real, at)
                                            : self->real->pMethods->xWrite(self->real, change.bytes.data(),
                                                                           static_cast<int>(change.bytes.size()), at);
        if (result != SQLITE_OK) return result;
    }
    image.unsynced.clear();
    if (std::exchange(self->syncs_directory, false)) forget_deleted(*self->state);
    return SQLITE_OK;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
    auto* self = cut(file);
    if (!self->image) return self->real->pMethods->xFileSize(self->real, size);
    const std::lock_guard lock(self->state->mutex);
    *size = static_cast<sqlite3_int64>((*self->image)->current.size());
    return SQLITE_OK;
}

int lock_file(sqlite3_file* file, int level) { return cut(file)->real->pMethods->xLock(cut(file)->real, level); }
int unlock_file(sqlite3_file* file, int level) { return cut(file)->real->pMethods->xUnlock(cut(file)->real, level); }
int check_reserved(sqlite3_file* file, int* result) {
    return cut(file)->real->pMethods->xCheckReservedLock(cut(file)->real, result);
}

int file_control(sqlite3_file* file, int operation, void* argument) {
    auto* self = cut(file);
    if (operation == SQLITE_FCNTL_VFSNAME) {
        *static_cast<char**>(argument) = sqlite3_mprintf("%s", self->state->name.c_str());
        return SQLITE_OK;
    }
    // These would change the real file behind the image's back.
    if (operation == SQLITE_FCNTL_SIZE_HINT || operation == SQLITE_FCNTL_CHUNK_SIZE) return SQLITE_OK;
    return self->real->pMethods->xFileControl(self->real, operation, argument);
}

int sector_size(sqlite3_file* file) { return cut(file)->real->pMethods->xSectorSize(cut(file)->real); }
int characteristics(sqlite3_file* file) { return cut(file)->real->pMethods->xDeviceCharacteristics(cut(file)->real); }
int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** memory) {
    return cut(file)->real->pMethods->xShmMap(cut(file)->real, page, size, extend, memory);
}
int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
    return cut(file)->real->pMethods->xShmLock(cut(file)->real, offset, count, flags);
}
void shm_barrier(sqlite3_file* file) { cut(file)->real->pMethods->xShmBarrier(cut(file)->real); }
int shm_unmap(sqlite3_file* file, int remove) { return cut(file)->real->pMethods->xShmUnmap(cut(file)->real, remove); }

// Version 2: no memory mapping of the file, which would read past the image.
const sqlite3_io_methods kMethods{
    2,         close_file,  read_file,      write_file,   truncate_file, sync_file,       file_size,
    lock_file, unlock_file, check_reserved, file_control, sector_size,   characteristics, shm_map,
    shm_lock,  shm_barrier, shm_unmap,      nullptr,      nullptr};

PowerCutVfs::State& state_of(sqlite3_vfs* vfs) { return *static_cast<PowerCutVfs::State*>(vfs->pAppData); }

std::string content_of(sqlite3_file* real) {
    sqlite3_int64 size = 0;
    real->pMethods->xFileSize(real, &size);
    std::string content(static_cast<std::size_t>(size), '\0');
    if (size > 0) real->pMethods->xRead(real, content.data(), static_cast<int>(size), 0);
    return content;
}

std::shared_ptr<Image> image_of(PowerCutVfs::State& state, const std::string& path, sqlite3_file* real) {
    auto& image = state.images[path];
    if (!image) {
        image = std::make_shared<Image>();
        image->current = content_of(real);
    } else if (image->deleted) {
        // A new file in the old one's place: for the disk the same as cutting the old one to nothing.
        image->deleted = false;
        image->current.clear();
        image->unsynced.push_back({true, 0, {}});
    }
    return image;
}

int open_file(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags) {
    auto& state = state_of(vfs);
    auto* self = new (file) CutFile{};
    self->state = &state;
    self->real = reinterpret_cast<sqlite3_file*>(self + 1);
    self->real->pMethods = nullptr;
    const int result = state.real->xOpen(state.real, path, self->real, flags, out_flags);
    if (result != SQLITE_OK) return result;
    if (path && !(flags & SQLITE_OPEN_DELETEONCLOSE)) {
        const std::lock_guard lock(state.mutex);
        self->image = new std::shared_ptr<Image>(image_of(state, path, self->real));
    }
    constexpr int kJournals = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL;
    self->syncs_directory = (flags & SQLITE_OPEN_CREATE) && (flags & kJournals);
    self->base.pMethods = &kMethods;
    return SQLITE_OK;
}

int delete_file(sqlite3_vfs* vfs, const char* path, int sync_directory) {
    auto& state = state_of(vfs);
    const std::lock_guard lock(state.mutex);
    if (state.admit() != SQLITE_OK) return SQLITE_IOERR_DELETE;
    const auto found = state.images.find(path);
    if (found == state.images.end() || sync_directory) {
        if (found != state.images.end()) state.images.erase(found);
        return state.real->xDelete(state.real, path, sync_directory);
    }
    if (found->second->deleted) return SQLITE_IOERR_DELETE_NOENT;
    found->second->deleted = true;
    return SQLITE_OK;
}

int access_file(sqlite3_vfs* vfs, const char* path, int flags, int* result) {
    auto& state = state_of(vfs);
    {
        const std::lock_guard lock(state.mutex);
        const auto found = state.images.find(path);
        if (found != state.images.end()) {
            const auto& image = *found->second;
            // SQLite takes an empty file for one that is not there.
            *result = !image.deleted && (flags != SQLITE_ACCESS_EXISTS || !image.current.empty());
            return SQLITE_OK;
        }
    }
    return state.real->xAccess(state.real, path, flags, result);
}

int full_path(sqlite3_vfs* vfs, const char* path, int size, char* out) {
    return state_of(vfs).real->xFullPathname(state_of(vfs).real, path, size, out);
}

enum class Survival { nothing, beginning, any };

void write_survivors(const std::string& path, const Image& image, std::mt19937_64& random) {
    const auto survival = static_cast<Survival>(random() % 3);
    const auto beginning = image.unsynced.empty() ? 0 : random() % (image.unsynced.size() + 1);
    std::string content = file_bytes(path).value_or("");
    for (std::size_t i = 0; i < image.unsynced.size(); ++i) {
        bool kept = false;
        switch (survival) {
            case Survival::nothing: break;
            case Survival::beginning: kept = i < beginning; break;
            case Survival::any: kept = random() % 2 == 0; break;
        }
        if (kept) replay(content, image.unsynced[i]);
    }
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
    if (image.deleted && survival != Survival::nothing) ::unlink(path.c_str());
}

}  // namespace

PowerCutVfs::PowerCutVfs(std::string name) : state_(std::make_unique<State>()) {
    state_->name = std::move(name);
    state_->real = sqlite3_vfs_find("unix");
    if (!state_->real) throw std::runtime_error("SQLite has no VFS \"unix\"");
    state_->vfs = *state_->real;
    state_->vfs.szOsFile = static_cast<int>(sizeof(CutFile)) + state_->real->szOsFile;
    state_->vfs.pNext = nullptr;
    state_->vfs.zName = state_->name.c_str();
    state_->vfs.pAppData = state_.get();
    state_->vfs.xOpen = open_file;
    state_->vfs.xDelete = delete_file;
    state_->vfs.xAccess = access_file;
    state_->vfs.xFullPathname = full_path;
    sqlite3_vfs_register(&state_->vfs, 0);
}

PowerCutVfs::~PowerCutVfs() { sqlite3_vfs_unregister(&state_->vfs); }

const std::string& PowerCutVfs::name() const { return state_->name; }

void PowerCutVfs::fail_after(std::int64_t operations) {
    const std::lock_guard lock(state_->mutex);
    state_->fail_at = operations < 0 ? -1 : state_->operations + operations;
}

bool PowerCutVfs::failed() const {
    const std::lock_guard lock(state_->mutex);
    return state_->failed();
}

std::int64_t PowerCutVfs::operations() const {
    const std::lock_guard lock(state_->mutex);
    return state_->operations;
}

void PowerCutVfs::cut_power(std::uint64_t seed) {
    const std::lock_guard lock(state_->mutex);
    std::mt19937_64 random(seed);
    for (const auto& [path, image] : state_->images) {
        write_survivors(path, *image, random);
        ::unlink((path + "-shm").c_str());
    }
    state_->images.clear();
    state_->fail_at = -1;
}

void PowerCutVfs::full_after(std::int64_t bytes) {
    const std::lock_guard lock(state_->mutex);
    state_->bytes_left = bytes;
}

}  // namespace citybridge::tests
