// ./dev demo: one city on the simulator, seen through the API like any client
// sees it, and checked against what the simulator says really happened.
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <mutex>

#include "core/node/paths.h"
#include "tools/demo/checker.h"
#include "tools/demo/demo_node.h"
#include "tools/demo/event_stream.h"
#include "tools/demo/screen.h"

namespace {

using namespace citybridge;
using namespace citybridge::demo;

std::atomic<bool> interrupted{false};
void interrupt(int) { interrupted = true; }

int fail(const Error& error) {
    std::fprintf(stderr, "%s: %s\n", error.code.c_str(), error.detail.c_str());
    return 1;
}

// Calls whose end the simulator had written before we stopped listening; the
// stream had at least `kGrace` to tell us of them.
std::vector<Checker::Json> finished_calls(const std::string& truth_file) {
    std::vector<Checker::Json> calls;
    std::ifstream file(truth_file);
    for (std::string line; std::getline(file, line);) {
        Checker::Json call = Checker::Json::parse(line, nullptr, false);
        if (call.is_object()) calls.push_back(std::move(call));
    }
    return calls;
}

int report(const Checker& checker, const std::string& failure) {
    constexpr std::size_t kShown = 20;
    for (std::size_t i = 0; i < std::min(checker.mistakes().size(), kShown); ++i)
        std::printf("wrong: %s\n", checker.mistakes()[i].c_str());
    if (!failure.empty()) std::printf("wrong: %s\n", failure.c_str());
    const bool right = checker.mistakes().empty() && failure.empty() && checker.calls() > 0;
    std::printf("demo: checked itself against the simulator's truth: %zu finished calls, %zu pops, %zu mistakes: %s\n",
                checker.calls(), checker.pops(), checker.mistakes().size() + (failure.empty() ? 0 : 1),
                right ? "ok" : "FAILED");
    return right ? 0 : 1;
}

int run(const std::string& plugin_dir, int seconds) {
    auto node = DemoNode::start(plugin_dir);
    if (!node) return fail(node.error());
    std::mutex mutex;
    Screen screen(isatty(STDOUT_FILENO) != 0);
    Checker checker;
    auto stream =
        EventStream::open((*node)->port(), DemoNode::kUser, DemoNode::kPassword, [&](const EventStream::Frame& frame) {
            std::lock_guard lock(mutex);
            screen.see(frame);
            checker.see(frame);
        });
    if (!stream) return fail(stream.error());
    std::fprintf(stderr, "the API of this node: http://127.0.0.1:%u (user %s, password %s)\n", (*node)->port(),
                 DemoNode::kUser, DemoNode::kPassword);
    const MonoTime until = system_now().mono + std::chrono::seconds(seconds);
    while (!interrupted && (seconds == 0 || system_now().mono < until) && (*stream)->failure().empty()) {
        {
            std::lock_guard lock(mutex);
            screen.draw();
        }
        std::this_thread::sleep_for(Millis{250});
    }
    constexpr Millis kGrace{1'000};
    const auto truth = finished_calls((*node)->truth_file());
    std::this_thread::sleep_for(kGrace);
    const std::string failure = (*stream)->failure();
    stream->reset();
    (*node)->stop();
    for (const auto& call : truth) checker.judge(call);
    return report(checker, failure);
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"demo: one city on the simulator, live in this terminal"};
    int seconds = 0;
    std::string plugin_dir = default_plugin_dir();
    app.add_option("--seconds", seconds, "End after so many seconds; 0: at Ctrl-C")->check(CLI::NonNegativeNumber);
    app.add_option("--plugins", plugin_dir, "Folder of the plugin libraries")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    spdlog::set_default_logger(spdlog::stderr_color_mt("demo"));
    spdlog::set_level(spdlog::level::warn);
    std::signal(SIGINT, interrupt);
    std::signal(SIGTERM, interrupt);
    std::signal(SIGPIPE, SIG_IGN);
    return run(plugin_dir, seconds);
}
