#pragma once
// Looks up who is calling while the pop is on the screen already: customer, his
// last contacts, his open orders and callbacks of other cities, and what another city said when it transferred him, as
// offer.details under the same offer. One
// thread of its own, because a pop never waits for a disk; a bounded queue,
// because details that come after the call are of no use.
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "core/api/events.h"
#include "core/store/reader.h"

namespace citybridge {

class OfferDetails {
public:
    using Publish = std::function<void(OfferChanged)>;
    // How an order is shown to whoever is offered the call; empty: as it is in the store.
    using Show = std::function<nlohmann::ordered_json(const OrderRecord&, const std::vector<DeadlineRecord>&)>;
    // The on-line transfer from another city that this contact is, as JSON; null: it is none.
    using Transferred = std::function<nlohmann::ordered_json(const Contact&)>;
    OfferDetails(store::Readers& readers, Publish publish, Show show = {}, Transferred transferred = {});
    ~OfferDetails() { stop(); }
    OfferDetails(const OfferDetails&) = delete;
    OfferDetails& operator=(const OfferDetails&) = delete;

    void start();
    void stop();  // idempotent
    // The live strand's listener. Does not block.
    void heard(const EventPtr& event);

private:
    void run();
    std::string look_up(const Contact& contact) const;
    Result<nlohmann::ordered_json> orders_of(const std::string& customer) const;

    store::Readers& readers_;
    const Publish publish_;
    const Show show_;
    const Transferred transferred_;
    std::mutex mutex_;
    std::condition_variable waiting_;
    std::deque<EventPtr> queue_;  // guarded by mutex_
    bool stopping_ = false;       // guarded by mutex_
    std::thread thread_;
};

}  // namespace citybridge
