#include "core/gateway/user_directory.h"

#include <algorithm>

#include "core/gateway/crypto.h"
#include "core/gateway/passwords.h"

namespace citybridge::gateway {
namespace {

constexpr std::size_t kShortestPassword = 8;

bool has(const std::vector<User>& users, const std::string& name) {
    return std::any_of(users.begin(), users.end(), [&](const User& user) { return user.name == name; });
}

}  // namespace

bool is_system(const User& user) { return user.role == Role::erp || user.role == Role::node; }

Result<> set_password(User& user, const std::string& password) {
    if (password.size() < kShortestPassword)
        return Error{"request.bad_field",
                     "Field 'password' needs at least " + std::to_string(kShortestPassword) + " bytes."};
    user.password_hash = hash_password(password);
    return ok();
}

std::string give_token(User& user) {
    if (!is_system(user)) return {};
    std::string token = random_hex(32);
    user.token_hash = sha256_hex(token);
    return token;
}

User user_of(const UserRecord& row) {
    User user;
    user.name = row.name;
    user.role = role_from(row.role).value_or(Role::agent);
    user.groups = row.groups;
    user.device = row.device;
    user.agent = row.agent;
    user.password_hash = row.password_hash;
    user.token_hash = row.token_hash;
    return user;
}

UserRecord record_of(const User& user, WallTime now) {
    return {user.name,       std::string(to_string(user.role)),
            user.groups,     user.device,
            user.agent,      user.password_hash,
            user.token_hash, now};
}

std::vector<User> UserDirectory::merged(const std::vector<User>& configured, const std::vector<User>& stored) const {
    std::vector<User> out = configured;
    for (const User& user : stored)
        if (!has(configured, user.name)) out.push_back(user);
    return out;
}

void UserDirectory::put(std::vector<User>& users, User user) {
    std::erase_if(users, [&](const User& each) { return each.name == user.name; });
    users.push_back(std::move(user));
}

Result<> UserDirectory::set_configured(std::vector<User> users) {
    const std::lock_guard lock(mutex_);
    std::vector<User> all = merged(users, stored_);
    if (Result<> checked = SessionStore::check(all); !checked) return checked;
    configured_ = std::move(users);
    sessions_.set_users(std::move(all));
    return ok();
}

Result<> UserDirectory::check(const UserRecord& row) const {
    const std::lock_guard lock(mutex_);
    std::vector<User> stored = stored_;
    put(stored, user_of(row));
    return SessionStore::check(merged(configured_, stored));
}

Result<> UserDirectory::put_stored(const UserRecord& row) {
    const std::lock_guard lock(mutex_);
    std::vector<User> stored = stored_;
    put(stored, user_of(row));
    std::vector<User> all = merged(configured_, stored);
    if (Result<> checked = SessionStore::check(all); !checked) return checked;
    stored_ = std::move(stored);
    sessions_.set_users(std::move(all));
    return ok();
}

void UserDirectory::remove_stored(const std::string& name) {
    const std::lock_guard lock(mutex_);
    std::erase_if(stored_, [&](const User& user) { return user.name == name; });
    sessions_.set_users(merged(configured_, stored_));
}

bool UserDirectory::is_configured(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    return has(configured_, name);
}

bool UserDirectory::is_stored(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    return has(stored_, name);
}

}  // namespace citybridge::gateway
