#pragma once
// What handlers work with. Everything here is thread-safe; handlers run on
// worker threads.
#include <prometheus/registry.h>

#include <memory>
#include <mutex>

#include "core/gateway/centre_memory.h"
#include "core/gateway/command_journal.h"
#include "core/gateway/durable_port.h"
#include "core/gateway/gateway.h"
#include "core/gateway/idempotency.h"
#include "core/gateway/session_store.h"
#include "core/gateway/stream_hub.h"
#include "core/gateway/throttle.h"
#include "core/gateway/user_directory.h"

namespace citybridge::gateway {

struct Services {
    LivePort& live;
    DurablePort& durable;
    const GatewayHooks& hooks;
    SessionStore& sessions;
    StreamHub& hub;
    CommandJournal& commands;
    IdempotencyJournal& idempotency;
    prometheus::Registry& metrics;
    std::mutex& throttle_mutex;
    Throttle& throttle;          // by user, under throttle_mutex
    Throttle& address_throttle;  // under throttle_mutex; wider, because a whole centre may share an address
    UserDirectory& users;
    CentreMemory& centre;
    bool refuse_second_place = false;  // listen/second_login
};

// One request on its way through a handler.
struct Call {
    const HttpRequest& request;
    const Identity* who;              // null on routes open to everybody
    std::vector<std::string> params;  // decoded, in the pattern's order
    Services& services;
    std::optional<RequestKey> key{};  // of a route that keeps it in the store

    const Identity& user() const { return *who; }
};

}  // namespace citybridge::gateway
