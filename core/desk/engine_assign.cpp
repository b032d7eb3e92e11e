// Whose an order becomes. An order never loses its owner and group for nobody.
#include <algorithm>

#include "core/desk/engine.h"

namespace citybridge::desk {
namespace {

bool is_person(const Actor& actor) { return actor.role != "system" && actor.role != "erp" && actor.role != "node"; }

// Signed in before absent, then the fewest open orders, then by name, so that the same rows decide the same.
const UserRecord* least_busy(const View& view, const std::vector<const UserRecord*>& candidates) {
    const auto rank = [&](const UserRecord* user) {
        return std::tuple{!view.signed_in(*user), view.open_orders(user->name), user->name};
    };
    const auto it = std::min_element(candidates.begin(), candidates.end(),
                                     [&](const auto* a, const auto* b) { return rank(a) < rank(b); });
    return it == candidates.end() ? nullptr : *it;
}

}  // namespace

bool Engine::assign(const AssignDef& def) {
    using To = AssignDef::To;
    if (!hold(def.when, judged())) return false;
    OrderRecord& order = step_.order();
    std::string owner;
    std::string group = order.group;
    std::vector<const UserRecord*> candidates;
    switch (def.to) {
        case To::owner: return !order.owner.empty();
        case To::call_taker:
            // While it is opened he is the asker.
            owner = opener_of(order).empty() && is_person(context_.actor()) ? context_.actor().user : opener_of(order);
            if (owner == "system") owner.clear();
            break;
        case To::asker:
            if (is_person(context_.actor())) owner = context_.actor().user;
            break;
        case To::user: owner = def.name; break;
        case To::group:
            order.group = def.name;
            order.owner.clear();
            return true;
        case To::least_busy:
            for (const UserRecord* user : context_.view.people())
                if (user->role == "agent" && listed(user->groups, def.name)) candidates.push_back(user);
            if (const UserRecord* user = least_busy(context_.view, candidates)) owner = user->name;
            // The group's, if it has nobody: its team lead sees it there.
            order.group = def.name;
            order.owner = owner;
            return true;
        case To::skill:
            for (const UserRecord* user : context_.view.people())
                if (user->role == "agent" && context_.view.has_skill(*user, def.name)) candidates.push_back(user);
            if (const UserRecord* user = least_busy(context_.view, candidates)) {
                owner = user->name;
                if (!user->groups.empty() && !listed(user->groups, group)) group = user->groups.front();
            }
            break;
        case To::team_lead:
            for (const UserRecord* user : context_.view.people())
                if (user->role == "team_lead" && listed(user->groups, order.group)) candidates.push_back(user);
            if (const UserRecord* user = least_busy(context_.view, candidates)) owner = user->name;
            break;
        case To::directory:
        case To::chain: {
            const auto found =
                targets({def.to == To::chain ? Recipient::Kind::chain : Recipient::Kind::directory, def.name});
            if (!found.empty()) owner = found.front().user;
            break;
        }
        case To::field: {
            const FieldDef* field = flow_.field(def.name);
            const std::string value = value_text(order, def.name);
            if (field == nullptr || value.empty()) return false;
            if (field->type == FieldType::group) {
                order.group = value;
                order.owner.clear();
                return true;
            }
            owner = value;
            break;
        }
    }
    if (owner.empty()) return false;
    order.owner = owner;
    order.group = group;
    return true;
}

}  // namespace citybridge::desk
