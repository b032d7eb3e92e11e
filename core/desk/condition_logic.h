#pragma once
// What two conditions of a flow have to do with each other, whatever the order: only what follows from their words.
#include "core/desk/flow.h"

namespace citybridge::desk {

// Never both at the same time.
bool exclude(const Flow& flow, const Condition& a, const Condition& b);
// Whenever all of `a` hold, all of `b` do.
bool imply(const Flow& flow, const Conditions& a, const Conditions& b);

}  // namespace citybridge::desk
