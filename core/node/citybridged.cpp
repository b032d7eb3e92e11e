// citybridged: the node as a daemon, in the foreground or under systemd.
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <ctime>

#include "core/node/city_calendars.h"
#include "core/node/node.h"
#include "core/node/node_settings.h"
#include "core/node/paths.h"
#include "core/node/reload.h"

namespace citybridge {
namespace {

// Exit codes: 0 stopped as asked, 1 the configuration is wrong, 2 start-up failed.
constexpr int kBadConfig = 1;
constexpr int kStartFailed = 2;

int print(const Problems& problems, std::FILE* to = stderr) {
    for (const Problem& problem : problems) std::fprintf(to, "%s\n", to_string(problem).c_str());
    return problems.empty() ? 0 : kBadConfig;
}

sigset_t handled_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    return set;
}

// Waits for signals, feeds systemd's watchdog while the live strand answers.
void serve(Node& node, const std::string& config_path) {
    std::uint64_t watchdog_us = 0;
    const bool watched = sd_watchdog_enabled(0, &watchdog_us) > 0;
    const std::uint64_t period_us = watched ? watchdog_us / 3 : 1'000'000;
    const timespec period{static_cast<time_t>(period_us / 1'000'000), static_cast<long>(period_us % 1'000'000) * 1'000};
    const sigset_t signals = handled_signals();
    for (;;) {
        const int signal = sigtimedwait(&signals, nullptr, &period);
        if (signal == SIGHUP) reload(node, config_path);
        if (signal == SIGINT || signal == SIGTERM) return;
        // A strand that does not answer is left to the watchdog on purpose: P9.
        if (watched && node.alive()) sd_notify(0, "WATCHDOG=1");
    }
}

int run(const std::string& config_path, const std::string& plugin_dir) {
    const sigset_t signals = handled_signals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before any thread: they inherit it
    std::signal(SIGPIPE, SIG_IGN);
    Problems problems;
    const NodeConfig config = load_config(config_path, problems);
    std::unique_ptr<Node> node;
    if (problems.empty()) node = Node::make(config, plugin_dir, problems);
    if (!problems.empty()) return print(problems);

    if (auto started = node->start(); !started) {
        std::fprintf(stderr, "%s: %s\n", started.error().code.c_str(), started.error().detail.c_str());
        return kStartFailed;
    }
    sd_notify(0, "READY=1");
    serve(*node, config_path);
    sd_notify(0, "STOPPING=1");
    node->stop();
    spdlog::info("node.stopped");
    if (node->abandoned() == 0) return 0;
    // A hanging plugin still runs: static destructors must not pull its memory away.
    spdlog::shutdown();
    std::fflush(nullptr);
    _exit(0);
}

}  // namespace
}  // namespace citybridge

int main(int argc, char** argv) {
    using namespace citybridge;
    CLI::App app{"citybridged: the CityBridge node of one city"};
    std::string config_path = "/etc/citybridge/node.xml";
    std::string plugin_dir = default_plugin_dir();
    std::string level = "info";
    bool check = false;
    bool describe = false;
    app.add_option("--config", config_path, "Configuration file")->capture_default_str();
    app.add_option("--plugins", plugin_dir, "Folder of the plugin libraries")->capture_default_str();
    app.add_option("--log-level", level, "debug, info, warning or error")->capture_default_str();
    app.add_flag("--check", check, "Check the configuration, print every problem, exit 1 if there is one");
    app.add_flag("--describe", describe, "Print every setting of the node and of each plugin");
    app.set_version_flag("--version", CITYBRIDGE_VERSION);
    CLI11_PARSE(app, argc, argv);

    spdlog::set_default_logger(spdlog::stderr_color_mt("citybridged"));
    spdlog::set_level(spdlog::level::from_str(level));
    if (describe) {
        std::printf("%s", describe_all(node_sections(), plugin_dir).c_str());
        return 0;
    }
    if (check) {
        const Problems problems = check_node(config_path, plugin_dir);
        if (problems.empty()) std::printf("%s: ok\n", config_path.c_str());
        for (const Problem& each : calendar_warnings(config_path, system_now().wall))
            std::printf("%s\n", to_string({each.where, "warning: " + each.message}).c_str());
        return print(problems, stdout);  // the answer to the question, not a complaint
    }
    return run(config_path, plugin_dir);
}
