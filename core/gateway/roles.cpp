#include "core/gateway/roles.h"

#include <array>
#include <utility>

namespace citybridge {
namespace {

constexpr std::array<std::pair<Role, std::string_view>, 7> kWords{{{Role::agent, "agent"},
                                                                   {Role::team_lead, "team_lead"},
                                                                   {Role::supervisor, "supervisor"},
                                                                   {Role::quality, "quality"},
                                                                   {Role::admin, "admin"},
                                                                   {Role::erp, "erp"},
                                                                   {Role::node, "node"}}};

}  // namespace

std::string_view to_string(Role value) {
    for (const auto& [role, word] : kWords)
        if (role == value) return word;
    return "agent";
}

std::optional<Role> role_from(std::string_view word) {
    for (const auto& [role, name] : kWords)
        if (name == word) return role;
    return std::nullopt;
}

}  // namespace citybridge
