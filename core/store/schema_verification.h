#pragma once
// Codes sent to callers to prove who they are, what of it was used up for a number, and whom nobody writes to.
#include "core/store/migrations.h"

namespace citybridge::store {

Migration verification_schema(std::int64_t version);

}  // namespace citybridge::store
