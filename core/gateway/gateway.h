#pragma once
// The outside contract of a node (DESIGN section 6): HTTP API, stream,
// sessions. core/node makes one, gives it the live strand and its own facts.
#include <prometheus/registry.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/plugin.h"
#include "core/api/result.h"
#include "core/api/settings.h"
#include "core/gateway/attachments_port.h"
#include "core/gateway/durable_port.h"
#include "core/gateway/live_port.h"
#include "core/gateway/recordings_port.h"
#include "core/gateway/reports_port.h"
#include "core/gateway/roles.h"
#include "core/gateway/settings.h"

namespace citybridge {

// What came of reading the configuration again.
struct Reloaded {
    Problems problems{};
    Result<> done =
        ok();  // of taking it over; codes "store.*", "node.*", "flow.version_in_use", "gateway.users_invalid"
};

// What only the node knows. All may be called from several threads at once,
// must return soon, and may be empty (then: always ready, no plugins, no log).
struct GatewayHooks {
    // Why the node cannot serve yet; nothing: ready.
    std::function<std::vector<std::string>()> not_ready;
    // The answer of GET /v1/admin/plugins: an array of objects. No secrets.
    std::function<nlohmann::ordered_json()> plugins;
    std::function<void(LogLevel, std::string_view code, std::string_view text)> log;
    // The connector behind POST /v1/hooks/{name}; null: none of this name takes messages.
    std::function<const InboundConnector*(std::string_view name)> inbound;
    // A number as people write it, in E.164; empty: it is none.
    std::function<std::string(std::string_view number)> e164;
    // Reads the configuration again, as SIGHUP does; waits for it. Problems or an error: nothing was changed.
    // Empty: "config.no_file".
    std::function<Reloaded()> reload;
    // Must outlive the gateway's stop(); null: none can be fetched.
    RecordingsPort* recordings = nullptr;
    // Likewise; null: none are kept.
    AttachmentsPort* attachments = nullptr;
    // Likewise; null: there are no reports.
    ReportsPort* reports = nullptr;
    // Served at /metrics; the gateway adds its own. Empty: it makes one.
    std::shared_ptr<prometheus::Registry> metrics;
};

class Gateway {
public:
    // Subscribes to `live`, which must outlive the gateway's stop(), like
    // `durable`; its listener stays valid (and idle) after that. `users` are
    // those of the configuration; those of the store are read by start().
    Gateway(const GatewaySettings& settings, std::vector<User> users, LivePort& live, DurablePort& durable,
            GatewayHooks hooks);
    ~Gateway();  // stops

    // Code "gateway.listen_failed" or "gateway.users_invalid". Once.
    Result<> start();
    // Closes every connection and stream; no hook or live call runs after it returns. Idempotent.
    void stop();
    std::uint16_t port() const;  // valid after start()

    // Replaces the users while running; sessions of users that are gone, or
    // whose password changed, end. Code "gateway.users_invalid": nothing changed.
    Result<> set_users(std::vector<User> users);

private:
    struct Published;
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace citybridge
