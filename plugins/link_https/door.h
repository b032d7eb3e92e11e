#pragma once
// Where other cities' nodes come in: a listener and one thread for all their
// connections, whose number is bounded, each under a deadline in whatever state
// it is. No node code runs here but Host::take, which hands over at once.
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "core/api/link_figures.h"
#include "plugins/link_https/door_connection.h"
#include "plugins/link_https/round.h"

namespace citybridge::link_https {

class Door {
public:
    // `pins` must outlive it.
    Door(std::string city, DoorLimits limits, Context context, const Pins& pins, Take take, CityRefusals& refusals);
    ~Door();
    Door(const Door&) = delete;
    Door& operator=(const Door&) = delete;

    // Error "link_https.no_listener": the address cannot be listened at.
    Result<> open(const std::string& address, std::uint16_t port);
    // Closes everything; afterwards nothing is taken any more.
    void close();
    std::uint16_t port() const { return port_; }

private:
    struct Guest {
        std::uint64_t number = 0;
        std::unique_ptr<DoorConnection> connection;
        std::shared_ptr<Round> round;  // while it is `taking`
    };
    using Guests = std::list<Guest>;

    void loop();
    int wait_ms(MonoTime now) const;
    void accept_all(MonoTime now);
    void make_room();
    void go_on(Guest& guest, MonoTime now);
    void request(Guest& guest, MonoTime now);
    void finish_rounds(MonoTime now);
    void give_verdicts(Guest& guest, MonoTime now);
    void sweep(MonoTime now);
    void limit_city(const Guest& newcomer);

    const std::string city_;
    const DoorLimits limits_;
    const Context context_;
    const Pins& pins_;
    const Take take_;
    CityRefusals& refusals_;
    const std::shared_ptr<Finished> finished_ = std::make_shared<Finished>();
    std::atomic<bool> closing_{false};
    int listener_ = -1;
    std::uint16_t port_ = 0;

    // Door thread only; oldest first.
    Guests guests_;
    std::uint64_t last_number_ = 0;
    std::uint64_t last_round_ = 0;

    std::thread thread_;
};

}  // namespace citybridge::link_https
