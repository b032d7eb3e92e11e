#pragma once
// Who may do what (DESIGN section 6). A user is a person or a system with one role.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace citybridge {

enum class Role { agent, team_lead, supervisor, quality, admin, erp, node };
std::string_view to_string(Role value);
std::optional<Role> role_from(std::string_view word);

// From the configuration. A person logs in with a password; a system (erp,
// node) shows a fixed token. Neither is kept in clear.
struct User {
    std::string name;
    Role role = Role::agent;
    std::vector<std::string> groups;
    std::string device;         // "SIP/1001"
    std::string agent;          // agent id, empty if he takes no calls
    std::string password_hash;  // "scrypt$N$r$p$salt$hash" (passwords.h); empty: cannot log in
    std::string token_hash;     // sha256 in lower-case hex of a fixed API token; empty: none
};

}  // namespace citybridge
