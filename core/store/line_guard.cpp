#include "core/store/line_guard.h"

#include <sys/socket.h>

namespace citybridge::store {

LineGuard::LineGuard(Millis limit) : limit_(limit), thread_([this] { run(); }) {}

LineGuard::~LineGuard() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void LineGuard::watch(int socket) {
    const std::lock_guard lock(mutex_);
    socket_ = socket;
    until_ = std::chrono::steady_clock::now() + limit_;
}

void LineGuard::done() {
    const std::lock_guard lock(mutex_);
    socket_ = -1;
}

// Looks a few times within the limit instead of being woken for each statement: that would cost more than they do.
void LineGuard::run() {
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, limit_ / 8 + Millis{1}, [&] { return stopping_; })) {
        if (socket_ < 0 || std::chrono::steady_clock::now() < until_) continue;
        ::shutdown(socket_, SHUT_RDWR);
        socket_ = -1;
    }
}

}  // namespace citybridge::store
