#include "plugins/link_nats/broker.h"

#include "core/api/quiet_thread.h"

namespace citybridge::link_nats {
namespace {

constexpr std::int64_t kApiWaitMs = 2'000;
constexpr std::int64_t kStoredWaitMs = 10'000;
constexpr std::int64_t kMostUnstored = 16'384;

void ignore_errors(natsConnection*, natsSubscription*, natsStatus, void*) {}
void ignore_connected(natsConnection*, void*) {}

natsStatus set_options(natsOptions* options, const BrokerSettings& settings, const std::string& name) {
    natsStatus status = natsOptions_SetURL(options, settings.url.c_str());
    const auto then = [&](natsStatus next) { status = status == NATS_OK ? next : status; };
    if (!settings.user.empty())
        then(natsOptions_SetUserInfo(options, settings.user.c_str(), settings.password.c_str()));
    then(natsOptions_SetName(options, name.c_str()));
    then(natsOptions_SetTimeout(options, 5'000));
    then(natsOptions_SetPingInterval(options, 10'000));
    then(natsOptions_SetMaxPingsOut(options, 2));
    then(natsOptions_SetMaxReconnect(options, -1));
    then(natsOptions_SetReconnectWait(options, 1'000));
    then(natsOptions_SetWriteDeadline(options, 5'000));
    then(natsOptions_SetRetryOnFailedConnect(options, true, ignore_connected, nullptr));
    then(natsOptions_SetErrorHandler(options, ignore_errors, nullptr));
    return status;
}

natsStatus make_contexts(natsConnection* connection, const BrokerSettings& settings, jsPubAckErrHandler not_stored,
                         void* closure, jsCtx** leaf, jsCtx** hub) {
    jsOptions options;
    natsStatus status = jsOptions_Init(&options);
    options.Wait = kApiWaitMs;
    options.PublishAsync.MaxPending = kMostUnstored;
    options.PublishAsync.StallWait = kApiWaitMs;
    options.PublishAsync.ErrHandler = not_stored;
    options.PublishAsync.ErrHandlerClosure = closure;
    if (status == NATS_OK) status = natsConnection_JetStream(leaf, connection, &options);
    if (status == NATS_OK) status = jsOptions_Init(&options);
    options.Wait = kApiWaitMs;
    options.Domain = settings.hub_domain.c_str();
    if (status == NATS_OK) status = natsConnection_JetStream(hub, connection, &options);
    return status;
}

}  // namespace

Result<std::unique_ptr<Broker>> Broker::open(const BrokerSettings& settings, const std::string& name,
                                             jsPubAckErrHandler not_stored, void* closure) {
    const SignalsBlocked inherited;  // libnats starts threads
    std::unique_ptr<Broker> broker(new Broker);
    natsOptions* raw_options = nullptr;
    natsStatus status = natsOptions_Create(&raw_options);
    const Nats<natsOptions> options(raw_options);
    if (status == NATS_OK) status = set_options(raw_options, settings, name);
    natsConnection* connection = nullptr;
    if (status == NATS_OK) status = natsConnection_Connect(&connection, raw_options);
    broker->connection_.reset(connection);
    jsCtx* leaf = nullptr;
    jsCtx* hub = nullptr;
    if (status == NATS_OK || status == NATS_NOT_YET_CONNECTED)
        status = make_contexts(connection, settings, not_stored, closure, &leaf, &hub);
    broker->leaf_.reset(leaf);
    broker->hub_.reset(hub);
    if (status != NATS_OK)
        return Error{"link_nats.no_broker",
                     "nats-server at " + settings.url + " cannot be used: " + natsStatus_GetText(status)};
    return broker;
}

Broker::~Broker() {
    close();
    // The contexts are of the connection.
    hub_ = nullptr;
    leaf_ = nullptr;
}

}  // namespace citybridge::link_nats
