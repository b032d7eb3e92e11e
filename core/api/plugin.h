#pragma once
// The plugin boundary: a manifest that is judged before any code runs
// (manifest.h), and a lifecycle. Every adapter and plugin is a shared library that exports exactly
// one symbol, `citybridge_manifest`.
#include <span>
#include <string_view>

#include "core/api/capabilities.h"
#include "core/api/http.h"
#include "core/api/link.h"
#include "core/api/manifest.h"
#include "core/api/result.h"
#include "core/api/settings.h"
#include "core/api/signals.h"

namespace citybridge {

enum class LogLevel { debug, info, warning, error };

// Lent to one plugin instance for its whole life.
class Host {
public:
    virtual std::string_view city() const = 0;
    virtual std::string_view instance() const = 0;  // name of this entry in the configuration
    virtual Lane& lane() = 0;
    // HTTP requests outward; the instance's own connections.
    virtual HttpClient& http() = 0;
    // Any thread. `code` is stable and documented; text never holds a secret.
    virtual void log(LogLevel level, std::string_view code, std::string_view text) = 0;
    // PBX adapters only. All or none are taken. False: the live strand is full,
    // and the adapter must treat it as a cut link (drop it, connect again,
    // take a snapshot), because a fact is lost.
    virtual bool signal(std::span<PbxSignal> signals) = 0;
    // Any thread. An authenticated message that did not come through /v1/hooks: a delivery receipt, a mail's reply,
    // another city's message. `done` is called once, on the lane: ok when its effect is committed or it was known
    // already; "hook.not_understood", "hook.too_old": refused for good; any other code: not now, offer it again. A
    // message without an answer after a minute (the lane was full) or before stop() is offered again too: taking
    // repeats well.
    virtual void take(InboundMessage message, std::function<void(Result<>)> done) = 0;

protected:
    ~Host() = default;
};

class Plugin {
public:
    virtual ~Plugin() = default;
    // Validates and remembers. No socket, thread, timer or disk. Says every problem it finds.
    virtual void configure(const RawSettings& settings, Problems& problems) = 0;
    // On the lane's thread. From here on callbacks may arrive. Must return soon:
    // a peer that cannot be reached is not an error, it is retried.
    virtual Result<> start() = 0;
    // On the lane's thread. When it returns no callback of this plugin runs again.
    virtual void stop(Millis grace) = 0;
    // Called once, after configure().
    virtual Capabilities offers() { return {}; }
};

}  // namespace citybridge

// In exactly one source file of a plugin. Type needs `explicit Type(Host&)` and
// `static SettingsDoc settings()`.
#define CITYBRIDGE_PLUGIN(Type, name_, version_)                                                                \
    CITYBRIDGE_CARD(CITYBRIDGE_STR(CITYBRIDGE_ABI_VERSION), CITYBRIDGE_BUILD_TAG, name_, version_);             \
    extern "C" __attribute__((visibility("default"))) const citybridge::Manifest citybridge_manifest {          \
        citybridge::kAbiMagic, citybridge::kAbiVersion, CITYBRIDGE_BUILD_TAG, name_, version_, &Type::settings, \
            [](citybridge::Host& host) -> citybridge::Plugin* { return new Type(host); },                       \
            [](citybridge::Plugin* plugin) { delete plugin; }                                                   \
    }
