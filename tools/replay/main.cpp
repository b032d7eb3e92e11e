// ./dev replay: a recorded PBX stream through the node, and what it made of it.
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>

#include "core/node/paths.h"
#include "tools/replay/fast_replay.h"
#include "tools/replay/live_replay.h"

namespace {

constexpr int kUnreadable = 2;

int fail(const citybridge::Error& error) {
    std::fprintf(stderr, "%s: %s\n", error.code.c_str(), error.detail.c_str());
    return kUnreadable;
}

citybridge::WallTime changed_at(const std::string& path) {
    std::error_code failed;
    const auto time = std::filesystem::last_write_time(path, failed);
    if (failed) return {};
    return std::chrono::time_point_cast<citybridge::Millis>(std::chrono::file_clock::to_sys(time));
}

}  // namespace

int main(int argc, char** argv) {
    using namespace citybridge;
    using namespace citybridge::replay;
    CLI::App app{"replay: a recorded PBX stream (NAME.ami or NAME.esl, or one of them with .xz) through the node"};
    std::string path;
    std::string plugin_dir = default_plugin_dir();
    bool fast = false;
    bool json = false;
    app.add_option("PATH", path, "The recording; NAME.ami.ts or NAME.idx beside it says when each part was read")
        ->required();
    app.add_flag("--fast", fast, "In this process on recorded time, without the pauses");
    app.add_flag("--json", json, "Print one JSON document on stdout, everything else on stderr");
    app.add_option("--plugins", plugin_dir, "Folder of the plugin libraries")->capture_default_str();
    CLI11_PARSE(app, argc, argv);

    spdlog::set_default_logger(spdlog::stderr_color_mt("replay"));
    spdlog::set_level(spdlog::level::warn);
    const auto recording = read_recording(path);
    if (!recording) return fail(recording.error());
    if (recording->times.empty())
        std::fprintf(stderr, "warning: no times beside %s; durations are only as good as the PBX's own timestamps\n",
                     path.c_str());

    FastReplayOptions options;
    options.without_times = changed_at(path);
    Result<ReplayResult> result = fast ? Result(replay_fast(*recording, options)) : replay_live(*recording, plugin_dir);
    if (!result) {
        std::fprintf(stderr, "%s: %s\n", result.error().code.c_str(), result.error().detail.c_str());
        return 1;
    }
    std::printf("%s\n", json ? dump(result->json(), 2).c_str() : result->table().c_str());
    return 0;
}
