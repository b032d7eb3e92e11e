#pragma once
// The connection to this city's own nats-server. libnats keeps it: it connects
// again by itself for ever. Any thread.
#include <nats/nats.h>

#include <memory>
#include <string>

#include "core/api/result.h"
#include "plugins/link_nats/settings.h"

namespace citybridge::link_nats {

struct FreeNats {
    void operator()(natsOptions* each) const { natsOptions_Destroy(each); }
    void operator()(natsConnection* each) const { natsConnection_Destroy(each); }
    void operator()(natsSubscription* each) const { natsSubscription_Destroy(each); }
    void operator()(natsMsg* each) const { natsMsg_Destroy(each); }
    void operator()(jsCtx* each) const { jsCtx_Destroy(each); }
    void operator()(jsStreamInfo* each) const { jsStreamInfo_Destroy(each); }
    void operator()(jsConsumerInfo* each) const { jsConsumerInfo_Destroy(each); }
};
template <class T>
using Nats = std::unique_ptr<T, FreeNats>;

// Subjects: a message for hangzhou leaves beijing as "to.hangzhou.m" and arrives there as "from.beijing.m"; the hub
// makes the one of the other by the account it came in, so that nobody can arrive as somebody else. Receipts end in
// "r".
inline constexpr char kOut[] = "OUT";    // at the leaf: what this city sent
inline constexpr char kUp[] = "UP";      // at the hub: the same, taken over
inline constexpr char kDown[] = "DOWN";  // at the hub: what is for this city
inline constexpr char kIn[] = "IN";      // at the leaf: the same, taken over
inline constexpr char kConsumer[] = "node";
inline constexpr char kDone[] = "+ACK";
inline constexpr char kNever[] = "+TERM";
inline constexpr char kLater[] = R"(-NAK {"delay": 2000000000})";  // ns
inline constexpr char kSignatureHeader[] = "City-Signature";

class Broker {
public:
    // Does not wait for the server. Error "link_nats.no_broker": the settings cannot be used, or no thread is left.
    static Result<std::unique_ptr<Broker>> open(const BrokerSettings& settings, const std::string& name,
                                                jsPubAckErrHandler not_stored, void* closure);
    ~Broker();

    bool connected() const { return natsConnection_Status(connection_.get()) == NATS_CONN_STATUS_CONNECTED; }
    // The leaf's JetStream, and the hub's through the leaf.
    jsCtx* leaf() const { return leaf_.get(); }
    jsCtx* hub() const { return hub_.get(); }
    // To the consumer a message came from; by its reply subject, because the message may outlive the subscription.
    natsStatus acknowledge(const std::string& reply, const char* word) const {
        return natsConnection_PublishString(connection_.get(), reply.c_str(), word);
    }
    // Ends every wait in it; the connection is not used afterwards.
    void close() { natsConnection_Close(connection_.get()); }

private:
    Broker() = default;

    Nats<natsConnection> connection_;
    Nats<jsCtx> leaf_;
    Nats<jsCtx> hub_;
};

}  // namespace citybridge::link_nats
