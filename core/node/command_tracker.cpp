#include "core/node/command_tracker.h"

#include <algorithm>

namespace citybridge {
namespace {

// After an answer was lost, or the link came back: how long the signals may take to show the effect.
constexpr Millis kLookFor{5'000};

}  // namespace

void CommandTracker::begin(PendingCommand command) {
    const std::string id = command.command_id;
    pending_.insert_or_assign(id, std::move(command));
}

bool CommandTracker::rings_for(const std::string& contact) const {
    return std::any_of(pending_.begin(), pending_.end(),
                       [&](const auto& each) { return each.second.rings && each.second.contact == contact; });
}

CommandFinished CommandTracker::finish(const PendingCommand& command, CommandOutcome outcome,
                                       std::string reason) const {
    return {command.command_id, command.user, outcome, std::move(reason), command.contact};
}

void CommandTracker::erase(const std::string& command_id) {
    const auto it = pending_.find(command_id);
    if (it == pending_.end()) return;
    if (waits(it->second)) --waiting_;
    pending_.erase(it);
}

std::optional<CommandFinished> CommandTracker::replied(const std::string& command_id, const CommandReply& reply,
                                                       MonoTime now) {
    const auto it = pending_.find(command_id);
    if (it == pending_.end()) return {};  // expired before: its one result was given
    PendingCommand& command = it->second;
    const bool dial_answered = command.is_dial && reply.outcome == CommandOutcome::succeeded && !reply.channel.empty();
    if (dial_answered) {
        if (!waits(command)) ++waiting_;
        command.channel = reply.channel;
        return {};
    }
    const bool recognisable = command.action || command.wish;
    if (reply.outcome == CommandOutcome::unknown && recognisable) {
        if (!waits(command)) ++waiting_;
        command.look_until = now + kLookFor;
        command.lost_reason = reply.reason;
        return {};
    }
    CommandFinished result = finish(command, reply.outcome, reply.reason);
    erase(command_id);
    return result;
}

std::vector<CommandFinished> CommandTracker::settle(const Look& look) {
    std::vector<CommandFinished> results;
    for (auto& [id, command] : pending_) {
        if (!waits(command)) continue;
        const Fate fate = look(command);
        if (!command.is_dial) {
            if (fate.effect) results.push_back(finish(command, *fate.effect, {}));
        } else if (!fate.contact.empty()) {
            command.contact = fate.contact;
            results.push_back(finish(command, CommandOutcome::succeeded, {}));
        } else if (!fate.alive) {
            results.push_back(finish(command, CommandOutcome::failed, "agent_hung_up"));
        }
    }
    for (CommandFinished& result : results) {
        if (result.outcome == CommandOutcome::failed && result.reason.empty()) result.reason = "failed";
        erase(result.command_id);
    }
    return results;
}

std::vector<CommandFinished> CommandTracker::expire(MonoTime now, const Look& look) {
    std::vector<CommandFinished> results;
    for (const auto& [id, command] : pending_) {
        const bool overdue = command.deadline <= now;
        const bool looked = command.look_until && *command.look_until <= now;
        if (!overdue && !looked) continue;
        const Fate fate = look(command);
        if (!overdue && !fate.link_up) continue;
        // An adapter that never answered: what can be seen counts all the same.
        if (!command.is_dial && fate.effect)
            results.push_back(finish(command, *fate.effect, *fate.effect == CommandOutcome::failed ? "failed" : ""));
        else
            results.push_back(finish(command, CommandOutcome::unknown,
                                     command.lost_reason.empty() ? "timeout" : command.lost_reason));
    }
    for (const CommandFinished& result : results) erase(result.command_id);
    return results;
}

void CommandTracker::link_restored(const std::string& pbx, MonoTime now) {
    for (auto& [id, command] : pending_)
        if (command.pbx == pbx && command.look_until) command.look_until = now + kLookFor;
}

std::vector<CommandFinished> CommandTracker::end_all(const std::string& reason) {
    std::vector<CommandFinished> results;
    for (const auto& [id, command] : pending_) results.push_back(finish(command, CommandOutcome::unknown, reason));
    pending_.clear();
    waiting_ = 0;
    return results;
}

std::optional<MonoTime> CommandTracker::next_deadline() const {
    std::optional<MonoTime> next;
    for (const auto& [id, command] : pending_)
        if (!next || command.deadline < *next) next = command.deadline;
    return next;
}

}  // namespace citybridge
