#pragma once
// The Host one plugin instance sees, and the gate behind which the node is
// safe from it: once shut, no signal passes, however late a plugin comes back.
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "core/api/plugin.h"
#include "core/host/host_lane.h"
#include "core/host/host_options.h"
#include "core/host/http_client.h"

namespace citybridge {

class PluginHost final : public Host {
public:
    // Starts the instance's lane. Throws std::system_error: no thread left.
    PluginHost(std::string instance, const HostOptions& options);

    std::string_view city() const override { return city_; }
    std::string_view instance() const override { return instance_; }
    Lane& lane() override { return *lane_; }
    HttpClient& http() override { return *http_; }
    void log(LogLevel level, std::string_view code, std::string_view text) override;
    bool signal(std::span<PbxSignal> signals) override;
    void take(InboundMessage message, std::function<void(Result<>)> done) override;

    HostLane& own_lane() { return *lane_; }
    // When it returns, no call of the sink is running and none follows, and no HTTP request is under way.
    void shut();
    // Lane thread: no completion of an HTTP request is called any more.
    void close_http() { http_->close(); }
    // Lane thread: nor a task, timer or link callback.
    void quiesce();
    // The newest line but those for debugging; nothing: it has not said any.
    std::optional<Said> last_said() const;
    std::uint64_t exceptions() const { return exceptions_.load(std::memory_order_relaxed); }

private:
    void count_exception(std::string_view what);

    std::string city_;
    std::string instance_;
    std::shared_ptr<spdlog::logger> logger_;
    std::atomic<std::uint64_t> exceptions_{0};
    mutable std::mutex said_mutex_;
    std::optional<Said> last_said_;  // guarded by said_mutex_
    std::mutex mutex_;               // held while the sink runs, so that shut() can wait for it
    SignalSink sink_;                // guarded by mutex_; empty when shut
    InboundSink take_;               // guarded by mutex_; empty when shut
    SaidSink said_;                  // guarded by mutex_; empty when shut
    std::shared_ptr<HostLane> lane_;
    std::unique_ptr<HostHttpClient> http_;
};

}  // namespace citybridge
