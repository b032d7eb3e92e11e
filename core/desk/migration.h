#pragma once
// Whether an open order can go over to another version of its flow.
#include <string>
#include <vector>

#include "core/desk/flow.h"

namespace citybridge::desk {

// Why not, each a sentence; empty: it can. What is due is no obstacle: it is computed by the new version. `from`: the
// version it is on; null: not known any more.
std::vector<std::string> migration_obstacles(const Flow* from, const Flow& to, const OrderRecord& order);

// Name of the node's own setting that says orders of this kind are on their way; its value is empty, or JSON
// {"version", "user"}.
inline std::string migration_setting(const std::string& kind) { return "flow_migration:" + kind; }

}  // namespace citybridge::desk
