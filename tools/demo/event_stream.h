#pragma once
#include <atomic>
#include <functional>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

namespace citybridge::demo {

// A desktop's /v1/stream, read over a WebSocket.
class EventStream {
public:
    using Frame = nlohmann::ordered_json;

    // `token` of a session. `on_frame` runs on the stream's thread.
    EventStream(std::uint16_t port, std::string token, std::function<void(const Frame&)> on_frame);
    ~EventStream();

    // Why it ended before it was asked to; empty while all is well.
    std::string failure() const;

private:
    void run(std::uint16_t port, const std::string& token);

    std::function<void(const Frame&)> on_frame_;
    std::atomic<bool> stopping_{false};
    mutable std::mutex mutex_;
    std::string failure_;
    std::thread thread_;
};

}  // namespace citybridge::demo
