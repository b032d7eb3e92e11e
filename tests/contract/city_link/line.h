#pragma once
// A line between two places on this machine that can be cut, made silent, or
// made to alter what it carries. Everything ends with the object.
#include <atomic>
#include <cstdint>
#include <list>
#include <mutex>
#include <thread>

namespace citybridge::test {

class Line {
public:
    enum class Mode {
        open,
        cut,      // connections are closed, and new ones at once
        silent,   // nothing passes, nothing is closed
        altering  // one byte in each hundred is another one
    };
    explicit Line(std::uint16_t far_port);
    ~Line();
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

    std::uint16_t port() const { return port_; }
    void set(Mode mode);

private:
    struct Pair {
        int near = -1;
        int far = -1;
        std::atomic<bool> over{false};
        std::thread thread;
    };
    void accept_loop();
    void carry(Pair& pair);
    bool pass(int from, int to);

    const std::uint16_t far_port_;
    std::uint16_t port_ = 0;
    int listener_ = -1;
    std::atomic<Mode> mode_{Mode::open};
    std::atomic<unsigned> cuts_{0};
    std::atomic<bool> stopping_{false};
    std::mutex mutex_;
    std::list<Pair> pairs_;  // guarded by mutex_
    std::thread acceptor_;
};

}  // namespace citybridge::test
