#pragma once
// Which conversations want a disposition (A10), and whose they are.
#include <optional>

#include "core/api/model.h"
#include "core/api/papers.h"

namespace citybridge::desk {

// Of a contact: who wraps it up, the agent who talked with the customer last. Empty: nobody talked with a customer.
std::optional<WrapUpRecord> wrap_up_of(const Contact& contact);

}  // namespace citybridge::desk
