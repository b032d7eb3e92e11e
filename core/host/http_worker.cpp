#include "core/host/http_worker.h"

#include <pthread.h>

#include <algorithm>
#include <iterator>

#include "core/api/quiet_thread.h"

namespace citybridge {
namespace {

constexpr Millis kLongestWait{60'000};
constexpr Millis kExpireEvery{100};  // how exactly a request that waits for its turn meets its time-out
constexpr Millis kTellAgain{5};

}  // namespace

HttpWorker::HttpWorker(const std::string& name, std::function<bool()> tell)
    : tell_(std::move(tell)), multi_(kKeptConnections) {
    thread_ = quiet_thread("http " + name, [this] { loop(); });
}

HttpWorker::~HttpWorker() { stop(); }

void HttpWorker::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    multi_.wake();
    if (thread_.joinable()) thread_.join();
}

void HttpWorker::submit(HttpJob job) {
    {
        const std::lock_guard lock(mutex_);
        submitted_.push_back(std::move(job));
        if (submitted_.size() > 1) return;  // somebody before us has woken it
    }
    multi_.wake();
}

std::vector<HttpFinished> HttpWorker::take() {
    const std::lock_guard lock(mutex_);
    told_ = false;
    return std::exchange(finished_, {});
}

void HttpWorker::loop() {
    while (accept_jobs()) {
        multi_.run(wait_limit());
        collect();
        expire_waiting();
        publish();
    }
    for (const auto& [exchange, owner] : active_) multi_.remove(exchange->handle());
    active_.clear();
}

bool HttpWorker::accept_jobs() {
    std::vector<HttpJob> jobs;
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return false;
        jobs.swap(submitted_);
    }
    for (HttpJob& job : jobs) {
        Queue& queue = queues_[job.origin];
        queue.waiting.push_back(std::move(job));
        ++waiting_;
        start_jobs(queue);
    }
    return true;
}

void HttpWorker::start_jobs(Queue& queue) {
    while (queue.active < kMaxPerOrigin && !queue.waiting.empty()) {
        HttpJob job = std::move(queue.waiting.front());
        queue.waiting.pop_front();
        --waiting_;
        ++queue.active;
        start(std::move(job));
    }
}

void HttpWorker::start(HttpJob job) {
    std::unique_ptr<HttpExchange> exchange;
    if (idle_.empty()) {
        exchange = std::make_unique<HttpExchange>();
    } else {
        exchange = std::move(idle_.back());
        idle_.pop_back();
    }
    const Millis left = job.due - system_now().mono;
    if (exchange->begin(std::move(job), left) && multi_.add(exchange->handle())) {
        HttpExchange* const key = exchange.get();
        active_.emplace(key, std::move(exchange));
        return;
    }
    --queues_[exchange->origin()].active;
    ended_.push_back(exchange->finish(CURLE_FAILED_INIT));
    idle_.push_back(std::move(exchange));
}

void HttpWorker::collect() {
    while (const auto done = multi_.next_done()) {
        const auto found = active_.find(HttpExchange::of(done->handle));
        std::unique_ptr<HttpExchange> exchange = std::move(found->second);
        active_.erase(found);
        // Its connection goes back to the kept ones before anybody else of this origin looks for one.
        multi_.remove(exchange->handle());
        ended_.push_back(exchange->finish(done->result));
        Queue& queue = queues_[exchange->origin()];
        --queue.active;
        idle_.push_back(std::move(exchange));
        start_jobs(queue);
    }
}

// A request may wait longer for its turn than it has time at all.
void HttpWorker::expire_waiting() {
    if (waiting_ == 0) return;
    const MonoTime now = system_now().mono;
    if (now < expire_at_) return;
    expire_at_ = now + kExpireEvery;
    for (auto& [origin, queue] : queues_) {
        const auto late = std::stable_partition(queue.waiting.begin(), queue.waiting.end(),
                                                [&](const HttpJob& job) { return job.due > now; });
        for (auto job = late; job != queue.waiting.end(); ++job) {
            HttpOutcome outcome;
            outcome.progress = HttpProgress::not_sent;
            outcome.code = "http.busy";
            outcome.detail =
                to_string(origin) + ": all connections were busy until the time was over; nothing was sent";
            ended_.push_back({job->ticket, std::move(outcome)});
            --waiting_;
        }
        queue.waiting.erase(late, queue.waiting.end());
    }
}

void HttpWorker::publish() {
    if (ended_.empty() && !untold_) return;
    bool tell = false;
    {
        const std::lock_guard lock(mutex_);
        std::move(ended_.begin(), ended_.end(), std::back_inserter(finished_));
        tell = !finished_.empty() && !told_;
        told_ = told_ || tell;
    }
    ended_.clear();
    // The lane may be full: then it is asked again, because nobody else would.
    untold_ = tell && !tell_();
    if (!untold_) return;
    const std::lock_guard lock(mutex_);
    told_ = false;
}

Millis HttpWorker::wait_limit() const {
    if (untold_) return kTellAgain;
    if (!ended_.empty()) return Millis(0);  // of a request that could not even be begun
    return waiting_ > 0 ? kExpireEvery : kLongestWait;
}

}  // namespace citybridge
