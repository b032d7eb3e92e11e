#include "core/desk/access.h"

#include <algorithm>

#include "core/desk/engine_state.h"

namespace citybridge::desk {

bool is_system(const Actor& actor) { return actor.role == "system"; }

bool has_role(const Actor& actor, const std::vector<std::string>& roles) {
    return is_system(actor) || listed(roles, actor.role);
}

bool reaches(const Actor& actor, const OrderRecord& order) {
    if (actor.role != "agent") return true;
    if (!order.owner.empty() && order.owner == actor.user) return true;
    if (!order.group.empty() && listed(actor.groups, order.group)) return true;
    return is_party(actor, order);
}

bool is_party(const Actor& actor, const OrderRecord& order) {
    if (order.engine.empty() || actor.user.empty()) return false;
    if (opener_of(order) == actor.user) return true;
    const auto waiting = waiting_tellings(order);
    return std::any_of(waiting.begin(), waiting.end(), [&](const TellingRecord& row) {
        const bool of_group = !row.to_group.empty() && listed(actor.groups, row.to_group);
        return row.to_user == actor.user || (!row.to_role.empty() && row.to_role == actor.role) ||
               (row.to_role.empty() && of_group);
    });
}

bool sees(const Flow& flow, const Actor& actor, const OrderRecord& order) {
    if (is_system(actor)) return true;
    if (!flow.visible.given) return reaches(actor, order);
    return listed(flow.visible.roles, actor.role) || (!order.owner.empty() && order.owner == actor.user) ||
           is_party(actor, order);
}

Result<> may_reach(const Actor& actor, const OrderRecord& order) {
    if (reaches(actor, order)) return ok();
    // Like one that is not there: whose it is, and that it is, are none of his business.
    return Error{"order.unknown", "no order of yours has the id " + order.id + "; ask your team lead"};
}

std::vector<std::string> possible_actions(const Flow& flow, const OrderRecord& order, const Actor& actor) {
    return possible_actions(Judged{flow, order, actor});
}

std::vector<std::string> possible_actions(const Judged& judged) {
    std::vector<std::string> out;
    if (!sees(judged.flow, judged.actor, judged.order)) return out;
    for (const ActionDef& action : judged.flow.actions)
        if (has_role(judged.actor, action.roles) && listed(action.from, judged.order.state) &&
            hold(action.when, judged))
            out.push_back(action.name);
    return out;
}

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
    return out.empty() ? "none" : out;
}

}  // namespace citybridge::desk
