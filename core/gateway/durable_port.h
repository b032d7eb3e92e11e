#pragma once
// What the gateway needs of the durable strand. core/node implements it; the
// gateway's tests bring their own. Any thread. An answer that is no error means
// committed and synced (P1).
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/api/city_line.h"
#include "core/desk/desk.h"
#include "core/relay/relay.h"
#include "core/store/reader.h"

namespace citybridge {

// An Idempotency-Key as the store keeps it.
struct RequestKey {
    std::string user;
    std::string key;
    std::string fingerprint;  // of method, path and body
};

struct DurableAnswer {
    desk::Reply reply;
    bool replayed = false;  // the first answer to this key, again
};

// What a person does to one outbox message.
struct OutboxAct {
    enum class What { replay, replay_out_of_turn, cancel };
    What what = What::replay;
    std::string id;
    std::string user;
};

class DurablePort {
public:
    // Blocks until committed, refused or out of time. Errors besides the desk's: "node.busy" and "store.*" except
    // "store.outcome_unknown" (certainly not done), "store.outcome_unknown" (ask again with the same key),
    // "idempotency.mismatch".
    virtual Result<DurableAnswer> submit(desk::Request request, std::optional<RequestKey> key) = 0;
    // Many steps, each committed or refused by itself, in as few commits as possible; answers in the same order.
    virtual std::vector<Result<DurableAnswer>> submit_all(
        std::vector<std::pair<desk::Request, std::optional<RequestKey>>> steps) {
        std::vector<Result<DurableAnswer>> out;
        out.reserve(steps.size());
        for (auto& step : steps) out.push_back(submit(std::move(step.first), std::move(step.second)));
        return out;
    }
    // Rows that need no decision: users, commands.
    virtual Result<DurableAnswer> record(Changes changes, desk::Reply reply, std::optional<RequestKey> key) = 0;
    // The same for facts nobody waits for: written soon, kept and tried again while the store is away, and
    // beyond a bound the oldest are dropped and counted.
    virtual void note(Changes changes) = 0;
    virtual Result<DurableAnswer> act(const OutboxAct& act) = 0;

    virtual Result<std::vector<relay::DestinationStatus>> destinations() = 0;
    virtual Result<DurableAnswer> set_disabled(const std::string& destination, bool disabled) = 0;

    // Open orders of this kind go over to this version of its flow, by and by. Codes "flow.unknown" (it is not the
    // newest), "node.*", "store.*".
    virtual Result<> migrate(const std::string& /*kind*/, std::int64_t /*version*/, const std::string& /*user*/) {
        return Error{"node.not_ready", "nothing goes over to other versions here; ask a whole node"};
    }

    virtual CityLines city_lines() const { return {}; }
    virtual const desk::Desk& desk() const = 0;
    virtual store::Readers& readers() = 0;

protected:
    ~DurablePort() = default;
};

}  // namespace citybridge
