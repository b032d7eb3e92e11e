#include <algorithm>

#include "core/host/config_elements.h"

namespace citybridge {
namespace {

bool is_role(std::string_view role) {
    return std::find(std::begin(kRoles), std::end(kRoles), role) != std::end(kRoles);
}

std::string known_roles() {
    std::string out;
    for (const auto role : kRoles) out += (out.empty() ? "" : ", ") + std::string(role);
    return out;
}

void judge(const UserConfig& user, const Attributes& attributes, const NodeConfig& config, Problems& problems) {
    if (!user.name.empty() && !is_identifier(user.name))
        problems.push_back({attributes.where("name"),
                            "user name \"" + user.name + "\" may hold letters, digits and . _ - @ only, at most 64"});
    const auto same = std::find_if(config.users.begin(), config.users.end(),
                                   [&](const UserConfig& other) { return other.name == user.name; });
    if (!user.name.empty() && same != config.users.end())
        problems.push_back({attributes.where("name"), "user \"" + user.name + "\" is defined twice, first at " +
                                                          same->where.file + ':' + std::to_string(same->where.line) +
                                                          "; keep one"});
    if (!user.role.empty() && !is_role(user.role))
        problems.push_back(
            {attributes.where("role"), "unknown role \"" + user.role + "\"; known are " + known_roles()});
    if (user.role == "agent" && user.agent.empty())
        problems.push_back(
            {user.where,
             "user \"" + user.name + "\" has role agent but no agent id; add agent=\"...\" " + "as the PBX names it"});
    if (user.password_hash.empty() && user.token_hash.empty())
        problems.push_back(
            {user.where, "user \"" + user.name + "\" cannot sign in; add password_hash=\"...\" or token_hash=\"...\""});
}

}  // namespace

void read_users(const XmlFile& file, pugi::xml_node element, NodeConfig& config, Problems& problems) {
    Attributes(file, element, problems).refuse_rest();
    for_elements(file, element, problems, [&](pugi::xml_node child) {
        if (std::string_view(child.name()) != "user") {
            problems.push_back(
                {file.where(child), "unknown element <" + std::string(child.name()) + "> in <users>; known is <user>"});
            return;
        }
        Attributes attributes(file, child, problems);
        UserConfig user;
        user.where = file.where(child);
        user.name = attributes.take_required("name");
        user.role = attributes.take_required("role");
        user.agent = attributes.take("agent");
        user.device = attributes.take("device");
        user.groups = list_value(attributes.take("groups"));
        user.password_hash = attributes.take("password_hash");
        user.token_hash = attributes.take("token_hash");
        attributes.refuse_rest();
        judge(user, attributes, config, problems);
        for_elements(file, child, problems, [&](pugi::xml_node inner) {
            problems.push_back({file.where(inner), "<user> holds no elements; write its facts as attributes"});
        });
        config.users.push_back(std::move(user));
    });
}

}  // namespace citybridge
