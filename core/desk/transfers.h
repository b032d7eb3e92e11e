#pragma once
// transfers.cpp: on-line transfers between cities.
#include "core/desk/context.h"

namespace citybridge::desk {

bool is_transfer_message(const InboundMessage& message);
void needs_of_transfer(const InboundMessage& message, Wanted& out);

// Codes "callback.unknown_city", "transfer.unknown", "hook.not_understood".
Result<Decision> transfer_to_city(const Context& context, const TransferToCity& what);
Result<Decision> step_transfer(const Context& context, const StepTransfer& what);
// A message of a transfer that will not arrive: the other city does not know whom to expect, or this one what became of
// him there. Whoever asked for it hears so, and his team lead.
bool is_lost_transfer_message(const OutboxRecord& message);
Result<Decision> transfer_message_lost(const Context& context, const OutboxRecord& message);
Result<Decision> take_transfer(const Context& context, const InboundMessage& message);

}  // namespace citybridge::desk
