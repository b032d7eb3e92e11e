#pragma once
// Callbacks between cities, their histories, and what is known of the other cities.
#include "core/store/migrations.h"

namespace citybridge::store {

Migration callbacks_schema(std::int64_t version);
// Which of them ended lately, or long ago.
Migration ended_callbacks_schema(std::int64_t version);

}  // namespace citybridge::store
