#pragma once
#include <filesystem>
#include <string>

#include "core/host/config_file.h"

namespace citybridge {

// Everything lies beside the program: <prefix>/bin/citybridged, <prefix>/lib/plugins, <prefix>/share/citybridge.
inline std::string beside_program(const std::filesystem::path& what, const char* otherwise) {
    std::error_code failed;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", failed);
    return failed ? otherwise : (program.parent_path().parent_path() / what).string();
}

inline std::string default_plugin_dir() { return beside_program("lib/plugins", "/usr/lib/citybridge/plugins"); }
// The shipped flows and calendars.
inline std::string default_config_dir() { return beside_program("share/citybridge", "/usr/share/citybridge"); }

// A path in the configuration means one beside the configuration file; an empty one stays empty.
inline std::string beside_config(const NodeConfig& config, const std::string& path) {
    const std::filesystem::path given(path);
    if (path.empty() || given.is_absolute() || config.where.file.empty()) return path;
    return (std::filesystem::path(config.where.file).parent_path() / given).string();
}

}  // namespace citybridge
