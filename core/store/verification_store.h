#pragma once
// The records of verification between rows and structs, for the writing session. All of it throws.
#include "core/store/connection.h"

namespace citybridge::store {

void write_verifications(Connection& connection, const VerificationChanges& changes);
// Messages found by the far side's number go to Loaded::outbox.
void load_verifications(Connection& connection, const VerificationWanted& wanted, Loaded& loaded);
// His number in his verifications, and what was used up for his numbers; before the numbers are removed. That one is
// not to be written to (blocked_addresses) is his own wish and stays.
void erase_verifications(Connection& connection, const std::vector<std::string>& customers);

}  // namespace citybridge::store
