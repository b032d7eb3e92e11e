#include "core/host/plugin_host.h"

#include <spdlog/spdlog.h>

#include <bit>
#include <exception>

namespace citybridge {
namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
    switch (level) {
        case LogLevel::debug: return spdlog::level::debug;
        case LogLevel::info: return spdlog::level::info;
        case LogLevel::warning: return spdlog::level::warn;
        case LogLevel::error: return spdlog::level::err;
    }
    return spdlog::level::err;
}

// A plugin that throws at every event must not fill the disk with its log.
bool worth_a_line(std::uint64_t count) { return count <= 10 || std::has_single_bit(count); }

}  // namespace

PluginHost::PluginHost(std::string instance, const HostOptions& options)
    : city_(options.city),
      instance_(std::move(instance)),
      logger_(options.logger ? options.logger : spdlog::default_logger()),
      sink_(options.signals),
      take_(options.inbound),
      said_(options.said) {
    LaneOptions lane;
    lane.name = instance_;
    lane.max_tasks = options.lane_tasks;
    lane.on_exception = [this](std::string_view what) { count_exception(what); };
    lane_ = HostLane::start(std::move(lane));
    http_ = std::make_unique<HostHttpClient>(instance_, *lane_, options.outgoing_allow);
}

void PluginHost::log(LogLevel level, std::string_view code, std::string_view text) {
    logger_->log(to_spdlog(level), "[{}] {}: {}", instance_, code, text);
    if (level == LogLevel::debug) return;
    {
        const std::lock_guard lock(said_mutex_);
        last_said_ = Said{level, std::string(code), std::string(text), system_now().wall};
    }
    const std::lock_guard lock(mutex_);
    if (said_) said_(instance_, level, code);
}

std::optional<Said> PluginHost::last_said() const {
    const std::lock_guard lock(said_mutex_);
    return last_said_;
}

bool PluginHost::signal(std::span<PbxSignal> signals) {
    const std::lock_guard lock(mutex_);
    return sink_ && sink_(instance_, signals);
}

// The answer may come when the instance is long gone: it holds the lane, which drops tasks after quiesce().
void PluginHost::take(InboundMessage message, std::function<void(Result<>)> done) {
    const auto on_lane = [lane = lane_, done = std::move(done)](Result<> result) {
        (void)lane->post([done, result = std::move(result)] { done(result); });
    };
    if (message.source.empty()) message.source = instance_;
    const std::lock_guard lock(mutex_);
    if (take_) return take_(std::move(message), on_lane);
    on_lane(Error{"node.busy", "this node takes no messages at the moment; they are offered again"});
}

void PluginHost::shut() {
    http_->end();
    const std::lock_guard lock(mutex_);
    sink_ = nullptr;
    take_ = nullptr;
    said_ = nullptr;
}

void PluginHost::quiesce() {
    http_->close();
    lane_->quiesce();
}

void PluginHost::count_exception(std::string_view what) {
    const auto count = exceptions_.fetch_add(1, std::memory_order_relaxed) + 1;
    if (!worth_a_line(count)) return;
    log(LogLevel::error, "plugin.exception",
        "a callback threw: " + std::string(what) + " (number " + std::to_string(count) +
            " of this instance); the instance goes on, tell the plugin's maker");
}

}  // namespace citybridge
