#pragma once
// transfers.cpp: on-line transfers between cities.
#include "core/desk/context.h"

namespace citybridge::desk {

bool is_transfer_message(const InboundMessage& message);
void needs_of_transfer(const InboundMessage& message, Wanted& out);

// Codes "callback.unknown_city", "transfer.unknown", "hook.not_understood".
Result<Decision> transfer_to_city(const Context& context, const TransferToCity& what);
Result<Decision> step_transfer(const Context& context, const StepTransfer& what);
Result<Decision> take_transfer(const Context& context, const InboundMessage& message);

}  // namespace citybridge::desk
