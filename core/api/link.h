#pragma once
// A plugin's lane: one thread, timers and byte links on it. All callbacks of a
// plugin instance run here, one after the other, so a plugin needs no locks.
// The host implements it; tests and simulations make their own on virtual time.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/api/result.h"
#include "core/api/time.h"

namespace citybridge {

// A byte stream to a peer. Lane thread only.
class Link {
public:
    virtual ~Link() = default;  // closes without a callback
    // Queues bytes; a peer that does not read lets at most
    // LinkOptions::send_buffer_bytes pile up, then the link is closed with
    // code "link.overflow". Never blocks.
    virtual void send(std::string_view bytes) = 0;
};

struct LinkOptions {
    std::string host;
    std::uint16_t port = 0;
    Millis connect_timeout{5'000};
    std::size_t send_buffer_bytes = 1 << 20;
};

// At most one of opened-then-closed or closed happens per connect().
struct LinkCallbacks {
    std::function<void()> opened;
    std::function<void(std::string_view bytes)> received;  // the view is valid during the call
    std::function<void(const Error& why)> closed;          // once; then nothing more
};

using TimerId = std::uint64_t;  // 0: none

class Lane {
public:
    virtual Now now() const = 0;
    // From any thread. False: the lane is full or stopping, and `task` will not run.
    virtual bool post(std::function<void()> task) = 0;
    // Lane thread only from here on.
    virtual TimerId after(Millis delay, std::function<void()> task) = 0;
    virtual void cancel(TimerId timer) = 0;  // unknown and fired ids are ignored
    virtual std::unique_ptr<Link> connect(const LinkOptions& options, LinkCallbacks callbacks) = 0;

protected:
    ~Lane() = default;
};

}  // namespace citybridge
