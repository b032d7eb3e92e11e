#pragma once
// The relay and the connectors around it: hands messages out, collects answers.
// Answers come on the connectors' lanes and wait in a queue for the durable
// strand; their number is bounded by the connections of all destinations.
// Everything but answers() and on_answer belongs to the durable strand.
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "core/api/capabilities.h"
#include "core/node/durable_input.h"
#include "core/relay/relay.h"
#include "core/store/store.h"

namespace citybridge {

class DeliveryLanes {
public:
    // `wake` is called from any thread when an answer waits.
    explicit DeliveryLanes(std::function<void()> wake) : wake_(std::move(wake)) {}

    // What a message to a person says, filled in when it is sent; an error refuses it. Before start().
    using Render = std::function<Result<std::string>(store::Store&, const OutboxRecord&)>;
    void render_with(Render render) { render_ = std::move(render); }
    // Before start().
    void add(const std::string& name, OutboundConnector* connector);
    // Tells the relay what is parked and disabled.
    Result<> start(store::Store& store);

    void added(const std::vector<OutboxRecord>& rows, Now now) { relay_.added(rows, now); }
    // Sends what is due, loads rows there is room for. An error is the store's; what was loaded is kept.
    Result<> pump(store::Store& store, Now now);
    // What the connectors answered and the relay decided, as steps to commit.
    std::vector<ProgressStep> take_answers(Now now);
    void committed(const std::string& message);
    std::optional<MonoTime> next_deadline() const { return relay_.next_deadline(); }
    bool decisions_wait() const { return !decided_.empty(); }

    relay::Relay& relay() { return relay_; }
    bool knows(const std::string& destination) const { return connectors_.contains(destination); }
    // Writes down that a destination is switched off, or on again.
    Result<> keep_disabled(store::Store& store, const std::string& destination, bool disabled);
    // Destinations the far side switched off since the last call (410): to be written down.
    std::vector<std::string> take_disabled();

private:
    struct Answer {
        std::string id;
        std::variant<DeliveryReply, FindReply> reply;
    };
    void name_orders(store::Store& store, std::vector<relay::Send>& sends);
    Result<> load(store::Store& store, const std::vector<relay::WantRows>& wants, Now now);
    void send(store::Store& store, const relay::Send& send);
    void answer(Answer answer);

    relay::Relay relay_;
    std::map<std::string, OutboundConnector*> connectors_;
    std::unordered_map<std::string, OutboxRecord> on_the_way_;  // by id, until its answer is judged
    std::vector<relay::Outcome> decided_;
    std::vector<std::string> disabled_;
    std::function<void()> wake_;
    Render render_;
    mutable std::mutex mutex_;
    std::vector<Answer> answers_;  // guarded by mutex_
};

}  // namespace citybridge
