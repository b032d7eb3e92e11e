#pragma once
// A few threads and one bounded queue. Each kind of work has its own pool, so
// that slow kinds (passwords) hold back only themselves.
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace citybridge::gateway {

class WorkerPool {
public:
    WorkerPool(std::size_t threads, std::size_t queue);
    ~WorkerPool() { stop(); }
    // False: the queue is full or the pool is stopped, and `task` will not run. Tasks must not throw.
    bool post(std::function<void()> task);
    // Waits for what is running and drops what is only queued. Idempotent.
    void stop();

private:
    void run();

    const std::size_t bound_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> queue_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace citybridge::gateway
