#pragma once
#include <map>
#include <string>

#include "tests/contract/city_link/nats_servers.h"

namespace citybridge::test {

// What the plugin of `city` is configured with, its own server being the one of these.
inline std::map<std::string, std::string> nats_settings(const NatsServers& servers, const std::string& city) {
    return {{"url", "nats://127.0.0.1:" + std::to_string(servers.leaf_port(city))},
            {"user", "node"},
            {"password", servers.text(city + "/node-password")},
            {"key", servers.folder(city + "/city-key.pem")},
            {"peers", servers.peers_of(city)},
            {"receipt_timeout_s", "2"}};
}

}  // namespace citybridge::test
