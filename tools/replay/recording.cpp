#include "tools/replay/recording.h"

#include <lzma.h>

#include <array>
#include <filesystem>

#include "core/api/file_bytes.h"

namespace citybridge::replay {
namespace {

constexpr std::string_view kPacked = ".xz";
constexpr std::string_view kEventSocket = ".esl";
constexpr std::size_t kMaxBytes = std::size_t{2} << 30;

Result<std::string> decompress(const std::string& packed, const std::string& path) {
    lzma_stream stream = LZMA_STREAM_INIT;
    if (lzma_stream_decoder(&stream, UINT64_MAX, LZMA_CONCATENATED) != LZMA_OK)
        return Error{"replay.damaged", path + ": the decompressor cannot start"};
    std::string out;
    std::array<std::uint8_t, 1 << 16> buffer{};
    stream.next_in = reinterpret_cast<const std::uint8_t*>(packed.data());
    stream.avail_in = packed.size();
    lzma_ret state = LZMA_OK;
    while (state == LZMA_OK && out.size() <= kMaxBytes) {
        stream.next_out = buffer.data();
        stream.avail_out = buffer.size();
        state = lzma_code(&stream, LZMA_FINISH);
        out.append(reinterpret_cast<const char*>(buffer.data()), buffer.size() - stream.avail_out);
    }
    lzma_end(&stream);
    if (out.size() > kMaxBytes) return Error{"replay.too_large", path + ": more than 2 GiB when decompressed"};
    if (state != LZMA_STREAM_END) return Error{"replay.damaged", path + ": not a whole .xz file"};
    return out;
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
    std::error_code failed;
    if (!std::filesystem::is_regular_file(path, failed)) return Error{"replay.unreadable", path + ": no such file"};
    if (std::filesystem::file_size(path, failed) > kMaxBytes)
        return Error{"replay.too_large", path + ": more than 2 GiB"};
    auto bytes = file_bytes(path);
    if (!bytes) return Error{"replay.unreadable", path + ": cannot be read"};
    return path.ends_with(kPacked) ? decompress(*bytes, path) : Result<std::string>(std::move(*bytes));
}

std::optional<Wire> wire_of(std::string_view path) {
    if (path.ends_with(kPacked)) path.remove_suffix(kPacked.size());
    if (path.ends_with(".ami")) return Wire::asterisk;
    if (path.ends_with(kEventSocket)) return Wire::freeswitch;
    return std::nullopt;
}

std::string times_path(const std::string& path) {
    if (!path.ends_with(kEventSocket)) return path + ".ts";
    return path.substr(0, path.size() - kEventSocket.size()) + ".idx";
}

Result<Recording> read_recording(const std::string& path) {
    const auto wire = wire_of(path);
    if (!wire) return Error{"replay.unreadable", path + ": not a .ami or .esl recording, nor one of them with .xz"};
    auto bytes = read_file(path);
    if (!bytes) return bytes.error();
    Recording out{std::move(*bytes), {}, *wire};
    const std::string plain = path.ends_with(kPacked) ? path.substr(0, path.size() - kPacked.size()) : path;
    for (const std::string_view ending : {std::string_view(), kPacked}) {
        auto times = read_file(times_path(plain).append(ending));
        if (!times) continue;
        out.times = std::move(*times);
        break;
    }
    return out;
}

}  // namespace citybridge::replay
