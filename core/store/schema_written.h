#pragma once
// Messages that people write to customers, and how many.
#include "core/store/migrations.h"

namespace citybridge::store {

Migration written_schema(std::int64_t version);

}  // namespace citybridge::store
