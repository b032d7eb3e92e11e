#pragma once
// Commands under way and what became of them (P6): each accepted command gets
// exactly one result. A dial has succeeded when the customer's phone is dialled
// (a contact exists), not when the agent's phone was answered.
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
    std::string channel;  // of a dial whose agent's phone was answered
    std::string contact;  // that the command concerns
    MonoTime deadline{};
};

class CommandTracker {
public:
    void begin(PendingCommand command);
    bool under_way(const std::string& command_id) const { return pending_.contains(command_id); }

    // The adapter's reply. Nothing: a dial now waits for its contact.
    std::optional<CommandFinished> replied(const std::string& command_id, const CommandReply& reply);

    // What the call book knows of a dial's channel.
    struct ChannelFate {
        bool alive = false;
        std::string contact;  // empty: none yet
    };
    using Look = std::function<ChannelFate(const PendingCommand&)>;
    // Dials that wait for their contact, after every signal.
    std::vector<CommandFinished> settle(const Look& look);
    std::vector<CommandFinished> expire(MonoTime now);
    std::vector<CommandFinished> end_all(const std::string& reason);
    std::optional<MonoTime> next_deadline() const;
    bool waits_for_contact() const { return answered_dials_ > 0; }

private:
    CommandFinished finish(const PendingCommand& command, CommandOutcome outcome, std::string reason) const;
    void erase(const std::string& command_id);

    std::map<std::string, PendingCommand> pending_;
    std::size_t answered_dials_ = 0;
};

}  // namespace citybridge
