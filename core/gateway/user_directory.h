#pragma once
// Who may log in: users of the configuration file and users of the store. A
// name is in one of them; the file's users are not changed by the API.
// Thread-safe.
#include <mutex>
#include <vector>

#include "core/api/records.h"
#include "core/api/result.h"
#include "core/gateway/session_store.h"

namespace citybridge::gateway {

class UserDirectory {
public:
    explicit UserDirectory(SessionStore& sessions) : sessions_(sessions) {}

    // Code "gateway.users_invalid": nothing changed.
    Result<> set_configured(std::vector<User> users);
    // New or changed; committed before. A user of the same name in the file wins.
    Result<> put_stored(const UserRecord& row);
    void remove_stored(const std::string& name);
    bool is_configured(const std::string& name) const;
    bool is_stored(const std::string& name) const;
    // What put_stored would say.
    Result<> check(const UserRecord& row) const;

private:
    std::vector<User> merged(const std::vector<User>& configured, const std::vector<User>& stored) const;
    static void put(std::vector<User>& users, User user);

    SessionStore& sessions_;
    mutable std::mutex mutex_;
    std::vector<User> configured_;
    std::vector<User> stored_;
};

bool is_system(const User& user);  // shows a token instead of a password
// Keeps its hash. Code "request.bad_field": too short.
Result<> set_password(User& user, const std::string& password);
// A system's token, made here to be told once, kept as its hash; empty for a person.
std::string give_token(User& user);

User user_of(const UserRecord& row);
UserRecord record_of(const User& user, WallTime now);

}  // namespace citybridge::gateway
