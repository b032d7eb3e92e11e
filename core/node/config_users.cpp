#include "core/node/config_users.h"

namespace citybridge {

std::vector<User> users_of(const NodeConfig& config) {
    std::vector<User> users;
    for (const UserConfig& each : config.users) {
        User user;
        user.name = each.name;
        user.role = role_from(each.role).value_or(Role::agent);  // the words were checked with the file
        user.groups = each.groups;
        user.device = each.device;
        user.agent = each.agent;
        user.password_hash = each.password_hash;
        user.token_hash = each.token_hash;
        users.push_back(std::move(user));
    }
    return users;
}

}  // namespace citybridge
