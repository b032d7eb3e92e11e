#include "core/node/command_tracker.h"

namespace citybridge {

void CommandTracker::begin(PendingCommand command) {
    const std::string id = command.command_id;
    pending_.insert_or_assign(id, std::move(command));
}

CommandFinished CommandTracker::finish(const PendingCommand& command, CommandOutcome outcome,
                                       std::string reason) const {
    return {command.command_id, command.user, outcome, std::move(reason), command.contact};
}

void CommandTracker::erase(const std::string& command_id) {
    const auto it = pending_.find(command_id);
    if (it == pending_.end()) return;
    if (!it->second.channel.empty()) --answered_dials_;
    pending_.erase(it);
}

std::optional<CommandFinished> CommandTracker::replied(const std::string& command_id, const CommandReply& reply) {
    const auto it = pending_.find(command_id);
    if (it == pending_.end()) return {};  // expired before: its one result was given
    PendingCommand& command = it->second;
    const bool dial_answered = command.is_dial && reply.outcome == CommandOutcome::succeeded && !reply.channel.empty();
    if (dial_answered) {
        if (command.channel.empty()) ++answered_dials_;
        command.channel = reply.channel;
        return {};
    }
    CommandFinished result = finish(command, reply.outcome, reply.reason);
    erase(command_id);
    return result;
}

std::vector<CommandFinished> CommandTracker::settle(const Look& look) {
    std::vector<CommandFinished> results;
    for (auto& [id, command] : pending_) {
        if (command.channel.empty()) continue;
        const ChannelFate fate = look(command);
        if (!fate.contact.empty()) {
            command.contact = fate.contact;
            results.push_back(finish(command, CommandOutcome::succeeded, {}));
        } else if (!fate.alive) {
            results.push_back(finish(command, CommandOutcome::failed, "agent_hung_up"));
        }
    }
    for (const CommandFinished& result : results) erase(result.command_id);
    return results;
}

std::vector<CommandFinished> CommandTracker::expire(MonoTime now) {
    std::vector<CommandFinished> results;
    for (const auto& [id, command] : pending_)
        if (command.deadline <= now) results.push_back(finish(command, CommandOutcome::unknown, "timeout"));
    for (const CommandFinished& result : results) erase(result.command_id);
    return results;
}

std::vector<CommandFinished> CommandTracker::end_all(const std::string& reason) {
    std::vector<CommandFinished> results;
    for (const auto& [id, command] : pending_) results.push_back(finish(command, CommandOutcome::unknown, reason));
    pending_.clear();
    answered_dials_ = 0;
    return results;
}

std::optional<MonoTime> CommandTracker::next_deadline() const {
    std::optional<MonoTime> next;
    for (const auto& [id, command] : pending_)
        if (!next || command.deadline < *next) next = command.deadline;
    return next;
}

}  // namespace citybridge
