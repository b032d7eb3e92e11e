#include "tests/wire/capture_file.h"

#include <filesystem>
#include <stdexcept>

#include "tools/replay/recording.h"

namespace citybridge {
namespace {

std::optional<std::string> find_capture(std::string_view name) {
    const std::string path = std::string(CITYBRIDGE_SOURCE_DIR "/tests/wire/captures/").append(name);
    for (const auto& candidate : {path, path + ".xz"}) {
        if (std::filesystem::exists(candidate)) return candidate;
    }
    return std::nullopt;
}

}  // namespace

std::string read_capture(const std::string& path) {
    auto bytes = replay::read_file(path);
    if (!bytes) throw std::runtime_error(bytes.error().detail);
    return std::move(*bytes);
}

std::string capture(std::string_view name) {
    const auto path = find_capture(name);
    if (!path) throw std::runtime_error(std::string(name) + ": no such capture in tests/wire/captures");
    return read_capture(*path);
}

std::optional<std::string> capture_times(std::string_view name) {
    const auto path = find_capture(replay::times_path(std::string(name)));
    if (!path) return std::nullopt;
    return read_capture(*path);
}

}  // namespace citybridge
