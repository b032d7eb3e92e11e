#pragma once
// Looks after on-line transfers between cities (core/relay/city_transfer.h). At
// the origin: the hotline has answered, so the customer goes over; it has not,
// so his agent has him again and is told. At the target: the call that another
// city announced is found among those that come, and its pop says so. One
// thread of its own, because it waits for both strands; on the live strand it
// only takes notes, and none while there is no transfer.
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "core/api/events.h"
#include "core/gateway/durable_port.h"
#include "core/gateway/live_port.h"
#include "core/node/transfer_watch.h"

namespace citybridge {

class CityTransfers {
public:
    // `show_again`: an offer whose pop is to be looked up once more.
    using ShowAgain = std::function<void(const EventPtr&)>;
    CityTransfers(LivePort& live, DurablePort& durable, ShowAgain show_again);
    ~CityTransfers() { stop(); }
    CityTransfers(const CityTransfers&) = delete;
    CityTransfers& operator=(const CityTransfers&) = delete;

    // Takes up what the process of before left. Code "store.*".
    Result<> start();
    void stop();  // idempotent
    // The live strand's listener. Does not block.
    void heard(const EventPtr& event);
    // Any thread. The transfer that this contact is, as JSON; null: none is known.
    nlohmann::ordered_json of_contact(const Contact& contact) const;

private:
    void run();
    void take(const Event& event);
    void changed(const std::string& id);
    void look_at(const ContactPtr& contact);
    void look_around();
    void carry_out(const TransferWatch::Wish& wish);
    void show_pop(const ContactPtr& contact);
    void remember(const relay::CityTransfer& transfer);

    LivePort& live_;
    DurablePort& durable_;
    const ShowAgain show_again_;
    TransferWatch watch_;  // the thread's

    mutable std::mutex mutex_;
    std::condition_variable waiting_;
    std::deque<EventPtr> queue_;                                // guarded by mutex_
    std::map<std::string, nlohmann::ordered_json> by_contact_;  // guarded by mutex_: of those that came here
    std::deque<std::string> remembered_;                        // guarded by mutex_: the oldest first
    bool stopping_ = false;                                     // guarded by mutex_
    std::atomic<bool> busy_{false};
    std::thread thread_;
};

}  // namespace citybridge
