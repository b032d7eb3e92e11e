#pragma once
#include <atomic>
#include <functional>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "core/api/result.h"

namespace citybridge::demo {

// A supervisor's desktop, as far as the wire goes: logs in over HTTP, then
// reads /v1/stream over a WebSocket.
class EventStream {
public:
    using Frame = nlohmann::ordered_json;

    // `on_frame` runs on the stream's thread.
    static Result<std::unique_ptr<EventStream>> open(std::uint16_t port, const std::string& user,
                                                     const std::string& password,
                                                     std::function<void(const Frame&)> on_frame);
    ~EventStream();

    // Why it ended before it was asked to; empty while all is well.
    std::string failure() const;

private:
    EventStream() = default;
    void run(std::uint16_t port, const std::string& token);

    std::function<void(const Frame&)> on_frame_;
    std::atomic<bool> stopping_{false};
    mutable std::mutex mutex_;
    std::string failure_;
    std::thread thread_;
};

}  // namespace citybridge::demo
