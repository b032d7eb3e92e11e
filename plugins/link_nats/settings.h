#pragma once
// The settings table, and what it means: this city's broker and the cities behind it.
#include <string>
#include <vector>

#include "core/api/capabilities.h"
#include "core/api/settings.h"
#include "plugins/link_nats/keys.h"

namespace citybridge::link_nats {

struct Peer {
    std::string city;
    std::vector<PublicKey> keys;
};

struct BrokerSettings {
    std::string url;  // of this city's own nats-server
    std::string user;
    std::string password;
    std::string hub_domain;
    std::chrono::hours keep{0};
    std::int64_t most_bytes = 0;
};

struct Config {
    std::vector<Peer> peers;
    std::string key;  // file
    BrokerSettings broker;
    Millis receipt_timeout{0};
    DeliveryTraits traits;
};

SettingsDoc settings_doc();

// Problems are appended with their places; on any, the result is not to be used.
Config read_config(const RawSettings& raw, Problems& problems);

}  // namespace citybridge::link_nats
