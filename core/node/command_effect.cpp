#include "core/node/command_effect.h"

#include <algorithm>

namespace citybridge {
namespace {

using Seen = std::optional<CommandOutcome>;

Seen succeeded_if(bool seen) { return seen ? Seen(CommandOutcome::succeeded) : std::nullopt; }

bool held_by_agent(const Contact& contact) {
    return std::any_of(contact.holds.begin(), contact.holds.end(),
                       [](const Hold& hold) { return hold.by == HoldBy::agent && !hold.to; });
}

bool any_in(const Contact& contact, Recording::State state) {
    return std::any_of(contact.recordings.begin(), contact.recordings.end(),
                       [&](const Recording& recording) { return recording.state == state; });
}

// A transfer that was not there before.
Seen transferred(const Contact& before, const Contact& now) {
    if (now.transfers.size() <= before.transfers.size()) return {};
    const bool done = now.transfers.back().result == TransferResult::completed;
    return done ? CommandOutcome::succeeded : CommandOutcome::failed;
}

}  // namespace

std::optional<CommandOutcome> effect_on_agent(AgentWish wish, const Agent& agent) {
    // In a call nothing is seen of a pause.
    switch (wish) {
        case AgentWish::ready:
            return succeeded_if(agent.state == AgentPresence::ready || agent.state == AgentPresence::wrap_up);
        case AgentWish::not_ready: return succeeded_if(agent.state == AgentPresence::not_ready);
        case AgentWish::log_in: return succeeded_if(agent.state != AgentPresence::logged_out && !agent.queues.empty());
        case AgentWish::log_out: return succeeded_if(agent.state == AgentPresence::logged_out);
    }
    return {};
}

std::optional<CommandOutcome> effect_of(const PendingCommand& command, const calls::CallBook& book,
                                        const Contact* now) {
    if (!command.action) return {};
    if (*command.action == CallAction::hangup) return succeeded_if(!book.has_channel(command.target));
    if (command.before == nullptr || now == nullptr) return {};
    const Contact& before = *command.before;
    using State = Recording::State;
    const bool live = !now->ended_at;
    switch (*command.action) {
        case CallAction::hangup: return {};
        case CallAction::hold: return succeeded_if(live && held_by_agent(*now));
        case CallAction::retrieve: return succeeded_if(live && held_by_agent(before) && !held_by_agent(*now));
        case CallAction::transfer:
        case CallAction::attended_transfer: return transferred(before, *now);
        case CallAction::consult: return succeeded_if(book.is_consulting(command.contact, command.agent));
        case CallAction::cancel_consult:
            return succeeded_if(live && !book.is_consulting(command.contact, command.agent));
        case CallAction::conference: {
            const Seen seen = transferred(before, *now);
            return seen && now->transfers.back().kind == TransferKind::conference ? seen : std::nullopt;
        }
        case CallAction::record: return succeeded_if(now->recordings.size() > before.recordings.size());
        case CallAction::stop_recording:
            return succeeded_if(!any_in(*now, State::recording) && !any_in(*now, State::muted));
        case CallAction::mute_recording: return succeeded_if(any_in(*now, State::muted));
        case CallAction::unmute_recording: return succeeded_if(live && !any_in(*now, State::muted));
        case CallAction::park: return succeeded_if(live && now->state == ContactState::parked);
    }
    return {};
}

}  // namespace citybridge
