#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace citybridge {

/// The whole of a file; nothing if it is not there or cannot be read to its end (a folder, a faulty disk). Who may meet
/// a file of any size asks for its size first. Any thread.
std::optional<std::string> file_bytes(const std::filesystem::path& path);

}  // namespace citybridge
