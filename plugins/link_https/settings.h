#pragma once
// The settings table, and what it means: this city's door and the cities it speaks with.
#include <cstdint>
#include <string>
#include <vector>

#include "core/api/capabilities.h"
#include "core/api/settings.h"
#include "plugins/link_https/certificates.h"

namespace citybridge::link_https {

struct Peer {
    std::string city;
    std::string url;  // without path: "https://host:port"
    std::vector<Fingerprint> pins;
};

struct DoorLimits {
    std::size_t connections = 64;           // at once, all cities and strangers
    std::size_t connections_of_a_city = 8;  // at once
    Millis handshake{5'000};                // from the connection to both certificates
    Millis request{30'000};                 // from the first byte of a request to its last, and for writing the answer
    Millis idle{90'000};                    // between two requests
    Millis take{30'000};                    // what the node has not taken by then is "not now"
    std::size_t head_bytes = 8U << 10U;
    std::size_t body_bytes = 4U << 20U;
};

struct CourierLimits {
    Millis connect{5'000};
    Millis exchange{45'000};
    std::size_t requests = 4;          // to one city at once
    std::size_t batch_messages = 256;  // in one request
    std::size_t batch_bytes = 1U << 20U;
};

struct Config {
    std::vector<Peer> peers;
    std::string certificate;  // files, PEM
    std::string key;
    std::string address;
    std::uint16_t port = 0;
    DoorLimits door;
    CourierLimits courier;
    DeliveryTraits traits;
};

SettingsDoc settings_doc();

// Problems are appended with their places; on any, the result is not to be used.
Config read_config(const RawSettings& raw, Problems& problems);

}  // namespace citybridge::link_https
