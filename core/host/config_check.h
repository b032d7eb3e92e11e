#pragma once
// The plugins of a configuration judged as `citybridged --check` does it,
// before anything starts: every instance's settings against its library's
// table, and by its own configure().
#include "core/api/settings.h"
#include "core/host/config_file.h"
#include "core/host/host_options.h"

namespace citybridge {

// Loads the libraries (they stay mapped), creates and configures the instances,
// destroys them; starts nothing. The node's own sections are its own to check.
// Precondition: load_config found no problem, else the same mistake may be told twice.
Problems check_config(const NodeConfig& config, const HostOptions& options);

}  // namespace citybridge
