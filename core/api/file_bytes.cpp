#include "core/api/file_bytes.h"

#include <array>
#include <cstdio>
#include <memory>

namespace citybridge {

std::optional<std::string> file_bytes(const std::filesystem::path& path) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), &std::fclose);
    if (!file) return std::nullopt;
    std::string out;
    std::array<char, 64 * 1024> part{};
    while (const std::size_t got = std::fread(part.data(), 1, part.size(), file.get())) out.append(part.data(), got);
    if (std::ferror(file.get()) != 0) return std::nullopt;
    return out;
}

}  // namespace citybridge
