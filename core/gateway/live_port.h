#pragma once
// What the gateway needs of the live strand. core/node implements it; the
// gateway's tests bring their own. Any thread; nothing here blocks longer than
// its own time-out.
#include <functional>
#include <string>
#include <vector>

#include "core/api/capabilities.h"
#include "core/api/events.h"
#include "core/api/result.h"

namespace citybridge {

// The whole live state, and the sequence number of the last event it contains:
// a stream that starts with it continues with `sequence` + 1.
struct LiveSnapshot {
    std::uint64_t sequence = 0;
    std::vector<ContactPtr> contacts;  // those that have not ended
    std::vector<ContactPtr> ended;     // the last ones that have, oldest first; bounded
    std::vector<AgentPtr> agents;
};

struct DialOrder {
    std::string command_id;
    std::string user;
    std::string agent;   // agent id; whose phone rings first
    std::string number;  // who is called
};
struct HangupOrder {
    std::string command_id;
    std::string user;
    std::string contact_id;
    std::string agent;  // whose part is to end; empty or no part in it: the customer's
};
struct CallOrder {
    std::string command_id;
    std::string user;
    std::string contact_id;
    std::string agent;  // whose part in the contact it is about; empty: whoever is with the customer
    CallAction action = CallAction::hold;
    std::string to;  // number, where the action has one
};
struct AgentStateOrder {
    std::string command_id;
    std::string user;
    std::string agent;
    AgentWish wish = AgentWish::ready;
    std::string reason;
    std::vector<std::string> queues{};  // of log_in and log_out
};

class LivePort {
public:
    // Code "node.busy" if the strand does not answer within a second.
    virtual Result<LiveSnapshot> snapshot() = 0;
    // What dial() would refuse now.
    virtual Result<> may_dial(const std::string& agent) = 0;
    // A command that was committed and then could not be handed over: its result, published like every other.
    virtual void give_up(CommandFinished result) = 0;
    // Handed to the PBX; the result comes as CommandFinished with the same
    // command_id, exactly once. Errors: "agent.unknown", "contact.unknown",
    // "contact.ended", "pbx.link_down", "node.busy".
    virtual Result<> dial(const DialOrder& order) = 0;
    virtual Result<> hangup(const HangupOrder& order) = 0;
    // Every other action on a live contact. Errors besides those above: "command.not_possible" if
    // Contact::allowed of this moment does not hold it, "contact.not_part" if the agent takes no part,
    // "command.under_way" if it would make a second phone ring while it is not known what became of the first.
    virtual Result<> command(const CallOrder& order) = 0;
    // What command() would refuse now.
    virtual Result<> may_command(const CallOrder& order) = 0;
    virtual Result<> set_agent_state(const AgentStateOrder& order) = 0;
    // The first stream of an agent was opened, the last one closed. Any thread, returns at once, never lost.
    virtual void desktop(const std::string& agent, bool connected) = 0;
    // Called on the live strand for every event, in order, from the moment of
    // subscription. Must not block or throw. Before the node starts only.
    virtual void subscribe(std::function<void(const EventPtr&)> listener) = 0;

protected:
    ~LivePort() = default;
};

}  // namespace citybridge
