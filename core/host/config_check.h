#pragma once
// The whole configuration judged as `citybridged --check` does it, before
// anything starts: the node's sections against their tables, every plugin's
// settings against its library's table and by its own configure().
#include "core/api/settings.h"
#include "core/host/config_file.h"
#include "core/host/host_options.h"

namespace citybridge {

// The node's own sections only (node_settings.h).
Problems check_sections(const NodeConfig& config);

// Sections and plugins. Loads the libraries (they stay mapped), starts nothing.
// Precondition: load_config found no problem, else the same mistake may be told twice.
Problems check_config(const NodeConfig& config, const HostOptions& options);

}  // namespace citybridge
