#include "tests/wire/capture_file.h"

#include <lzma.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <stdexcept>

namespace citybridge {
namespace {

constexpr std::size_t kBlockBytes = 1 << 16;

std::string decompress(const std::string& packed, const std::string& path) {
    lzma_stream stream = LZMA_STREAM_INIT;
    if (lzma_stream_decoder(&stream, std::numeric_limits<std::uint64_t>::max(), LZMA_CONCATENATED) != LZMA_OK)
        throw std::runtime_error(path + ": no memory to decompress");
    stream.next_in = reinterpret_cast<const std::uint8_t*>(packed.data());
    stream.avail_in = packed.size();
    std::string out;
    std::string block(kBlockBytes, '\0');
    lzma_ret result = LZMA_OK;
    while (result == LZMA_OK) {
        stream.next_out = reinterpret_cast<std::uint8_t*>(block.data());
        stream.avail_out = block.size();
        result = lzma_code(&stream, LZMA_FINISH);
        out.append(block, 0, block.size() - stream.avail_out);
    }
    lzma_end(&stream);
    if (result != LZMA_STREAM_END) throw std::runtime_error(path + ": damaged or cut .xz file");
    return out;
}

std::optional<std::string> find_capture(std::string_view name) {
    const std::string path = std::string(CITYBRIDGE_SOURCE_DIR "/tests/wire/captures/").append(name);
    for (const auto& candidate : {path, path + ".xz"}) {
        if (std::filesystem::exists(candidate)) return candidate;
    }
    return std::nullopt;
}

}  // namespace

std::string read_capture(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error(path + ": cannot be opened");
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    return path.ends_with(".xz") ? decompress(bytes, path) : bytes;
}

std::string capture(std::string_view name) {
    const auto path = find_capture(name);
    if (!path) throw std::runtime_error(std::string(name) + ": no such capture in tests/wire/captures");
    return read_capture(*path);
}

std::optional<std::string> capture_times(std::string_view name) {
    const auto path = find_capture(std::string(name) + ".ts");
    if (!path) return std::nullopt;
    return read_capture(*path);
}

}  // namespace citybridge
