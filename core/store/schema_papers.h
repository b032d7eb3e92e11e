#pragma once
// The tables of the centre's own papers (core/api/papers.h) and the index their
// words are found by.
#include "core/store/migrations.h"

namespace citybridge::store {

Migration papers_schema(std::int64_t version);

}  // namespace citybridge::store
