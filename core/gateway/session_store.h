#pragma once
// Users and their log-ins, in memory. A token is random, 256 bits, and kept
// only as its hash: reading the memory or a dump gives nobody access.
// Thread-safe; never waits for anything but its own lock.
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/api/result.h"
#include "core/api/time.h"
#include "core/gateway/roles.h"

namespace citybridge::gateway {

struct SessionLimits {
    Millis lifetime{12 * 3'600'000};
    Millis idle{2 * 3'600'000};
    std::size_t total = 10'000;
    std::size_t per_user = 20;
};

// Who is asking. `session` names the log-in without being its token.
struct Identity {
    User user;
    std::string session;
    std::optional<WallTime> expires_at;  // none for a fixed API token
};

struct NewSession {
    std::string token;
    WallTime expires_at;
};

class SessionStore {
public:
    explicit SessionStore(SessionLimits limits) : limits_(limits) {}

    // Every problem of the list in one sentence; code "gateway.users_invalid".
    static Result<> check(const std::vector<User>& users);
    void set_users(std::vector<User> users);
    std::vector<User> users() const;
    std::optional<User> find_user(const std::string& name) const;

    // The user's password must have been checked. Ends the oldest log-in when full.
    NewSession open(const User& user, Now now);
    // Counts as use. Nothing for an unknown, expired or revoked token.
    std::optional<Identity> identify(const std::string& token, Now now);
    // The same by `Identity::session`, for a stream that stays open. Counts as use.
    bool still_valid(const std::string& session, Now now);
    void revoke(const std::string& session);
    // Every log-in of this user; their ids, so that their streams can be closed.
    std::vector<std::string> revoke_user(const std::string& user);
    std::size_t size() const;

private:
    struct Session {
        std::string user;
        std::string credential;  // the user's password hash at log-in: a changed password ends it
        std::uint64_t order = 0;
        MonoTime opened{};
        MonoTime used{};
        WallTime expires_at{};
    };
    using Sessions = std::map<std::string, Session>;

    const User* valid_user(const Session& session, Now now) const;
    void make_room(const std::string& user);

    const SessionLimits limits_;
    mutable std::mutex mutex_;
    std::map<std::string, User> users_;
    std::map<std::string, std::string> tokens_;  // fixed API tokens: hash -> user
    Sessions sessions_;                          // by the token's hash
    std::uint64_t opened_ = 0;
};

}  // namespace citybridge::gateway
