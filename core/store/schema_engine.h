#pragma once
// What the flow engine keeps: where an order's parts stand, what a deadline is
// for, and who was told of what.
#include "core/store/migrations.h"

namespace citybridge::store {

Migration engine_schema(std::int64_t version);

}  // namespace citybridge::store
