#pragma once
// What lies between the cities: a hub and each city's own server, real
// nats-servers on this machine with the shipped configuration, and now and then
// a trouble: the line of a city is cut, the hub is killed.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/api/result.h"
#include "core/api/time.h"
#include "tests/contract/city_link/nats_servers.h"

namespace citybridge::demo {

class CityNet {
public:
    // Error "demo.nats": nats-server or openssl is missing, or does not start.
    static Result<std::unique_ptr<CityNet>> start(const std::vector<std::string>& cities, MonoTime now);

    // What link_nats of `city` is configured with.
    std::map<std::string, std::string> link_settings(const std::string& city) const;
    // Makes or ends a trouble when its time has come, and says which; empty: nothing happened. Error "demo.nats".
    Result<std::string> turn(MonoTime now);
    // Ends the trouble there is.
    Result<std::string> heal();

private:
    enum class Trouble { none, line_cut, hub_killed };

    CityNet(const std::vector<std::string>& cities, MonoTime now);
    std::string next_trouble();

    const std::vector<std::string> cities_;
    test::NatsServers servers_;
    Trouble trouble_ = Trouble::none;
    std::size_t made_ = 0;  // troubles
    std::string cut_;       // whose line
    MonoTime next_;
};

}  // namespace citybridge::demo
