#include "core/gateway/visibility.h"

#include <algorithm>

namespace citybridge::gateway {
namespace {

std::vector<std::string> agents_of(const Contact& contact) {
    std::vector<std::string> out;
    for (const Leg& leg : contact.legs)
        if (!leg.agent.empty()) out.push_back(leg.agent);
    for (const Offer& offer : contact.offers)
        if (!offer.agent.empty()) out.push_back(offer.agent);
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

struct AudienceOf {
    Audience operator()(const ContactChanged& e) const { return {Audience::Kind::contact, agents_of(*e.contact), {}}; }
    Audience operator()(const OfferChanged& e) const { return {Audience::Kind::offer, {e.offer.agent}, {}}; }
    Audience operator()(const AgentChanged& e) const { return {Audience::Kind::agent, {e.agent->id}, {}}; }
    Audience operator()(const CommandFinished& e) const { return {Audience::Kind::command, {}, e.user}; }
    Audience operator()(const OrderChanged& e) const {
        return {Audience::Kind::order, {}, e.owner, e.told, e.told_groups};
    }
    Audience operator()(const PaperChanged& e) const {
        return {Audience::Kind::paper, {}, {}, e.users, e.groups, e.everybody};
    }
    Audience operator()(const PbxLinkChanged&) const { return {Audience::Kind::node, {}, {}}; }
};

bool shares(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    return std::any_of(a.begin(), a.end(),
                       [&](const std::string& each) { return std::find(b.begin(), b.end(), each) != b.end(); });
}

bool concerns(const Viewer& viewer, const std::vector<std::string>& agents) {
    return !viewer.agent.empty() && std::find(agents.begin(), agents.end(), viewer.agent) != agents.end();
}

}  // namespace

Audience audience_of(const Event& event) { return std::visit(AudienceOf{}, event); }

bool may_see(const Viewer& viewer, const Audience& audience) {
    if (audience.kind == Audience::Kind::command)
        return viewer.role == Role::admin || (viewer.role != Role::node && viewer.user == audience.user);
    switch (viewer.role) {
        case Role::team_lead:
        case Role::supervisor:
        case Role::quality:
        case Role::admin: return true;
        case Role::agent:
            if (audience.kind == Audience::Kind::order)
                return viewer.user == audience.user || shares(audience.users, {viewer.user}) ||
                       shares(audience.groups, viewer.groups);
            if (audience.kind == Audience::Kind::paper)
                return audience.everybody || shares(audience.users, {viewer.user}) ||
                       shares(audience.groups, viewer.groups);
            return concerns(viewer, audience.agents);
        case Role::erp: return audience.kind == Audience::Kind::contact || audience.kind == Audience::Kind::order;
        case Role::node: return false;
    }
    return false;
}

bool may_see(const Viewer& viewer, const Contact& contact) {
    return may_see(viewer, Audience{Audience::Kind::contact, agents_of(contact), {}});
}

bool may_see(const Viewer& viewer, const Agent& agent) {
    return may_see(viewer, Audience{Audience::Kind::agent, {agent.id}, {}});
}

}  // namespace citybridge::gateway
