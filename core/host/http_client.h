#pragma once
// One plugin instance's HttpClient: which origins it may reach, its requests
// under way, and their completions on the instance's lane.
//
// Threads: allow(), send(), close() on the lane; end() on any other. One I/O
// thread (HttpWorker), made with the first request. Bounds: kMaxRequests under
// way or waiting, then "http.busy"; HttpWorker::kMaxPerOrigin at once per origin.
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/api/http.h"
#include "core/api/link.h"
#include "core/host/http_origin.h"
#include "core/host/http_worker.h"

namespace citybridge {

class HostHttpClient final : public HttpClient {
public:
    static constexpr std::size_t kMaxRequests = 4'096;

    // The lane's tasks must end before this object does.
    HostHttpClient(std::string instance, Lane& lane, std::vector<std::string> node_allows);
    ~HostHttpClient();
    HostHttpClient(const HostHttpClient&) = delete;
    HostHttpClient& operator=(const HostHttpClient&) = delete;

    bool allow(std::string_view url) override;
    void send(HttpOutgoing request, std::function<void(HttpOutcome)> done) override;

    // From here on no completion is called and no request is taken; what they hold is let go here.
    void close();
    // Ends the I/O thread and with it all connections. May be repeated.
    void end();

private:
    using Done = std::function<void(HttpOutcome)>;

    void refuse(Done done, std::string code, std::string detail);
    bool hand_over(HttpJob job);
    void complete();

    const std::string instance_;
    Lane& lane_;
    const std::vector<std::string> node_allows_;

    // Lane only.
    std::set<HttpOrigin> origins_;
    std::unordered_map<std::uint64_t, Done> under_way_;
    std::uint64_t next_ticket_ = 1;
    bool closed_ = false;

    std::mutex mutex_;                    // never taken by the I/O thread, which end() waits for
    bool ended_ = false;                  // guarded by mutex_
    std::unique_ptr<HttpWorker> worker_;  // guarded by mutex_; made once
};

}  // namespace citybridge
