#pragma once
// Who sees what, for the stream, its snapshot and the lists alike. Pure.
#include <string>
#include <vector>

#include "core/api/events.h"
#include "core/gateway/roles.h"

namespace citybridge::gateway {

struct Viewer {
    std::string user;
    Role role = Role::agent;
    std::string agent;  // agent id, empty if he takes no calls
    std::vector<std::string> groups{};
};
inline Viewer viewer_of(const User& user) { return {user.name, user.role, user.agent, user.groups}; }

// Whom an event concerns, worked out once per event and not per client.
struct Audience {
    enum class Kind { contact, offer, agent, command, order, paper, node } kind = Kind::node;
    std::vector<std::string> agents;   // of the contact, the offer or the agent
    std::string user;                  // who asked for the command, or owns the order
    std::vector<std::string> users{};  // of a paper
    std::vector<std::string> groups{};
    bool everybody = false;
};
Audience audience_of(const Event& event);

bool may_see(const Viewer& viewer, const Audience& audience);
bool may_see(const Viewer& viewer, const Contact& contact);
bool may_see(const Viewer& viewer, const Agent& agent);

}  // namespace citybridge::gateway
