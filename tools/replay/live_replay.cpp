#include "tools/replay/live_replay.h"

#include <atomic>
#include <mutex>
#include <thread>

#include "core/node/node.h"
#include "tools/replay/playback_server.h"
#include "tools/support/temp_folder.h"

namespace citybridge::replay {
namespace {

constexpr Millis kQuiet{400};

}  // namespace

Result<ReplayResult> replay_live(const Recording& recording, const std::string& plugin_dir) {
    PlaybackServer server(recording);
    Problems problems;
    const TempFolder folder("citybridge-replay");
    const auto node = Node::make(config_for(recording.wire, server.port(), folder.path()), plugin_dir, problems);
    if (node == nullptr) return Error{"replay.node", to_string(problems.front())};
    std::mutex mutex;
    ReplayResult result;
    std::atomic<std::int64_t> last_event_ms{system_now().mono.time_since_epoch().count()};
    node->live().subscribe([&](const EventPtr& event) {
        std::lock_guard lock(mutex);
        result.see(event->event);
        last_event_ms = system_now().mono.time_since_epoch().count();
    });
    if (auto started = node->start(); !started) return started.error();
    const auto quiet = [&] { return system_now().mono.time_since_epoch() - Millis{last_event_ms.load()} > kQuiet; };
    while (!server.played() || !quiet()) std::this_thread::sleep_for(Millis{20});
    // Taken before the node stops: the end of the recording ends no contact.
    std::lock_guard lock(mutex);
    const ReplayResult taken = result;
    return taken;
}

}  // namespace citybridge::replay
