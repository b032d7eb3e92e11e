#pragma once
// Commands under way and what became of them (P6): each accepted command gets
// exactly one result. A dial has succeeded when the customer's phone is dialled
// (a contact exists), not when the agent's phone was answered. When the PBX's
// answer was lost, the signals are watched for the command's effect before its
// outcome is called unknown.
// Pure: owned by the live strand, told of time.
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/api/capabilities.h"
#include "core/api/events.h"

namespace citybridge {

struct PendingCommand {
    std::string command_id;
    std::string user;
    std::string pbx;
    bool is_dial = false;
    std::string channel{};  // of a dial whose agent's phone was answered
    std::string contact{};  // that the command concerns
    MonoTime deadline{};
    // What its effect is recognised by (command_effect.h).
    std::optional<CallAction> action{};
    std::optional<AgentWish> wish{};
    std::string agent{};
    std::string target{};  // of a hang-up: the channel
    ContactPtr before{};   // the contact when the command was given
    bool rings = false;    // makes a person's phone ring
    // Set when the answer was lost.
    std::optional<MonoTime> look_until{};
    std::string lost_reason{};
};

class CommandTracker {
public:
    void begin(PendingCommand command);
    bool under_way(const std::string& command_id) const { return pending_.contains(command_id); }
    // One that makes a phone ring for this contact: nobody is rung twice because it is not known yet what became of it.
    bool rings_for(const std::string& contact) const;

    // The adapter's reply. Nothing: a dial now waits for its contact, or a lost answer for what the signals show.
    std::optional<CommandFinished> replied(const std::string& command_id, const CommandReply& reply, MonoTime now);

    // What the call book knows of a command.
    struct Fate {
        bool alive = false;                      // of a dial: its channel
        std::string contact{};                   // of a dial; empty: none yet
        std::optional<CommandOutcome> effect{};  // of all others; empty: nothing to be seen
        bool link_up = true;                     // only then looking makes sense
    };
    using Look = std::function<Fate(const PendingCommand&)>;
    // Commands that wait for signals, after every signal.
    std::vector<CommandFinished> settle(const Look& look);
    std::vector<CommandFinished> expire(MonoTime now, const Look& look);
    // What is there is known only now.
    void link_restored(const std::string& pbx, MonoTime now);
    std::vector<CommandFinished> end_all(const std::string& reason);
    std::optional<MonoTime> next_deadline() const;
    bool waits_for_signals() const { return waiting_ > 0; }

private:
    CommandFinished finish(const PendingCommand& command, CommandOutcome outcome, std::string reason) const;
    void erase(const std::string& command_id);
    static bool waits(const PendingCommand& command) { return !command.channel.empty() || command.look_until; }

    std::map<std::string, PendingCommand> pending_;
    std::size_t waiting_ = 0;
};

}  // namespace citybridge
