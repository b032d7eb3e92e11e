#pragma once
// Who may do what to an order. An agent reaches the orders he owns and those of
// his groups; for everyone else, and within that, the flow's roles decide.
#include "core/desk/desk.h"

namespace citybridge::desk {

bool is_system(const Actor& actor);
bool has_role(const Actor& actor, const std::vector<std::string>& roles);  // the system may do everything
bool reaches(const Actor& actor, const OrderRecord& order);
Result<> may_reach(const Actor& actor, const OrderRecord& order);
// Names of the actions that are possible now for this actor, in the flow's order.
std::vector<std::string> possible_actions(const Flow& flow, const OrderRecord& order, const Actor& actor);
std::string joined(const std::vector<std::string>& words);  // "a, b"

}  // namespace citybridge::desk
