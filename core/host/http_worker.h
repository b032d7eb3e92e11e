#pragma once
// The I/O thread of one plugin instance's HTTP requests, made with its first
// request. A queue per origin: kMaxPerOrigin exchanges at once, each on a
// kept-alive connection, the rest waits; a silent origin holds back only its
// own. The number of requests is bounded by who submits (HostHttpClient).
// No plugin code runs here.
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "core/host/http_exchange.h"
#include "core/host/http_multi.h"

namespace citybridge {

class HttpWorker {
public:
    static constexpr std::size_t kMaxPerOrigin = 256;
    static constexpr long kKeptConnections = 512;

    // `tell` is called on the I/O thread when there is something to take(); false: it is called again soon.
    // Throws std::system_error: no thread or descriptor left.
    HttpWorker(const std::string& name, std::function<bool()> tell);
    ~HttpWorker();
    HttpWorker(const HttpWorker&) = delete;
    HttpWorker& operator=(const HttpWorker&) = delete;

    // Any thread.
    void submit(HttpJob job);
    std::vector<HttpFinished> take();
    // Not the I/O thread. Closes all connections and ends the thread; nothing is told afterwards.
    void stop();

private:
    struct Queue {
        std::size_t active = 0;
        std::deque<HttpJob> waiting;
    };

    void loop();
    bool accept_jobs();  // false: stop
    void start_jobs(Queue& queue);
    void start(HttpJob job);
    void expire_waiting();
    void collect();
    void publish();
    Millis wait_limit() const;

    const std::function<bool()> tell_;
    HttpMulti multi_;

    std::mutex mutex_;
    std::vector<HttpJob> submitted_;      // guarded by mutex_
    std::vector<HttpFinished> finished_;  // guarded by mutex_
    bool told_ = false;                   // guarded by mutex_: a take() is on its way
    bool stopping_ = false;               // guarded by mutex_

    // I/O thread only.
    std::map<HttpOrigin, Queue> queues_;
    std::size_t waiting_ = 0;
    MonoTime expire_at_{};
    std::vector<HttpFinished> ended_;
    bool untold_ = false;
    std::vector<std::unique_ptr<HttpExchange>> idle_;
    std::unordered_map<HttpExchange*, std::unique_ptr<HttpExchange>> active_;

    std::thread thread_;
};

}  // namespace citybridge
