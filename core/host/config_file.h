#pragma once
// A node's configuration as found in its file, before anybody judged what the
// settings mean: included files are in, references to secrets are resolved,
// and everything knows its place. Start-up only, one thread.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/settings.h"

namespace citybridge {

struct UserConfig {
    std::string name;
    std::string role;    // one of kRoles
    std::string agent;   // agent id; empty if this user takes no calls
    std::string device;  // the phone click to dial rings
    std::vector<std::string> groups;
    std::string password_hash;  // at least one of the two hashes is given
    std::string token_hash;
    Position where;
};

struct PluginConfig {
    std::string library;  // "asterisk" -> <plugin_dir>/asterisk.so
    std::string name;     // of the instance; unique
    Position where;
    RawSettings settings;
};

struct NodeConfig {
    std::string city;
    Position where;                               // of the root element
    std::map<std::string, RawSettings> sections;  // "listen", "calls"; absent if not in the file
    std::vector<UserConfig> users;
    std::vector<PluginConfig> plugins;  // in the file's order, which is the order of starting
};

inline constexpr std::string_view kRoles[] = {"agent", "team_lead", "supervisor", "quality", "admin", "erp", "node"};

// A section's settings, an empty list (with the root's place) if the file has none.
RawSettings section_of(const NodeConfig& config, const std::string& name);

// Elements that hold settings of the node itself; what they mean is the node's business.
inline constexpr std::string_view kSections[] = {"listen",   "calls",      "store",  "desk",
                                                 "outgoing", "recordings", "centre", "reports", "cities"};

// Appends every problem it finds, each with its place; never throws for what is
// in a file. On any problem the result is not to be used for running.
NodeConfig load_config(const std::string& path, Problems& problems);

}  // namespace citybridge
