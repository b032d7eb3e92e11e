#include "core/desk/access.h"

namespace citybridge::desk {

bool is_system(const Actor& actor) { return actor.role == "system"; }

bool has_role(const Actor& actor, const std::vector<std::string>& roles) {
    return is_system(actor) || listed(roles, actor.role);
}

bool reaches(const Actor& actor, const OrderRecord& order) {
    if (actor.role != "agent") return true;
    if (!order.owner.empty() && order.owner == actor.user) return true;
    return !order.group.empty() && listed(actor.groups, order.group);
}

Result<> may_reach(const Actor& actor, const OrderRecord& order) {
    if (reaches(actor, order)) return ok();
    // Like one that is not there: whose it is, and that it is, are none of his business.
    return Error{"order.unknown", "no order of yours has the id " + order.id + "; ask your team lead"};
}

std::vector<std::string> possible_actions(const Flow& flow, const OrderRecord& order, const Actor& actor) {
    std::vector<std::string> out;
    if (!reaches(actor, order)) return out;
    for (const ActionDef& action : flow.actions)
        if (has_role(actor, action.roles) && listed(action.from, order.state)) out.push_back(action.name);
    return out;
}

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
    return out.empty() ? "none" : out;
}

}  // namespace citybridge::desk
