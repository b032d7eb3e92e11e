#include "core/node/recording_files.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "core/gateway/http_codec.h"
#include "core/gateway/net.h"

namespace citybridge {
namespace {

using gateway::UniqueFd;

constexpr int kFileFlags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
// A file changed within the second its date names may change again in it.
constexpr Millis kDateIsStrongAfter{2'000};

Error refused(std::string detail) { return {"recording.refused", std::move(detail)}; }

// Nothing: a part that leads out.
Result<std::vector<std::string_view>> parts_of(std::string_view path) {
    std::vector<std::string_view> out;
    while (!path.empty()) {
        const std::string_view part = path.substr(0, path.find('/'));
        path.remove_prefix(std::min(path.size(), part.size() + 1));
        if (part == "..") return refused("The recording's file name leads out of its folder.");
        if (!part.empty() && part != ".") out.push_back(part);
    }
    return out;
}

// The kernel resolves and checks in one step, so nothing can be exchanged in between.
UniqueFd open_beneath(int folder, const std::string& path) {
    open_how how{};
    how.flags = kFileFlags;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    return UniqueFd(static_cast<int>(::syscall(SYS_openat2, folder, path.c_str(), &how, sizeof how)));
}

// Where the kernel, or a sandbox, has no openat2: part by part, and no link at all.
UniqueFd open_without_links(int folder, const std::string& path) {
    UniqueFd at(::openat(folder, ".", O_PATH | O_DIRECTORY | O_CLOEXEC));
    std::string_view rest = path;
    while (at) {
        const std::string part(rest.substr(0, rest.find('/')));
        rest.remove_prefix(std::min(rest.size(), part.size() + 1));
        if (rest.empty()) return UniqueFd(::openat(at.get(), part.c_str(), kFileFlags | O_NOFOLLOW));
        at = UniqueFd(::openat(at.get(), part.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    }
    return at;
}

Result<UniqueFd> open_below(const std::string& mount, const std::string& path) {
    const UniqueFd folder(::open(mount.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!folder) return Error{"recording.unavailable", "The recordings' mount cannot be opened."};
    UniqueFd file = open_beneath(folder.get(), path);
    if (!file && (errno == ENOSYS || errno == EPERM || errno == E2BIG)) file = open_without_links(folder.get(), path);
    if (file) return file;
    switch (errno) {
        case ENOENT:
        case ENOTDIR: return Error{"recording.gone", "The recording's file is not, or no longer, there."};
        case EXDEV:
        case ELOOP: return refused("The recording's file is a link that leads out of its folder.");
        case EACCES: return Error{"recording.unavailable", "The node may not read the recording's file."};
        default: return Error{"recording.unavailable", "The recording's file cannot be opened."};
    }
}

class FileBody final : public gateway::BodySource {
public:
    FileBody(UniqueFd file, gateway::Slice slice) : file_(std::move(file)), slice_(slice), at_(slice.offset) {}

    std::uint64_t length() const override { return slice_.length; }
    Result<std::string> read(std::size_t most) override {
        most = static_cast<std::size_t>(std::min<std::uint64_t>(most, slice_.offset + slice_.length - at_));
        std::string out(most, '\0');
        for (;;) {
            const ssize_t got = ::pread(file_.get(), out.data(), most, static_cast<off_t>(at_));
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) return Error{"recording.gone", "The file ended before its time."};
            out.resize(static_cast<std::size_t>(got));
            at_ += out.size();
            return out;
        }
    }

private:
    UniqueFd file_;
    const gateway::Slice slice_;
    std::uint64_t at_;
};

std::string etag_of(const struct stat& file) {
    return '"' + std::to_string(file.st_ino) + '-' + std::to_string(file.st_size) + '-' +
           std::to_string(file.st_mtim.tv_sec) + '.' + std::to_string(file.st_mtim.tv_nsec) + '"';
}

gateway::Validators validators_of(const struct stat& file) {
    gateway::Validators out;
    out.etag = etag_of(file);
    out.modified = WallTime(std::chrono::seconds(file.st_mtim.tv_sec));
    out.date_is_strong = system_now().wall - out.modified >= kDateIsStrongAfter;
    return out;
}

}  // namespace

Result<std::string> path_below(std::string_view file, std::string_view pbx_folder) {
    if (std::any_of(file.begin(), file.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
        return refused("The recording's file name holds a control character.");
    auto parts = parts_of(file);
    if (!parts) return parts.error();
    if (file.starts_with('/')) {
        const auto folder = parts_of(pbx_folder);
        if (!folder) return folder.error();
        const bool below = parts->size() > folder->size() && std::equal(folder->begin(), folder->end(), parts->begin());
        if (!below || pbx_folder.empty()) return refused("The recording's file is not below pbx_folder.");
        parts->erase(parts->begin(), parts->begin() + static_cast<std::ptrdiff_t>(folder->size()));
    }
    std::string out;
    for (const std::string_view part : *parts) out += (out.empty() ? "" : "/") + std::string(part);
    if (out.empty()) return refused("The recording has no file name.");
    return out;
}

Result<RecordingAnswer> open_recording_file(const std::string& mount, const std::string& path,
                                            const RecordingAsk& ask) {
    auto file = open_below(mount, path);
    if (!file) return file.error();
    struct stat found {};
    if (::fstat(file->get(), &found) != 0 || !S_ISREG(found.st_mode)) return refused("The recording is no plain file.");
    const gateway::Validators now = validators_of(found);
    RecordingAnswer answer;
    answer.size = static_cast<std::uint64_t>(found.st_size);
    answer.slice = {0, answer.size};
    answer.etag = now.etag;
    answer.last_modified = gateway::http_date(now.modified);
    const bool part = ask.range && !ask.head && (ask.if_range.empty() || gateway::if_range_holds(ask.if_range, now));
    if (part) {
        const auto slice = gateway::slice_of(*ask.range, answer.size);
        answer.status = slice ? 206 : 416;
        if (!slice) return answer;
        answer.slice = *slice;
    }
    answer.body = std::make_shared<FileBody>(std::move(*file), answer.slice);
    return answer;
}

}  // namespace citybridge
