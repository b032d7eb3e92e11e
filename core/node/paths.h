#pragma once
#include <filesystem>
#include <string>

namespace citybridge {

// Plugins lie beside the program: <prefix>/bin/citybridged, <prefix>/lib/plugins.
inline std::string default_plugin_dir() {
    std::error_code failed;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", failed);
    if (failed) return "/usr/lib/citybridge/plugins";
    return (program.parent_path().parent_path() / "lib" / "plugins").string();
}

}  // namespace citybridge
