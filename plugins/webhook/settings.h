#pragma once
// The settings table, and what it means: a destination, a door for messages, or both.
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/api/capabilities.h"
#include "core/api/settings.h"
#include "plugins/webhook/signing.h"

namespace citybridge::webhook {

struct Destination {
    std::string url;
    std::string ca_file;
    Millis timeout{0};
    std::vector<SigningKey> keys;  // the current secret first, then the old one, if any
    DeliveryTraits traits;
};

struct Door {
    std::vector<SigningKey> keys;
    std::chrono::seconds tolerance{0};
};

struct Config {
    std::optional<Destination> destination;  // with `url`
    std::optional<Door> door;                // with `receive_secret`
};

SettingsDoc settings_doc();

// Problems are appended with their places; on any, the result is not to be used.
Config read_config(const RawSettings& raw, Problems& problems);

}  // namespace citybridge::webhook
