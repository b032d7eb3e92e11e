#pragma once
// One plugin instance and its life: create -> configure -> start -> stop.
// Every step runs on the instance's lane under a time-out; whatever it throws
// becomes an Error that names instance and step.
//
// Threads: the steps are called by one thread; info() and capabilities() by any.
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/api/plugin.h"
#include "core/api/result.h"
#include "core/host/host_options.h"
#include "core/host/plugin_library.h"

namespace citybridge {

class PluginHost;

enum class InstanceState { created, configured, running, failed, stopped };
std::string_view to_string(InstanceState value);

class Instance {
public:
    // Errors: "plugin.exception" or "plugin.step_timeout" (create), "plugin.no_thread".
    static Result<std::shared_ptr<Instance>> create(std::string name, std::shared_ptr<const PluginLibrary> library,
                                                    const HostOptions& options);
    // Stops if needed, destroys the plugin on its lane, ends the thread.
    ~Instance();
    Instance(const Instance&) = delete;
    Instance& operator=(const Instance&) = delete;

    // Problems the plugin found go to `problems`; an error is what the plugin should not have done.
    Result<> configure(const RawSettings& settings, Problems& problems);
    // Errors: what the plugin's start() said ("plugin.start_failed" with its code and
    // detail), "plugin.start_timeout", "plugin.exception". Then it is over with this
    // instance: nothing of it runs any more, or its thread is abandoned.
    Result<> start();
    // Afterwards no callback and no signal comes. Only a running instance has
    // its stop() called. Past its grace it is abandoned. May be repeated.
    void stop();

    const std::string& name() const { return name_; }
    const PluginLibrary& library() const { return *library_; }
    Capabilities capabilities() const { return capabilities_; }  // set once, before others see the instance
    InstanceState state() const;
    std::optional<Error> last_error() const;
    std::uint64_t exceptions() const;
    std::optional<Said> last_said() const;
    bool abandoned() const { return abandoned_.load(); }

private:
    // What plugin code may touch; kept for ever if the lane has to be abandoned.
    struct Body;

    Instance(std::string name, std::shared_ptr<const PluginLibrary> library, const HostOptions& options);
    Result<> make();
    Result<> step(const char* what, Millis timeout, const char* timeout_code, std::function<Result<>(Body&)> work);
    Result<> failed(Error error);
    void end_callbacks(Millis timeout);
    void abandon();
    void set_state(InstanceState state);

    const std::string name_;
    const std::shared_ptr<const PluginLibrary> library_;
    const HostOptions options_;
    std::shared_ptr<Body> body_;
    Capabilities capabilities_;
    std::atomic<bool> abandoned_{false};
    mutable std::mutex mutex_;
    InstanceState state_ = InstanceState::created;  // guarded by mutex_
    std::optional<Error> last_error_;               // guarded by mutex_
};

}  // namespace citybridge
