#pragma once
// What goes to other cities: one thread with libcurl, for each city a queue and
// a few requests at once. While requests are on their way messages gather and
// go together with the next one; a silent city holds back only its own.
#include <curl/curl.h>

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "plugins/link_https/exchange.h"

namespace citybridge::link_https {

using Answers = std::vector<std::pair<DeliveryDone, DeliveryReply>>;

class Courier {
public:
    // `answered` is called on the courier's thread and must not block; false: it is called again soon with the same.
    // `identity` must outlive it. Throws std::system_error, std::bad_alloc.
    Courier(std::string city, const std::vector<Peer>& peers, CourierLimits limits, const Identity& identity,
            std::function<bool(std::shared_ptr<Answers>)> answered);
    ~Courier();
    Courier(const Courier&) = delete;
    Courier& operator=(const Courier&) = delete;

    // Any thread. How many may wait is bounded by who submits: the relay has a window.
    void submit(std::size_t peer, Parcel parcel);
    // Closes the connections and ends the thread; nothing is answered afterwards.
    void stop();

private:
    struct City {
        std::string name;
        std::string url;
        Pins pins;
        std::deque<Parcel> waiting;
        std::size_t on_the_way = 0;
    };

    void loop();
    void accept();
    void start_requests(std::size_t peer);
    void start(std::size_t peer, std::vector<Parcel> parcels);
    void collect();
    void end(std::unique_ptr<Exchange> exchange, CURLcode result);
    void answer(DeliveryDone done, DeliveryReply reply);
    void tell();

    const std::string city_;
    const CourierLimits limits_;
    const Identity& identity_;
    const std::function<bool(std::shared_ptr<Answers>)> answered_;
    CURLM* const multi_;

    std::mutex mutex_;
    std::vector<std::pair<std::size_t, Parcel>> submitted_;  // guarded by mutex_
    std::atomic<bool> stopping_{false};

    // Courier thread only.
    std::deque<City> cities_;
    std::unordered_map<Exchange*, std::unique_ptr<Exchange>> active_;
    std::vector<std::unique_ptr<Exchange>> idle_;
    std::shared_ptr<Answers> untold_;

    std::thread thread_;
};

}  // namespace citybridge::link_https
