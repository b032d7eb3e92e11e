#pragma once
// A small ERP on 127.0.0.1, in this process, for the demo, crash tests and
// benchmarks: the vendor's side of docs/erp-vendors.md and of plugins/erp_rest,
// written from these pages and sharing no code with the node's side.
//
//   POST /hook/<name>            signed messages (Standard Webhooks), deduplicated by webhook-id
//   POST /orders                 a record by Idempotency-Key or "citybridge_id": {"id":"E-000123"}
//   POST /orders/<number>/notes  a note to it
//   POST /<kind>                 any other kind of message, about the "external_id" in it: escalate_order,
//   reopen_order,
//                                close_order and cancel_order move the record, which answers say as "state";
//                                query_order is answered by a message order.noted, too
//   GET  /orders?citybridge_id=  (or ?key=) what carries that key: [{"id":..., "citybridge_id":...}] or []
//
// The same under /erp/<system>/... for each of several systems with a mode and a ledger of its own.
// Faults come before or after effects, by Faults. Kept in memory for the life of the object.
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/api/result.h"
#include "tools/stand_in/faults.h"
#include "tools/stand_in/ledger.h"
#include "tools/stand_in/messenger.h"

namespace citybridge::stand_in {

class ErpStandIn {
public:
    struct Options {
        std::uint16_t port = 0;                           // 0: any free one
        std::map<std::string, std::string> hook_secrets;  // name -> whsec_...
        std::chrono::seconds tolerance{300};              // of webhook-timestamp, either way
        Mode mode = Mode::dedupes;                        // of /orders
        std::map<std::string, Mode> systems;              // of /erp/<system>/orders
        std::string token;                                // REST wants "Authorization: Bearer <token>"; empty: nothing
        Faults faults;
        std::uint64_t seed = 1;
        MessengerSettings messages;
    };
    // What was answered with an error of the caller's.
    struct Refused {
        std::uint64_t signatures = 0;  // 401, 400: wrong, old or incomplete
        std::uint64_t requests = 0;    // other 4xx
    };

    explicit ErpStandIn(Options options);
    ~ErpStandIn();
    ErpStandIn(const ErpStandIn&) = delete;
    ErpStandIn& operator=(const ErpStandIn&) = delete;

    // Error "stand_in.port", and "stand_in.secret" for a secret that does not look like one.
    Result<> start();
    std::uint16_t port() const;
    void stop();

    // Any thread, also while it runs.
    void set_faults(const Faults& faults);
    // Orders that reach `system` ("" is the one at /orders) are answered by messages to this node.
    void set_node(const std::string& system, NodeDoor door);
    const Ledger& ledger() const;
    const FaultDice& faults() const;
    Refused refused() const;
    std::vector<SentMessage> sent() const;
    bool messages_idle() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace citybridge::stand_in
