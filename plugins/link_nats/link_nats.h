#pragma once
// The plugin: messages to other cities' nodes as destinations "<instance>.<city>"
// over this city's own nats-server.
#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <thread>

#include "core/api/city_destination.h"
#include "plugins/link_nats/mailbox.h"
#include "plugins/link_nats/postman.h"
#include "plugins/link_nats/streams.h"

namespace citybridge::link_nats {

class LinkNats final : public Plugin {
public:
    explicit LinkNats(Host& host) : host_(host), refusals_(host) {}
    ~LinkNats() override;

    static SettingsDoc settings() { return settings_doc(); }
    void configure(const RawSettings& settings, Problems& problems) override;
    Result<> start() override;
    void stop(Millis grace) override;
    Capabilities offers() override;

    const CityRefusals& refusals() const { return refusals_; }

private:
    void deliver(std::size_t peer, const OutboxRecord& message, DeliveryDone done);
    void answer(std::vector<Answer> answers);
    void keep_streams();
    bool wait(Millis time);

    Host& host_;
    CityRefusals refusals_;
    // Constant after configure().
    Config config_;
    std::deque<CityDestination> destinations_;
    // Between start() and stop().
    std::unique_ptr<Broker> broker_;
    std::shared_ptr<Postman> postman_;
    std::unique_ptr<Mailbox> mailbox_;
    std::thread keeper_;  // of the streams: it waits for servers, maybe beyond a cut line
    std::mutex mutex_;
    std::condition_variable changed_;
    std::atomic<bool> running_{false};
};

}  // namespace citybridge::link_nats
