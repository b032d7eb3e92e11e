#pragma once
#include <vector>

#include "core/gateway/roles.h"
#include "core/host/config_file.h"

namespace citybridge {

// The users of the configuration file as the gateway takes them.
std::vector<User> users_of(const NodeConfig& config);

}  // namespace citybridge
