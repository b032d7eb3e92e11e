#pragma once
// One request's messages on their way into the node: the door hands them over
// and goes on; the node's answers come one by one, on the plugin's lane.
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "plugins/link_https/batch.h"

namespace citybridge::link_https {

using Take = std::function<void(InboundMessage, std::function<void(Result<>)>)>;

// Rounds that are answered in full, waiting for the door's thread. Any thread.
class Finished {
public:
    Finished();  // throws std::system_error: no descriptor left
    ~Finished();
    Finished(const Finished&) = delete;
    Finished& operator=(const Finished&) = delete;

    void add(std::uint64_t round);
    void wake();
    int descriptor() const { return event_; }  // readable when there is something to take()
    std::vector<std::uint64_t> take();

private:
    const int event_;
    std::mutex mutex_;
    std::vector<std::uint64_t> rounds_;  // guarded by mutex_
};

// Outlives the door if the node answers later than anybody waits.
class Round : public std::enable_shared_from_this<Round> {
public:
    Round(std::uint64_t number, std::vector<Arrival> arrivals, std::shared_ptr<Finished> finished);

    // Once. Messages of one request go to the node in its order.
    void begin(const Take& take);
    std::uint64_t number() const { return number_; }
    // What is known by now; a message without an answer is "not now".
    std::vector<CityVerdict> verdicts() const;

private:
    void answered(std::size_t which, const Result<>& result);

    const std::uint64_t number_;
    const std::shared_ptr<Finished> finished_;
    std::vector<std::pair<std::size_t, InboundMessage>> messages_;  // until begin()
    mutable std::mutex mutex_;
    std::vector<CityVerdict> verdicts_;  // guarded by mutex_
    std::size_t open_ = 0;               // guarded by mutex_
};

}  // namespace citybridge::link_https
