#pragma once
// All plugin instances of the node and their life: load -> create -> configure
// -> start -> stop. Every step runs on the instance's own lane thread under a
// time-out, so that a hanging or throwing plugin costs only itself.
//
// Threads: load, start, stop and the destructor belong to one thread, the one
// that composes the node; the rest may be called from any once load returned.
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/capabilities.h"
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
    std::string version;  // empty if the library could not be used
    std::string state;    // created, configured, running, failed, stopped
    std::uint64_t exceptions = 0;
    std::optional<Error> last_error;
    std::optional<Said> last_said;  // the newest line it logged: why it cannot work, or that it can again
};

class PluginSet {
public:
    explicit PluginSet(HostOptions options);
    // Stops what runs and destroys the plugins. Capabilities are not to be used afterwards.
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
    // One entry of the configuration; without instance if it could not be made.
    struct Entry {
        PluginConfig config;
        std::shared_ptr<const PluginLibrary> library;
        std::shared_ptr<Instance> instance;
        std::optional<Error> error;
    };
    Result<std::shared_ptr<const PluginLibrary>> library(const std::string& name);
    Result<> prepare(Entry& entry, Problems& problems);

    HostOptions options_;
    std::map<std::string, Result<std::shared_ptr<const PluginLibrary>>> libraries_;
    std::vector<Entry> entries_;  // not changed after load()
};

}  // namespace citybridge
