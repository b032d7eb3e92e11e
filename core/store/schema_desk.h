#pragma once
#include "core/store/migrations.h"

namespace citybridge::store {

// Search of orders, attachments, merged customers, outgoing lists.
Migration desk_schema(std::int64_t version);

}  // namespace citybridge::store
