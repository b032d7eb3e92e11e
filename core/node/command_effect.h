#pragma once
// Recognising what a command did by what the PBX showed since, for the case
// that its answer was lost. Pure.
#include "core/calls/call_book.h"
#include "core/node/command_tracker.h"

namespace citybridge {

// `now`: the contact as it is, or as it ended. Empty: nothing to be seen, which proves nothing.
std::optional<CommandOutcome> effect_of(const PendingCommand& command, const calls::CallBook& book, const Contact* now);
std::optional<CommandOutcome> effect_on_agent(AgentWish wish, const Agent& agent);

}  // namespace citybridge
