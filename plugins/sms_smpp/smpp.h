#pragma once
// The plugin: one session with one centre on the instance's lane.
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "core/api/plugin.h"
#include "plugins/sms_smpp/session.h"
#include "plugins/sms_smpp/settings.h"

namespace citybridge::sms_smpp {

class SmppPlugin final : public Plugin, public OutboundConnector {
public:
    explicit SmppPlugin(Host& host) : host_(host) {}

    static SettingsDoc settings() { return settings_doc(); }
    void configure(const RawSettings& settings, Problems& problems) override;
    Result<> start() override;
    void stop(Millis grace) override;
    Capabilities offers() override;

    DeliveryTraits delivery_traits() const override { return config_.traits; }
    void deliver(const OutboxRecord& message, DeliveryDone done) override;
    void find(const OutboxRecord& message, FindDone done) override;

private:
    struct Arrival {
        OutboxRecord message;
        DeliveryDone done;
    };

    void take_arrivals();
    std::vector<Arrival> arrivals();
    void connect();
    void act();
    void drop(const Error& why);
    void retire_link();
    void arm();

    Host& host_;
    Config config_;  // constant after configure()
    std::atomic<bool> stopped_{false};
    // Messages on their way to the lane: those that come together go out in one write.
    std::mutex mutex_;
    std::vector<Arrival> arrivals_;  // guarded by mutex_
    bool posted_ = false;            // guarded by mutex_: the lane will look
    // Lane thread only.
    std::optional<Session> session_;
    std::unique_ptr<Link> link_;
    std::unique_ptr<Link> retired_;
    std::uint64_t generation_ = 0;  // of the link whose callbacks count
    TimerId tick_timer_ = 0;
    TimerId connect_timer_ = 0;
    TimerId retire_timer_ = 0;
};

}  // namespace citybridge::sms_smpp
