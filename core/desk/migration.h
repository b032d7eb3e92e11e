#pragma once
// Whether an open order can go over to another version of its flow.
#include <string>
#include <vector>

#include "core/desk/flow.h"

namespace citybridge::desk {

// Why not, each a sentence; empty: it can. What is due is no obstacle: it is computed by the new version. `from`: the
// version it is on; null: not known any more.
std::vector<std::string> migration_obstacles(const Flow* from, const Flow& to, const OrderRecord& order);

}  // namespace citybridge::desk
