#include "core/gateway/session_store.h"

#include <algorithm>
#include <set>

#include "core/gateway/crypto.h"
#include "core/gateway/passwords.h"

namespace citybridge::gateway {
namespace {

constexpr std::string_view kFixed = "fixed:";

bool is_sha256(std::string_view text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string fault_of(const User& user) {
    const bool system = user.role == Role::erp || user.role == Role::node;
    if (user.name.empty() || user.name.size() > 64) return "needs a name of 1 to 64 bytes";
    if (!user.password_hash.empty() && !is_password_hash(user.password_hash))
        return "has a password hash that is not scrypt$N$r$p$salt$hash";
    if (!user.token_hash.empty() && !is_sha256(user.token_hash))
        return "has a token hash that is not a SHA-256 in lower-case hexadecimal";
    if (!user.token_hash.empty() && !system) return "may not have a fixed token: only the roles erp and node may";
    if (system && !user.password_hash.empty()) return "may not have a password: the roles erp and node use a token";
    if (user.role == Role::agent && user.agent.empty()) return "needs an agent id, because its role is agent";
    return {};
}

}  // namespace

Result<> SessionStore::check(const std::vector<User>& users) {
    std::string faults;
    std::set<std::string> names, tokens;
    for (const User& user : users) {
        std::string fault = fault_of(user);
        if (fault.empty() && !names.insert(user.name).second) fault = "appears twice";
        if (fault.empty() && !user.token_hash.empty() && !tokens.insert(user.token_hash).second)
            fault = "has the same token as another user";
        if (!fault.empty()) faults += "User '" + user.name + "' " + fault + ". ";
    }
    if (faults.empty()) return ok();
    faults.pop_back();
    return Error{"gateway.users_invalid", faults};
}

void SessionStore::set_users(std::vector<User> users) {
    const std::lock_guard lock(mutex_);
    users_.clear();
    tokens_.clear();
    for (User& user : users) {
        if (!user.token_hash.empty()) tokens_[user.token_hash] = user.name;
        const std::string name = user.name;
        users_[name] = std::move(user);
    }
}

std::vector<User> SessionStore::users() const {
    const std::lock_guard lock(mutex_);
    std::vector<User> out;
    for (const auto& [name, user] : users_) out.push_back(user);
    return out;
}

std::optional<User> SessionStore::find_user(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    const auto found = users_.find(name);
    if (found == users_.end()) return std::nullopt;
    return found->second;
}

NewSession SessionStore::open(const User& user, Now now) {
    NewSession created{random_hex(32), now.wall + limits_.lifetime};
    const std::lock_guard lock(mutex_);
    make_room(user.name);
    sessions_[sha256_hex(created.token)] = {user.name, user.password_hash, ++opened_,
                                            now.mono,  now.mono,           created.expires_at};
    return created;
}

const User* SessionStore::valid_user(const Session& session, Now now) const {
    if (now.mono - session.opened >= limits_.lifetime || now.mono - session.used >= limits_.idle) return nullptr;
    const auto user = users_.find(session.user);
    if (user == users_.end() || user->second.password_hash != session.credential) return nullptr;
    return &user->second;
}

std::optional<Identity> SessionStore::identify(const std::string& token, Now now) {
    // Looking up the hash tells nothing about how much of a guessed token was right.
    const std::string hash = sha256_hex(token);
    const std::lock_guard lock(mutex_);
    if (const auto fixed = tokens_.find(hash); fixed != tokens_.end())
        return Identity{users_.at(fixed->second), std::string(kFixed) + hash, std::nullopt};
    const auto found = sessions_.find(hash);
    if (found == sessions_.end()) return std::nullopt;
    const User* user = valid_user(found->second, now);
    if (!user) {
        sessions_.erase(found);
        return std::nullopt;
    }
    found->second.used = now.mono;
    return Identity{*user, hash, found->second.expires_at};
}

bool SessionStore::still_valid(const std::string& session, Now now) {
    const std::lock_guard lock(mutex_);
    if (session.starts_with(kFixed)) return tokens_.contains(session.substr(kFixed.size()));
    const auto found = sessions_.find(session);
    if (found == sessions_.end() || !valid_user(found->second, now)) return false;
    found->second.used = now.mono;
    return true;
}

void SessionStore::revoke(const std::string& session) {
    const std::lock_guard lock(mutex_);
    sessions_.erase(session);
}

std::vector<std::string> SessionStore::revoke_user(const std::string& user) {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> ended;
    for (const auto& [id, session] : sessions_)
        if (session.user == user) ended.push_back(id);
    for (const std::string& id : ended) sessions_.erase(id);
    return ended;
}

std::size_t SessionStore::size() const {
    const std::lock_guard lock(mutex_);
    return sessions_.size();
}

void SessionStore::make_room(const std::string& user) {
    const auto oldest = [&](bool of_user) {
        auto found = sessions_.end();
        for (auto it = sessions_.begin(); it != sessions_.end(); ++it) {
            if (of_user && it->second.user != user) continue;
            if (found == sessions_.end() || it->second.order < found->second.order) found = it;
        }
        return found;
    };
    const auto own =
        std::count_if(sessions_.begin(), sessions_.end(), [&](const auto& entry) { return entry.second.user == user; });
    if (static_cast<std::size_t>(own) >= limits_.per_user)
        sessions_.erase(oldest(true));
    else if (sessions_.size() >= limits_.total)
        sessions_.erase(oldest(false));
}

}  // namespace citybridge::gateway
