#include "core/host/config_check.h"

#include "core/host/plugin_set.h"

namespace citybridge {

Problems check_config(const NodeConfig& config, const HostOptions& options) {
    Problems problems;
    HostOptions silent = options;
    silent.city = config.city;
    silent.signals = nullptr;
    PluginSet(std::move(silent)).load(config.plugins, problems);
    return problems;
}

}  // namespace citybridge
