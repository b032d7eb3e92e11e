#pragma once
// Users of the store while no node runs: how the first administrator comes to
// be. The same rules as over the API. One thread.
#include <memory>
#include <string>
#include <vector>

#include "core/gateway/user_directory.h"
#include "core/host/config_file.h"
#include "core/store/reader.h"
#include "core/store/store.h"
#include "core/store/store_lock.h"

namespace citybridge {

class StoreUsers {
public:
    // Opens the store, makes it if it is not there; a running node is refused ("store.in_use"). Codes "config.invalid",
    // "store.*", "gateway.users_invalid".
    static Result<std::unique_ptr<StoreUsers>> open(const NodeConfig& config);

    std::vector<User> all() const { return sessions_.users(); }
    // `password`: empty for a system. The answer is the new token, empty for a person.
    // Codes "user.exists", "request.bad_field", "gateway.users_invalid", "store.*".
    Result<std::string> add(User user, const std::string& password);
    // Codes "user.unknown", "user.in_configuration", "store.*".
    Result<> remove(const std::string& name);

private:
    StoreUsers() = default;
    Result<> commit(const Changes& changes);

    gateway::SessionStore sessions_{gateway::SessionLimits{}};
    gateway::UserDirectory directory_{sessions_};
    std::unique_ptr<store::StoreLock> lock_;
    std::unique_ptr<store::Store> store_;
};

}  // namespace citybridge
