#pragma once
// The node's section <recordings>: how it gets at the files the PBX records to.
#include <cstdint>
#include <string>
#include <vector>

#include "core/api/settings.h"
#include "core/host/config_file.h"
#include "core/node/store_settings.h"

namespace citybridge {

struct RecordingsConfig {
    std::string mount;
    std::string pbx_folder;
    std::string url;
    std::string user;
    std::string password;
    std::string ca_file;
    std::int64_t timeout_ms = 0;
    std::int64_t max_at_once = 0;

    bool configured() const { return !mount.empty() || !url.empty(); }
};

const std::vector<Setting<RecordingsConfig>>& recordings_settings_table();

// Appends problems; on any, the result is not to be used. Paths are complete.
RecordingsConfig read_recordings(const NodeConfig& config, const OutgoingConfig& outgoing, Problems& problems);

}  // namespace citybridge
