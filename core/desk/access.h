#pragma once
// Who may do what to an order. An agent reaches the orders he owns and those of
// his groups; for everyone else, and within that, the flow's roles decide.
#include "core/desk/desk.h"
#include "core/desk/judge.h"

namespace citybridge::desk {

bool is_system(const Actor& actor);
bool has_role(const Actor& actor, const std::vector<std::string>& roles);  // the system may do everything
bool reaches(const Actor& actor, const OrderRecord& order);
// Who opened it, or is asked or told about it now.
bool is_party(const Actor& actor, const OrderRecord& order);
// Reaches it, and its flow lets him see orders of this kind.
bool sees(const Flow& flow, const Actor& actor, const OrderRecord& order);
Result<> may_reach(const Actor& actor, const OrderRecord& order);
// Names of the actions that are possible now for this actor, in the flow's order.
// Guards that ask for the calendar or a note are taken to hold.
std::vector<std::string> possible_actions(const Flow& flow, const OrderRecord& order, const Actor& actor);
std::vector<std::string> possible_actions(const Judged& judged);
std::string joined(const std::vector<std::string>& words);  // "a, b"

}  // namespace citybridge::desk
