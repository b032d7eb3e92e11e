// ./dev demo: cities on simulators and one ERP that answers late, fails and
// forgets to answer. Seen through the API like any client sees it, and checked:
// calls against what the simulators say happened, sales leads against the ERP,
// customers handed from city to city against the books of both.
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>

#include "core/node/paths.h"
#include "tools/demo/demo.h"

namespace {

std::atomic<int> interrupts{0};
void interrupt(int) { ++interrupts; }

}  // namespace

int main(int argc, char** argv) {
    using namespace citybridge;
    CLI::App app{"demo: two cities on simulators and an ERP with faults, live in this terminal"};
    demo::DemoOptions options;
    options.plugin_dir = default_plugin_dir();
    app.add_option("--seconds", options.seconds, "End after so many seconds; 0: at Ctrl-C")
        ->check(CLI::NonNegativeNumber);
    app.add_flag("--nats", options.nats,
                 "Three cities joined by real nats-servers, one behind each city and a hub between; customers of one "
                 "are called back by another while lines are cut and the hub is killed");
    app.add_option("--plugins", options.plugin_dir, "Folder of the plugin libraries")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    spdlog::set_default_logger(spdlog::stderr_color_mt("demo"));
    spdlog::set_level(options.nats ? spdlog::level::err : spdlog::level::warn);
    std::signal(SIGINT, interrupt);
    std::signal(SIGTERM, interrupt);
    std::signal(SIGPIPE, SIG_IGN);
    demo::Demo whole(std::move(options), interrupts);
    if (const auto started = whole.start(); !started) {
        std::fprintf(stderr, "%s: %s\n", started.error().code.c_str(), started.error().detail.c_str());
        return 1;
    }
    return whole.run();
}
