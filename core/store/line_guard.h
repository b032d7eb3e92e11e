#pragma once
// Ends a wait for a PostgreSQL that is silent while its kernel still answers: a
// stopped process, a hanging disk. Its own time-outs do not run then, and libpq
// waits for ever. Past the limit the socket is shut, and the wait ends with a
// broken connection.
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "core/api/time.h"

namespace citybridge::store {

class LineGuard {
public:
    explicit LineGuard(Millis limit);
    LineGuard(const LineGuard&) = delete;
    LineGuard& operator=(const LineGuard&) = delete;
    ~LineGuard();

    // Around each exchange with the server; `socket` stays open in between.
    void watch(int socket);
    void done();

    class Scope {
    public:
        Scope(LineGuard* guard, int socket) : guard_(guard) {
            if (guard_) guard_->watch(socket);
        }
        Scope(const Scope&) = delete;
        Scope& operator=(const Scope&) = delete;
        ~Scope() {
            if (guard_) guard_->done();
        }

    private:
        LineGuard* guard_;
    };

private:
    void run();

    const Millis limit_;
    std::mutex mutex_;  // also held while the socket is shut: it cannot be closed and its number reused meanwhile
    std::condition_variable changed_;
    int socket_ = -1;
    std::chrono::steady_clock::time_point until_;
    bool stopping_ = false;
    std::thread thread_;  // last: it uses all above
};

}  // namespace citybridge::store
