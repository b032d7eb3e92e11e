#pragma once
// Which life of the store this is, as the other cities are told: core/store/generation.h.
#include <cstdint>
#include <string>

#include "core/store/store.h"

namespace citybridge {

struct StoreLife {
    std::int64_t generation = 0;
    std::string id;
};
// A store that has no id yet gets one. Error codes: those of the store.
Result<StoreLife> life_of(store::Store& store);

}  // namespace citybridge
