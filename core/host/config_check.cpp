#include "core/host/config_check.h"

#include "core/host/node_settings.h"
#include "core/host/plugin_set.h"

namespace citybridge {

Problems check_sections(const NodeConfig& config) {
    Problems problems;
    listen_settings(config, problems);
    calls_settings(config, problems);
    return problems;
}

Problems check_config(const NodeConfig& config, const HostOptions& options) {
    Problems problems = check_sections(config);
    HostOptions quiet = options;
    quiet.city = config.city;
    quiet.signals = nullptr;
    PluginSet(std::move(quiet)).load(config.plugins, problems);
    return problems;
}

}  // namespace citybridge
