#pragma once
// A folder of its own under the system's temporary one, gone with the object.
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace citybridge {

class TempFolder {
public:
    // Throws std::runtime_error: it cannot be made.
    explicit TempFolder(const std::string& name) {
        std::string folder = (std::filesystem::temp_directory_path() / (name + "-XXXXXX")).string();
        if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("cannot make a folder like " + folder);
        path_ = folder;
    }
    ~TempFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;

    const std::string& path() const { return path_; }
    std::string operator/(const std::string& name) const { return path_ + '/' + name; }

private:
    std::string path_;
};

}  // namespace citybridge
