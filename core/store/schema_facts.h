#pragma once
// The tables that reports are computed from (core/api/report_facts.h).
#include "core/store/migrations.h"

namespace citybridge::store {

Migration facts_schema(std::int64_t version);

}  // namespace citybridge::store
