#pragma once
// What the node lends to all its plugin instances.
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/capabilities.h"
#include "core/api/plugin.h"
#include "core/api/signals.h"
#include "core/api/time.h"

namespace spdlog {
class logger;
}

namespace citybridge {

// Takes all or none; false: the live strand is full. Called on the instance's
// lane thread, never after PluginSet::stop() returned. Must not block.
using SignalSink = std::function<bool(std::string_view instance, std::span<PbxSignal> signals)>;

// An inbound message of a plugin (Host::take). `done` may be called from any thread, once, also from within the call.
// Must not block.
using InboundSink = std::function<void(InboundMessage message, std::function<void(Result<>)> done)>;

// A line that an instance logged.
struct Said {
    LogLevel level = LogLevel::info;
    std::string code;
    std::string text;
    WallTime at{};
};

// An instance says something worth a line of the log; debug lines are not told. Any thread; must not block.
using SaidSink = std::function<void(std::string_view instance, LogLevel level, std::string_view code)>;

struct HostOptions {
    std::string city;
    std::string plugin_dir;
    SignalSink signals;                      // none: signals are refused
    InboundSink inbound;                     // none: messages are refused for the moment
    SaidSink said;                           // none: only logged
    std::shared_ptr<spdlog::logger> logger;  // none: spdlog's default logger
    Millis step_timeout{10'000};             // create, configure, destroy: each
    Millis start_timeout{10'000};
    Millis stop_grace{5'000};
    // Where plugins may send requests: "host" or "host:port"; empty: every origin a plugin declares.
    std::vector<std::string> outgoing_allow{};
    std::size_t lane_tasks = 16'384;  // bound of an instance's task queue
};

}  // namespace citybridge
