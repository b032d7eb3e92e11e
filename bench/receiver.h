#pragma once
// The far side of webhooks, in a process of its own: one epoll loop that
// answers every signed POST with 204, and notes when it came.
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "bench/child.h"
#include "bench/sockets.h"

namespace citybridge::bench {

std::int64_t now_ns();  // of the monotonic clock: the same in all processes

class Receiver {
public:
    static constexpr std::size_t kNotedMost = 1 << 20;

    // Before any thread is made. Every 64th signature is computed again with `secret`.
    explicit Receiver(const std::string& secret);

    std::uint16_t port() const { return port_of(listener_); }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port()) + "/hook"; }
    std::uint64_t received() const { return shared_->received; }
    std::uint64_t checked() const { return shared_->checked; }
    std::uint64_t unsigned_or_wrong() const { return shared_->wrong; }
    // When the message with this number in its id came first; 0: it did not.
    std::int64_t arrived_ns(std::uint64_t n) const { return shared_->arrived.at(n); }

private:
    struct Shared {
        std::atomic<std::uint64_t> received, checked, wrong;
        std::array<std::atomic<std::int64_t>, kNotedMost> arrived;
    };
    struct Unmap {
        void operator()(Shared* shared) const;
    };
    class Loop;

    Socket listener_ = listen_on_loopback();
    std::unique_ptr<Shared, Unmap> shared_;
    std::unique_ptr<Child> child_;
};

}  // namespace citybridge::bench
