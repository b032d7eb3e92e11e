#pragma once
// What two cities tell each other besides tasks: generation and protocol, and
// after a restore from a backup the tasks that are open or ended lately.
#include "core/relay/callback_message.h"
#include "core/relay/callback_step.h"

namespace citybridge::relay {

// What the message makes of this side's view of the task. Not finished yet.
CallbackChange merged(const CallbackContext& context, const CityMessage& message, const ToldTask& told);
// A restored city tells its tasks: they are merged, and answered with this side's view of them and of all others that
// are open between the two, or ended lately (callback_ended.h).
void answer_exchange(const CallbackContext& context, const CityMessage& message, CallbackDecision& out);
// The answer: with the last part of it this store may hold and dial again what it shares with that city.
void take_exchanged(const CallbackContext& context, const CityMessage& message, CallbackDecision& out);
// Neither has it asked for an exchange in its present generation, nor is it reconciled.
bool is_to_exchange(const CallbackSettings& settings, const CityRecord* city);
// A store that another one with its name has outlived must hear of it; others need no answer.
void answer_hello(const CallbackContext& context, const CityMessage& message, CallbackDecision& out);
// If the sender knows a later life of this store, or another one with its number: above that, towards this city. True:
// it was so. `sender` is its row with what the message taught.
bool go_above(const CallbackContext& context, const CityMessage& message, CityRecord& sender);
// And what follows, after the message's tasks were merged.
void exchange_again(const CallbackContext& context, const CityMessage& message, CityRecord& sender,
                    CallbackDecision& out);
// The city's own row; last.
void keep_city(const CallbackContext& context, const CityMessage& message, CityRecord sender, CallbackDecision& out);

}  // namespace citybridge::relay
