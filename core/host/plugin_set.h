#pragma once
// All plugin instances of the node and their life: load -> create -> configure
// -> start -> stop. Every step runs on the instance's own lane thread under a
// time-out, so that a hanging or throwing plugin costs only itself.
//
// Threads: load, start, stop and the destructor belong to one thread, the one
// that composes the node; find, status and abandoned may be called from any.
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/capabilities.h"
#include "core/api/plugin.h"
#include "core/api/result.h"
#include "core/host/config_file.h"
#include "core/host/host_options.h"

namespace citybridge {

class Instance;
class PluginLibrary;

// One line of `citybridge plugins`.
struct InstanceInfo {
    std::string name;
    std::string library;
    std::string version;  // empty if the library could not be loaded
    std::string state;    // configured, running, failed, stopped
    std::uint64_t exceptions = 0;
    std::optional<Error> last_error;
};

class PluginSet {
public:
    explicit PluginSet(HostOptions options);
    // Stops what runs. Capabilities are not to be used afterwards.
    ~PluginSet();
    PluginSet(const PluginSet&) = delete;
    PluginSet& operator=(const PluginSet&) = delete;

    // Opens the libraries, checks settings against their tables, creates and
    // configures. Appends every problem of every instance, each with its place
    // in the configuration. Nothing is started. Once per object.
    void load(const std::vector<PluginConfig>& plugins, Problems& problems);

    // In the order of the configuration. On an error what was started is
    // stopped in reverse order, and the error names instance and step
    // ("plugin.start_failed", "plugin.start_timeout", "plugin.exception").
    // Precondition: load() found no problem.
    Result<> start();

    // In reverse order; each instance has its grace, then it is abandoned
    // ("plugin.stop_timeout"). Afterwards no plugin's callback and no signal
    // arrives. Capabilities may still be called until the destructor; they
    // answer that the link is down. May be repeated.
    void stop();

    // What instance `name` offers; nothing in it for an unknown name. Valid until the destructor.
    Capabilities find(std::string_view name) const;
    std::vector<InstanceInfo> status() const;

    // Threads that did not come back in time. If not 0, leave the process by
    // _exit() when all is flushed: such a thread may still run plugin code
    // while static objects are destroyed.
    std::size_t abandoned() const;

private:
    Result<std::shared_ptr<const PluginLibrary>> library(const std::string& name);
    void add(const PluginConfig& plugin, Problems& problems);

    HostOptions options_;
    std::vector<std::pair<std::string, std::shared_ptr<const PluginLibrary>>> libraries_;
    mutable std::mutex mutex_;  // guards the vector itself; an Instance guards its own state
    std::vector<std::shared_ptr<Instance>> instances_;
    std::vector<InstanceInfo> not_loaded_;
};

}  // namespace citybridge
