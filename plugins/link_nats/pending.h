#pragma once
// Messages whose far receipt is awaited. Pure but for its lock: any thread.
#include <deque>
#include <mutex>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/api/city_message.h"

namespace citybridge::link_nats {

using Answer = std::pair<DeliveryDone, DeliveryReply>;

class Pending {
public:
    // How many receipts that came too late are remembered, for when their message is sent again.
    static constexpr std::size_t kRemembered = 8'192;

    // `id` is with its city: two cities may be told the same. False: its receipt is there already; `done` was not kept.
    bool add(const std::string& id, DeliveryDone done, MonoTime until);
    // Nobody waits for it (any more): remembered if it was received.
    std::optional<Answer> settle(const std::string& id, const CityVerdict& verdict);
    // It could not be sent.
    std::optional<Answer> failed(const std::string& id, std::string code, std::string detail);
    // No far city would take it.
    std::optional<Answer> refused(const std::string& id, std::string code, std::string detail);
    std::vector<Answer> expire(MonoTime now);

private:
    struct Wait {
        DeliveryDone done;
        MonoTime until;
    };
    std::optional<Answer> end(const std::string& id, CityAnswer how, std::string code, std::string detail);
    std::optional<DeliveryDone> take(const std::string& id);

    mutable std::mutex mutex_;
    std::unordered_map<std::string, Wait> waits_;  // guarded by mutex_
    std::unordered_set<std::string> received_;     // guarded by mutex_
    std::deque<std::string> received_in_order_;    // guarded by mutex_
};

}  // namespace citybridge::link_nats
