#include "core/host/http_client.h"

#include <exception>
#include <new>
#include <system_error>

namespace citybridge {

HostHttpClient::HostHttpClient(std::string instance, Lane& lane, std::vector<std::string> node_allows)
    : instance_(std::move(instance)), lane_(lane), node_allows_(std::move(node_allows)) {}

HostHttpClient::~HostHttpClient() { end(); }

bool HostHttpClient::allow(std::string_view url) {
    auto origin = origin_of(url);
    if (!origin || !on_allow_list(*origin, node_allows_)) return false;
    origins_.insert(std::move(*origin));
    return true;
}

void HostHttpClient::send(HttpOutgoing request, Done done) {
    if (closed_) return;
    auto origin = origin_of(request.url);
    if (!origin || !origins_.contains(*origin))
        return refuse(std::move(done), "http.refused_origin",
                      (origin ? to_string(*origin) : std::string("this url")) + " is no declared destination");
    if (auto fault = request_fault(request); !fault.empty())
        return refuse(std::move(done), "http.bad_request", std::move(fault));
    if (under_way_.size() >= kMaxRequests)
        return refuse(std::move(done), "http.busy",
                      std::to_string(kMaxRequests) + " requests of this instance are under way already");
    const std::uint64_t ticket = next_ticket_++;
    const MonoTime due = lane_.now().mono + request.timeout;
    if (!hand_over({ticket, std::move(*origin), std::move(request), due}))
        return refuse(std::move(done), "http.busy", "no thread or descriptor is left for a request");
    under_way_.emplace(ticket, std::move(done));
}

// By a timer, because done must not be called from within send(), and a posted task may find the lane full.
void HostHttpClient::refuse(Done done, std::string code, std::string detail) {
    HttpOutcome outcome;
    outcome.progress = HttpProgress::not_sent;
    outcome.code = std::move(code);
    outcome.detail = std::move(detail);
    lane_.after(Millis(0), [this, done = std::move(done), outcome = std::move(outcome)]() mutable {
        if (!closed_) done(std::move(outcome));
    });
}

bool HostHttpClient::hand_over(HttpJob job) {
    const std::lock_guard lock(mutex_);
    if (ended_) return true;  // stopping: never heard of again, as the contract says
    try {
        if (!worker_)
            worker_ = std::make_unique<HttpWorker>(instance_, [this] { return lane_.post([this] { complete(); }); });
    } catch (const std::system_error&) {
        return false;
    }
    worker_->submit(std::move(job));
    return true;
}

void HostHttpClient::complete() {
    if (closed_) return;
    std::exception_ptr first;
    // The worker is made before anything can be told, and lives until the lane's tasks have ended.
    for (HttpFinished& finished : worker_->take()) {
        const auto found = under_way_.find(finished.ticket);
        if (found == under_way_.end()) continue;
        const Done done = std::move(found->second);
        under_way_.erase(found);
        // One that throws must not cost the others their answer.
        try {
            if (!closed_) done(std::move(finished.outcome));
        } catch (...) {
            if (!first) first = std::current_exception();
        }
    }
    if (first) std::rethrow_exception(first);
}

void HostHttpClient::close() {
    closed_ = true;
    const auto dropped = std::exchange(under_way_, {});
}

void HostHttpClient::end() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    if (worker_) worker_->stop();
}

}  // namespace citybridge
