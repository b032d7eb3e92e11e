#pragma once
// Host names to addresses without making the lane wait: the system's resolver
// blocks for as long as it likes, so each lookup has a thread of its own and
// their number is bounded. Who asked goes on after his time-out and simply
// does not hear the late answer.
#include <Poco/Net/SocketAddress.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/api/result.h"

namespace citybridge {

using Addresses = std::vector<Poco::Net::SocketAddress>;

// "127.0.0.1", "::1": no lookup needed. Nothing for a name.
std::optional<Poco::Net::SocketAddress> numeric_address(const std::string& host, std::uint16_t port);

class Resolver {
public:
    static constexpr int kMaxLookups = 4;

    // Any thread. `done` is called once, on the lookup's thread. Error
    // "link.resolve": no such name, or too many lookups hang already (then
    // returned here and `done` is never called).
    Result<> lookup(std::string host, std::uint16_t port, std::function<void(Result<Addresses>)> done);

private:
    // Shared with the threads: they may outlive the lane.
    std::shared_ptr<std::atomic<int>> running_ = std::make_shared<std::atomic<int>>(0);
};

}  // namespace citybridge
