#pragma once
// What two cities tell each other besides tasks: generation and protocol, and
// after a restore from a backup their open tasks.
#include "core/relay/callback_message.h"
#include "core/relay/callback_step.h"

namespace citybridge::relay {

// What the message makes of this side's view of the task. Not finished yet.
CallbackChange merged(const CallbackContext& context, const CityMessage& message, const ToldTask& told);
// A restored city tells its open tasks: they are merged, and answered with this side's view of them and of all
// others that are open between the two.
void answer_exchange(const CallbackContext& context, const CityMessage& message, CallbackDecision& out);
// The answer: with the last part of it this store may hold and dial again what it shares with that city.
void take_exchanged(const CallbackContext& context, const CityMessage& message, CallbackDecision& out);
// The city's own row; after the two above.
void take_city(const CallbackContext& context, const CityMessage& message, CallbackDecision& out);

}  // namespace citybridge::relay
