#pragma once
// The plugin: messages to other cities' nodes as destinations "<instance>.<city>",
// and a door for theirs.
#include <atomic>
#include <deque>
#include <memory>

#include "core/api/city_destination.h"
#include "plugins/link_https/courier.h"
#include "plugins/link_https/door.h"
#include "plugins/link_https/settings.h"

namespace citybridge::link_https {

class LinkHttps final : public Plugin {
public:
    explicit LinkHttps(Host& host) : host_(host), refusals_(host) {}
    ~LinkHttps() override;

    static SettingsDoc settings() { return settings_doc(); }
    void configure(const RawSettings& settings, Problems& problems) override;
    Result<> start() override;
    void stop(Millis grace) override;
    Capabilities offers() override;

    const CityRefusals& refusals() const { return refusals_; }

private:
    void deliver(std::size_t peer, const OutboxRecord& message, DeliveryDone done);
    void watch_certificate();

    Host& host_;
    CityRefusals refusals_;
    // Constant after configure().
    Config config_;
    Pins pins_;
    std::deque<CityDestination> destinations_;
    // Between start() and stop().
    std::unique_ptr<Identity> identity_;
    std::unique_ptr<Courier> courier_;
    std::unique_ptr<Door> door_;
    std::mutex mutex_;  // held while a message is handed over, so that stop() can wait for it
    std::atomic<bool> running_{false};
};

}  // namespace citybridge::link_https
