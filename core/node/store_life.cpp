#include "core/node/store_life.h"

#include <cstdlib>

#include "core/gateway/crypto.h"

namespace citybridge {

Result<StoreLife> life_of(store::Store& store) {
    const auto generation = store.meta("generation");
    if (!generation) return generation.error();
    auto id = store.meta("life");
    if (!id) return id.error();
    if (id->empty()) {
        *id = gateway::random_hex(8);
        if (auto kept = store.set_meta("life", *id); !kept) return kept.error();
    }
    return StoreLife{std::strtoll(generation->c_str(), nullptr, 10), std::move(*id)};
}

}  // namespace citybridge
