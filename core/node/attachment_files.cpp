#include "core/node/attachment_files.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <set>

#include "core/api/file_bytes.h"
#include "core/gateway/crypto.h"
#include "core/gateway/net.h"
#include "core/store/desk_reader.h"

namespace citybridge {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kHashLength = 64;
constexpr std::size_t kChunk = 500;

Error unavailable(const std::string& what, const std::string& path) {
    return {"attachment.unavailable", what + " " + path + ": " + std::strerror(errno)};
}

bool sync_folder(const fs::path& folder) {
    const gateway::UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return fd.get() >= 0 && ::fsync(fd.get()) == 0;
}

bool write_all(int fd, const std::string& bytes) {
    for (std::size_t done = 0; done < bytes.size();) {
        const ssize_t wrote = ::write(fd, bytes.data() + done, bytes.size() - done);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) return false;
        done += static_cast<std::size_t>(wrote);
    }
    return true;
}

// P1: the names that lead to a file, up to the folder that was there before the first one. Synced each time: the file
// or its folders may be another's, who is not done with syncing them or could not.
Result<> sync_names(const fs::path& path) {
    fs::path folder = path;
    for (int level = 0; level < 3; ++level) {
        folder = folder.parent_path();
        if (!sync_folder(folder.empty() ? fs::path(".") : folder)) return unavailable("cannot sync", folder.string());
    }
    return ok();
}

// Under another name first: a file under its hash is whole.
Result<> write_synced(const fs::path& path, const std::string& bytes) {
    std::error_code problem;
    fs::create_directories(path.parent_path(), problem);
    if (problem) return Error{"attachment.unavailable", path.parent_path().string() + ": " + problem.message()};
    const std::string partial = path.string() + "." + gateway::random_hex(8) + ".partial";
    {
        const gateway::UniqueFd fd(::open(partial.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640));
        if (fd.get() < 0) return unavailable("cannot write", partial);
        if (!write_all(fd.get(), bytes) || ::fsync(fd.get()) != 0) {
            const Error why = unavailable("cannot write", partial);
            ::unlink(partial.c_str());
            return why;
        }
    }
    if (::rename(partial.c_str(), path.c_str()) != 0) {
        const Error why = unavailable("cannot keep", path.string());
        ::unlink(partial.c_str());
        return why;
    }
    return sync_names(path);
}

Result<std::string> read_whole(const fs::path& path) {
    auto bytes = file_bytes(path);
    if (!bytes) return unavailable("cannot read", path.string());
    return std::move(*bytes);
}

// "<two digits>/<the hash>", and what a crash left half written.
std::vector<fs::path> files_below(const std::string& folder) {
    std::vector<fs::path> out;
    std::error_code problem;
    for (fs::recursive_directory_iterator it(folder, problem), end; !problem && it != end; it.increment(problem))
        if (it->is_regular_file(problem)) out.push_back(it->path());
    return out;
}

bool is_hash(const std::string& name) {
    return name.size() == kHashLength && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

std::string AttachmentFiles::path_of(const std::string& sha256) const {
    return folder_ + "/" + sha256.substr(0, 2) + "/" + sha256;
}

Result<> AttachmentFiles::keep(const std::string& sha256, const std::string& bytes) {
    const std::string path = path_of(sha256);
    {
        // The same bytes again: as young as if they were new.
        const std::lock_guard lock(files_);
        struct stat info {};
        if (::stat(path.c_str(), &info) == 0 && static_cast<std::size_t>(info.st_size) == bytes.size() &&
            ::utimensat(AT_FDCWD, path.c_str(), nullptr, 0) == 0)
            return sync_names(path);
    }
    return write_synced(path, bytes);
}

Result<std::string> AttachmentFiles::read(const std::string& sha256) {
    if (!is_hash(sha256)) return Error{"attachment.unavailable", "no file has the hash " + sha256};
    auto bytes = read_whole(path_of(sha256));
    if (bytes && gateway::sha256_hex(*bytes) != sha256)
        return Error{"attachment.unavailable",
                     path_of(sha256) + " is damaged: its bytes are not what its name says; restore it from a backup"};
    return bytes;
}

bool AttachmentFiles::remove_if_old(const std::string& path, std::chrono::seconds grace) {
    const std::lock_guard lock(files_);
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) return false;
    const auto age = std::chrono::system_clock::now() - std::chrono::system_clock::from_time_t(info.st_mtime);
    return age > grace && ::unlink(path.c_str()) == 0;
}

Result<std::size_t> AttachmentFiles::sweep(store::Readers& readers, std::chrono::seconds grace) {
    const std::vector<fs::path> files = files_below(folder_);
    std::size_t removed = 0;
    for (std::size_t from = 0; from < files.size(); from += kChunk) {
        const std::size_t to = std::min(from + kChunk, files.size());
        std::vector<std::string> hashes;
        for (std::size_t i = from; i < to; ++i) hashes.push_back(files[i].filename().string());
        const auto used = store::hashes_in_use(readers, hashes);
        if (!used) return used.error();
        const std::set<std::string> kept(used->begin(), used->end());
        for (std::size_t i = from; i < to; ++i) {
            const std::string name = files[i].filename().string();
            const bool ours = is_hash(name) || name.ends_with(".partial");
            if (ours && !kept.contains(name) && remove_if_old(files[i].string(), grace)) ++removed;
        }
    }
    return removed;
}

void AttachmentFiles::start(store::Readers& readers) {
    thread_ = std::thread([this, &readers] {
        std::unique_lock lock(mutex_);
        while (!waiting_.wait_for(lock, kSweepEvery, [this] { return stopping_; })) {
            lock.unlock();
            if (const auto removed = sweep(readers); !removed)
                spdlog::warn("{} {}", removed.error().code, removed.error().detail);
            lock.lock();
        }
    });
}

void AttachmentFiles::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    waiting_.notify_all();
    if (thread_.joinable()) thread_.join();
}

Result<std::size_t> copy_attachments(const std::string& from, const std::string& to) {
    std::size_t copied = 0;
    for (const fs::path& file : files_below(from)) {
        const std::string name = file.filename().string();
        if (!is_hash(name)) continue;
        const fs::path target = fs::path(to) / name.substr(0, 2) / name;
        std::error_code problem;
        if (fs::exists(target, problem)) continue;
        const auto bytes = read_whole(file);
        if (!bytes) return bytes.error();
        if (auto kept = write_synced(target, *bytes); !kept) return kept.error();
        ++copied;
    }
    return copied;
}

}  // namespace citybridge
