#include "core/host/plugin_library.h"

#include <dlfcn.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>

#include "core/host/plugin_card.h"

namespace citybridge {
namespace {

namespace fs = std::filesystem;

// A name from the configuration must not lead out of the plugin folder.
bool is_plain_name(std::string_view name) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    };
    return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), allowed);
}

Error open_error(const fs::path& path, const std::string& why) {
    return {"plugin.open",
            "cannot open plugin " + path.string() + ": " + why + "; check the library name and the plugin folder"};
}

Result<PluginCard> card_of(const fs::path& path) {
    std::error_code error;
    if (!fs::is_regular_file(path, error))
        return open_error(path, error ? error.message() : std::string("it is no regular file"));
    std::ifstream file(path, std::ios::binary);
    if (!file) return open_error(path, std::generic_category().message(errno));
    auto card = read_card([&](std::uint64_t offset, std::span<char> out) {
        if (offset > static_cast<std::uint64_t>(std::numeric_limits<std::streamoff>::max())) return false;
        file.clear();
        file.seekg(static_cast<std::streamoff>(offset));
        return static_cast<bool>(file.read(out.data(), static_cast<std::streamsize>(out.size())));
    });
    if (card) return card;
    return Error{card.error().code, "refused " + path.string() + ": " + card.error().detail +
                                        "; put a plugin built for this version there"};
}

Result<> judge(const fs::path& path, std::uint32_t abi, std::string_view build) {
    if (abi != kAbiVersion)
        return Error{"plugin.abi", "refused " + path.string() + ": it is built for plugin interface " +
                                       std::to_string(abi) + ", this node has " + std::to_string(kAbiVersion) +
                                       "; rebuild the plugin against this version's core/api"};
    if (build != CITYBRIDGE_BUILD_TAG)
        return Error{"plugin.build", "refused " + path.string() + ": it is built with " + std::string(build) +
                                         ", this node with " CITYBRIDGE_BUILD_TAG
                                         "; rebuild it with the same compiler"};
    return ok();
}

// A card can be right and the manifest still another one, if a build mixed old and new objects.
bool agrees(const Manifest& manifest, const PluginCard& card) {
    if (manifest.magic != kAbiMagic || manifest.abi != card.abi) return false;
    if (manifest.build_tag == nullptr || manifest.name == nullptr || manifest.version == nullptr) return false;
    if (manifest.settings == nullptr || manifest.create == nullptr || manifest.destroy == nullptr) return false;
    return manifest.build_tag == card.build && manifest.name == card.name && manifest.version == card.version;
}

}  // namespace

Result<std::shared_ptr<const PluginLibrary>> PluginLibrary::open(const std::string& plugin_dir,
                                                                 const std::string& library) {
    if (!is_plain_name(library))
        return Error{"plugin.name",
                     "library \"" + library + "\" is no plain name; write the file's name without folder and .so"};
    const fs::path path = fs::absolute(fs::path(plugin_dir) / (library + ".so"));
    const auto card = card_of(path);
    if (!card) return card.error();
    if (const auto fits = judge(path, card->abi, card->build); !fits) return fits.error();
    // Not Poco::SharedLibrary: it binds lazily, and a missing symbol would end
    // the process at the first call instead of being an error here.
    void* handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (handle == nullptr) {
        const char* why = ::dlerror();
        return open_error(path, why != nullptr ? why : "the loader refuses it");
    }
    const auto* manifest = static_cast<const Manifest*>(::dlsym(handle, "citybridge_manifest"));
    if (manifest == nullptr || !agrees(*manifest, *card))
        return Error{"plugin.manifest", "refused " + path.string() + ": its manifest " +
                                            (manifest == nullptr ? "is missing" : "contradicts its card") +
                                            "; rebuild the plugin from clean"};
    return std::shared_ptr<const PluginLibrary>(new PluginLibrary(path, manifest));
}

Result<SettingsDoc> PluginLibrary::settings() const {
    std::string why = "an exception that is no std::exception";
    try {
        return manifest_->settings();
    } catch (const std::exception& e) {
        why = e.what();
    } catch (...) {
    }
    return Error{"plugin.exception",
                 "settings() of " + path_.string() + " threw: " + why + "; tell the plugin's maker"};
}

}  // namespace citybridge
