#pragma once
// What business time needs to be computed again: a deadline's anchor, and where
// operators' switches of calendars stood.
#include "core/store/migrations.h"

namespace citybridge::store {

Migration calendars_schema(std::int64_t version);

}  // namespace citybridge::store
