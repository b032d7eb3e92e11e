#pragma once
// One plugin's shared library. Judged by its card in the file first: of a
// library that is refused not even a static constructor runs. Once mapped it
// stays mapped for the life of the process, because its threads, callbacks and
// types may be anywhere.
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "core/api/plugin.h"
#include "core/api/result.h"

namespace citybridge {

class PluginLibrary {
public:
    // Opens `<plugin_dir>/<library>.so`. Each error names the path and says what to do:
    //   plugin.name      `library` is no plain file name
    //   plugin.open      no such file, not readable, or the loader refuses it
    //   plugin.foreign   no CityBridge plugin, or a damaged file
    //   plugin.abi       built against another core/api
    //   plugin.build     built with another compiler or standard library
    //   plugin.manifest  the manifest is missing or contradicts the card
    static Result<std::shared_ptr<const PluginLibrary>> open(const std::string& plugin_dir, const std::string& library);

    const std::filesystem::path& path() const { return path_; }
    std::string_view name() const { return manifest_->name; }
    std::string_view version() const { return manifest_->version; }
    const Manifest& manifest() const { return *manifest_; }
    // The plugin's own table. Error "plugin.exception": it threw.
    Result<SettingsDoc> settings() const;

private:
    PluginLibrary(std::filesystem::path path, const Manifest* manifest) : path_(std::move(path)), manifest_(manifest) {}

    std::filesystem::path path_;
    const Manifest* manifest_;
};

}  // namespace citybridge
