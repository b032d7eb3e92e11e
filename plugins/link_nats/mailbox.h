#pragma once
// What arrives for this city: pulled from the leaf by one thread, checked, and
// handed to the node or, if it is a receipt, to whoever waits for it.
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "core/api/link_figures.h"
#include "core/api/plugin.h"
#include "plugins/link_nats/broker.h"
#include "plugins/link_nats/postman.h"

namespace citybridge::link_nats {

using Take = std::function<void(InboundMessage, std::function<void(Result<>)>)>;

class Mailbox {
public:
    // `postman` may be called by answers of the node after stop(): it is kept alive by them.
    Mailbox(std::string city, const std::vector<Peer>& peers, Take take, std::shared_ptr<Postman> postman,
            CityRefusals& refusals);
    ~Mailbox();
    Mailbox(const Mailbox&) = delete;
    Mailbox& operator=(const Mailbox&) = delete;

    // Throws std::system_error: no thread left.
    void start(Broker& broker);
    // The broker is closed before, so that no pull waits.
    void stop();

private:
    void loop();
    void subscribe();
    void pause();
    void received(natsMsg* message);
    void letters(const Peer& from, natsMsg* message, std::string_view payload);
    void receipt(const Peer& from, std::string_view payload);
    void refuse(natsMsg* message, std::string_view city, std::string_view code, const std::string& text);

    const std::string city_;
    const std::vector<Peer>& peers_;
    const Take take_;
    const std::shared_ptr<Postman> postman_;
    CityRefusals& refusals_;
    Broker* broker_ = nullptr;
    Nats<natsSubscription> subscription_;  // mailbox thread only
    std::mutex mutex_;
    std::condition_variable changed_;
    std::atomic<bool> stopping_{false};  // set under mutex_
    std::thread thread_;
};

}  // namespace citybridge::link_nats
