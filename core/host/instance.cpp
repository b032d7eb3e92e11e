#include "core/host/instance.h"

#include <functional>
#include <system_error>
#include <vector>

#include "core/host/plugin_host.h"

namespace citybridge {
namespace {

// A plugin may use its grace to the full; this is for the way there and back.
constexpr Millis kStopMargin{500};

// Threads that did not come back may still use these: never freed, and
// reachable so that a leak checker can tell them from a mistake.
void keep_for_ever(std::shared_ptr<void> body) {
    static auto* const mutex = new std::mutex;
    static auto* const kept = new std::vector<std::shared_ptr<void>>;
    const std::lock_guard lock(*mutex);
    kept->push_back(std::move(body));
}

}  // namespace

struct Instance::Body {
    Body(const std::string& name, std::shared_ptr<const PluginLibrary> from, const HostOptions& options)
        : library(std::move(from)), host(name, options) {}

    std::shared_ptr<const PluginLibrary> library;
    PluginHost host;
    Plugin* plugin = nullptr;  // lane thread only, made and destroyed by the library
    Capabilities offers;       // handed over at the end of configure
    Problems problems;         // of configure
};

std::string_view to_string(InstanceState value) {
    switch (value) {
        case InstanceState::created: return "created";
        case InstanceState::configured: return "configured";
        case InstanceState::running: return "running";
        case InstanceState::failed: return "failed";
        case InstanceState::stopped: return "stopped";
    }
    return "failed";
}

Instance::Instance(std::string name, std::shared_ptr<const PluginLibrary> library, const HostOptions& options)
    : name_(std::move(name)), library_(std::move(library)), options_(options) {}

Result<std::shared_ptr<Instance>> Instance::create(std::string name, std::shared_ptr<const PluginLibrary> library,
                                                   const HostOptions& options) {
    std::shared_ptr<Instance> instance(new Instance(std::move(name), std::move(library), options));
    if (const auto made = instance->make(); !made) return made.error();
    return instance;
}

Result<> Instance::make() {
    try {
        body_ = std::make_shared<Body>(name_, library_, options_);
    } catch (const std::system_error& e) {
        return failed({"plugin.no_thread", "instance " + name_ + ": no thread for its lane: " + e.what()});
    }
    return step("create", options_.step_timeout, "plugin.step_timeout", [name = name_](Body& body) -> Result<> {
        body.plugin = body.library->manifest().create(body.host);
        if (body.plugin != nullptr) return ok();
        return Error{"plugin.create_failed", "instance " + name + ": the library made no plugin"};
    });
}

Result<> Instance::configure(const RawSettings& settings, Problems& problems) {
    auto done = step("configure", options_.step_timeout, "plugin.step_timeout", [settings](Body& body) -> Result<> {
        body.plugin->configure(settings, body.problems);
        if (body.problems.empty()) body.offers = body.plugin->offers();
        return ok();
    });
    if (!done) return done;
    problems.insert(problems.end(), body_->problems.begin(), body_->problems.end());
    if (!body_->problems.empty())
        return failed({"plugin.settings", "instance " + name_ + ": " + to_string(body_->problems.front())});
    capabilities_ = body_->offers;
    set_state(InstanceState::configured);
    return ok();
}

Result<> Instance::start() {
    auto done = step("start", options_.start_timeout, "plugin.start_timeout", [name = name_](Body& body) -> Result<> {
        const auto started = body.plugin->start();
        if (started) return ok();
        return Error{"plugin.start_failed",
                     "instance " + name + " did not start: " + started.error().code + ": " + started.error().detail};
    });
    if (done) {
        set_state(InstanceState::running);
        return ok();
    }
    end_callbacks(options_.step_timeout);
    return done;
}

void Instance::stop() {
    if (state() != InstanceState::running) return;
    const auto stopped = step("stop", options_.stop_grace + kStopMargin, "plugin.stop_timeout",
                              [grace = options_.stop_grace](Body& body) -> Result<> {
                                  body.plugin->stop(grace);
                                  body.host.close_http();
                                  return ok();
                              });
    end_callbacks(options_.step_timeout);
    if (stopped)
        set_state(InstanceState::stopped);
    else
        body_->host.log(LogLevel::error, stopped.error().code, stopped.error().detail);
}

Instance::~Instance() {
    stop();
    if (!body_ || abandoned_) return;
    end_callbacks(options_.step_timeout);
    const auto destroyed = step("destroy", options_.step_timeout, "plugin.stop_timeout", [](Body& body) -> Result<> {
        if (body.plugin != nullptr) body.library->manifest().destroy(std::exchange(body.plugin, nullptr));
        return ok();
    });
    if (!destroyed) body_->host.log(LogLevel::error, destroyed.error().code, destroyed.error().detail);
    if (!abandoned_ && !body_->host.own_lane().finish(options_.step_timeout)) abandon();
}

// One step on the lane. What it returns is shared with the lane's thread,
// because a step that is too late still finishes some day.
Result<> Instance::step(const char* what, Millis timeout, const char* timeout_code,
                        std::function<Result<>(Body&)> work) {
    if (abandoned_) return Error{timeout_code, "instance " + name_ + " was abandoned before"};
    auto result = std::make_shared<Result<>>(ok());
    const auto threw = [prefix = "instance " + name_ + ": " + what + " threw: "](std::string_view why) {
        return Error{"plugin.exception", prefix + std::string(why) + "; tell the plugin's maker"};
    };
    const bool finished = body_->host.own_lane().run(
        [body = body_, result, work = std::move(work), threw] {
            try {
                *result = work(*body);
            } catch (const std::exception& e) {
                *result = threw(e.what());
            } catch (...) {
                *result = threw("an exception that is no std::exception");
            }
        },
        timeout);
    if (finished) return *result ? ok() : failed(result->error());
    abandon();
    return failed({timeout_code, "instance " + name_ + ": " + what + " did not return within " +
                                     std::to_string(timeout.count()) + " ms; its thread is left to itself"});
}

Result<> Instance::failed(Error error) {
    const std::lock_guard lock(mutex_);
    state_ = InstanceState::failed;
    last_error_ = error;
    return error;
}

// The plugin may have forgotten a timer or a link in its stop(), or thrown in
// the middle of it: the lane itself makes sure that nothing of it runs again.
void Instance::end_callbacks(Millis timeout) {
    if (abandoned_) return;
    body_->host.shut();
    const bool quiet = body_->host.own_lane().run([body = body_] { body->host.quiesce(); }, timeout);
    if (!quiet) abandon();
}

void Instance::abandon() {
    abandoned_ = true;
    keep_for_ever(body_);
    body_->host.shut();
    body_->host.own_lane().finish(Millis{0});
}

void Instance::set_state(InstanceState state) {
    const std::lock_guard lock(mutex_);
    state_ = state;
}

InstanceState Instance::state() const {
    const std::lock_guard lock(mutex_);
    return state_;
}

std::optional<Error> Instance::last_error() const {
    const std::lock_guard lock(mutex_);
    return last_error_;
}

std::uint64_t Instance::exceptions() const { return body_ ? body_->host.exceptions() : 0; }

std::optional<Said> Instance::last_said() const { return body_ ? body_->host.last_said() : std::nullopt; }

}  // namespace citybridge
