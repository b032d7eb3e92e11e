#pragma once
// A lane on real time and real sockets: one thread that waits in epoll and runs
// one thing after the other: host steps, timers, posted tasks, link callbacks.
// An exception that leaves any of them is caught here, told to
// LaneOptions::on_exception, and the lane goes on.
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "core/api/link.h"
#include "core/host/timer_queue.h"
#include "core/host/wait_set.h"

namespace citybridge {

class LaneConnection;
class Resolver;

struct LaneOptions {
    std::string name{};  // shown as the thread's name (15 characters)
    std::size_t max_tasks = 16'384;
    std::size_t max_timers = 100'000;
    // On the lane's thread; must not throw.
    std::function<void(std::string_view what)> on_exception{};
};

class HostLane final : public Lane, public std::enable_shared_from_this<HostLane> {
public:
    // The thread keeps the lane alive until it has ended, so that an abandoned
    // one never touches freed memory. Throws std::system_error: no thread or descriptor left.
    static std::shared_ptr<HostLane> start(LaneOptions options);
    ~HostLane();
    HostLane(const HostLane&) = delete;
    HostLane& operator=(const HostLane&) = delete;

    Now now() const override { return system_now(); }
    bool post(std::function<void()> task) override;
    // Off the lane's thread these three throw std::logic_error. After quiesce()
    // timers and connects are taken and never heard of again.
    TimerId after(Millis delay, std::function<void()> task) override;
    void cancel(TimerId timer) override;
    std::unique_ptr<Link> connect(const LinkOptions& options, LinkCallbacks callbacks) override;

    // Host only, from any other thread. Runs `step` ahead of posted tasks, also
    // when the queue is full or the lane is quiet. False: it did not return
    // within the time-out. It then may still be running and must own all it
    // touches; one that had not begun never begins.
    bool run(std::function<void()> step, Millis timeout);

    // Host only, lane thread: from here on no task, timer or link callback
    // runs; links are closed without a callback.
    void quiesce();

    // Host only, from any other thread: ends the thread. False: it did not come
    // back within the grace and was left to itself.
    bool finish(Millis grace);

private:
    friend class LaneConnection;
    struct Step;

    explicit HostLane(LaneOptions options);
    void loop();
    void run_steps();
    void run_timers();
    void run_tasks();
    void run_links();
    int wait_ms();
    void told(std::string_view what);
    void check_thread(const char* what) const;
    Result<> lookup(std::uint64_t connection, const std::string& host, std::uint16_t port);
    std::shared_ptr<LaneConnection> forget(std::uint64_t connection);

    // Runs plugin code: not at all when quiet, and no exception leaves it.
    template <class Callback>
    void guarded(const Callback& callback) {
        if (!quiet_) contained(callback);
    }
    template <class Callback>
    void contained(const Callback& callback) {
        try {
            callback();
        } catch (const std::exception& e) {
            told(e.what());
        } catch (...) {
            told("an exception that is no std::exception");
        }
    }

    LaneOptions options_;
    WaitSet waits_;
    std::unique_ptr<Resolver> resolver_;

    std::mutex mutex_;
    std::condition_variable changed_;           // a step or the thread has ended
    std::vector<std::function<void()>> tasks_;  // guarded by mutex_
    std::deque<std::shared_ptr<Step>> steps_;   // guarded by mutex_
    bool closed_ = false;                       // guarded by mutex_: no more posts
    bool ending_ = false;                       // guarded by mutex_
    bool ended_ = false;                        // guarded by mutex_

    // Lane thread only.
    bool quiet_ = false;
    TimerQueue timers_;
    std::uint64_t next_connection_ = 1;
    std::unordered_map<std::uint64_t, std::shared_ptr<LaneConnection>> connections_;
    std::vector<char> read_buffer_;
    std::vector<std::function<void()>> running_tasks_;

    std::thread thread_;
    std::atomic<std::thread::id> thread_id_;
};

}  // namespace citybridge
