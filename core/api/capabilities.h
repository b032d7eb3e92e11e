#pragma once
// What a plugin may offer to the core. A caller holds one of these references
// and never the plugin. Null pointer: not offered.
//
// Threads: every method may be called from any thread and returns at once; the
// implementation hands over to its own lane. A completion is called exactly
// once, on the plugin's lane, also when the link is down or the plugin stops.
#include <functional>
#include <string>
#include <vector>

#include "core/api/events.h"
#include "core/api/time.h"

namespace citybridge {

struct CommandReply {
    CommandOutcome outcome = CommandOutcome::unknown;
    std::string reason;   // stable word on failure: busy, no_answer, rejected, unreachable,
                          // no_such_number, no_such_call, no_such_agent, not_permitted, link_down, timeout, failed
    std::string channel;  // the channel a dial command made, if any
};
using CommandDone = std::function<void(CommandReply)>;

struct DialCommand {
    std::string command_id;  // becomes part of the new channel's id, so that a lost answer can be looked up
    std::string device;      // whose phone rings first
    std::string number;      // who is dialled when he answers
    Millis ring_timeout{30'000};
};

struct AgentStateCommand {
    std::string agent;  // agent id
    std::string device;
    bool ready = true;
    std::string reason;  // of not ready
};

class PbxAdapter {
public:
    // Words for Contact::allowed: "hangup", "hold", ...
    virtual std::vector<std::string> contact_commands() const = 0;

    // Rings `device`, then connects it to `number`. Succeeds when the agent's
    // phone was answered. After a time-out the adapter looks for the channel
    // before it says `unknown`; it never dials twice.
    virtual void dial(const DialCommand& command, CommandDone done) = 0;
    virtual void hangup(const std::string& channel, CommandDone done) = 0;
    virtual void set_agent_state(const AgentStateCommand& command, CommandDone done) = 0;

protected:
    ~PbxAdapter() = default;
};

struct Capabilities {
    PbxAdapter* pbx = nullptr;
};

}  // namespace citybridge
