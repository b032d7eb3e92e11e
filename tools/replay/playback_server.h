#pragma once
// A server on loopback that plays a recording to the one client that connects.
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "core/host/config_file.h"
#include "tools/replay/ends.h"

namespace citybridge::replay {

struct PlaybackOptions {
    double speed = 1;  // 10: the pauses are a tenth of the recorded ones
    // Before event number `index`, counted from 0, is sent; on the server's thread.
    std::function<void(std::size_t index)> sending{};
};

class PlaybackServer {
public:
    explicit PlaybackServer(const Recording& recording, PlaybackOptions options = {});
    ~PlaybackServer();
    PlaybackServer(const PlaybackServer&) = delete;
    PlaybackServer& operator=(const PlaybackServer&) = delete;

    std::uint16_t port() const { return port_; }
    bool played() const { return played_; }  // or failed
    std::string failure() const;

private:
    struct Impl;
    void run();
    void fail(const std::string& why);

    PlaybackOptions options_;
    std::uint16_t port_ = 0;
    std::atomic<bool> stopping_{false};
    std::atomic<bool> played_{false};
    mutable std::mutex mutex_;
    std::string failure_;
    std::unique_ptr<Impl> impl_;
    std::thread thread_;
};

// A node of one city that follows the PBX at that port, with a store in `folder`.
NodeConfig config_for(Wire wire, std::uint16_t pbx_port, const std::string& folder);

}  // namespace citybridge::replay
