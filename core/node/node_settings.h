#pragma once
// The node's own sections of the configuration: <listen> (the gateway's table)
// and <calls> (below).
#include <cstdint>
#include <string>
#include <vector>

#include "core/api/settings.h"
#include "core/calls/call_settings.h"
#include "core/gateway/settings.h"
#include "core/host/config_file.h"
#include "core/host/describe.h"

namespace citybridge {

// <calls>: how the live strand reads what the PBX says.
struct CallsConfig {
    std::string agent_number_digits;  // "3-5"
    std::int64_t wrap_up_seconds = 0;
    std::string region;
    std::string outside_prefix;
    std::int64_t signal_queue = 0;
    std::string desktop_gone;
    std::int64_t desktop_grace_seconds = 0;
    std::int64_t sweep_seconds = 0;
};

const std::vector<Setting<CallsConfig>>& calls_settings_table();

// All sections, for --describe and the documentation.
std::span<const SectionDoc> node_sections();

// The whole configuration judged before anything starts: file, sections, plugins.
Problems check_node(const std::string& path, const std::string& plugin_dir);

// Append problems; on any, the result is not to be used.
CallsConfig read_calls(const NodeConfig& config, Problems& problems);
GatewaySettings read_listen(const NodeConfig& config, Problems& problems);

// Precondition: read_calls found no problem.
calls::CallSettings call_settings(const NodeConfig& config, const CallsConfig& calls, const std::string& pbx);

}  // namespace citybridge
