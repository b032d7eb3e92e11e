#include "core/node/store_users.h"

#include "core/gateway/crypto.h"
#include "core/node/config_users.h"
#include "core/node/store_settings.h"

namespace citybridge {

Result<std::unique_ptr<StoreUsers>> StoreUsers::open(const NodeConfig& config) {
    Problems problems;
    const StoreConfig section = read_store(config, problems);
    if (!problems.empty()) return Error{"config.invalid", to_string(problems.front())};
    std::unique_ptr<StoreUsers> users(new StoreUsers);
    // A node that runs would not know of what is written behind its back.
    auto lock = store::lock_store(store_settings(section));
    if (!lock) return lock.error();
    users->lock_ = std::move(*lock);
    auto store = store::open_store(store_settings(section));
    if (!store) return store.error();
    users->store_ = std::move(*store);
    auto readers = store::open_readers(store_settings(section), 1);
    if (!readers) return readers.error();
    const auto rows = (*readers)->users();
    if (!rows) return rows.error();
    if (auto set = users->directory_.set_configured(users_of(config)); !set) return set.error();
    for (const UserRecord& row : *rows)
        if (auto put = users->directory_.put_stored(row); !put) return put.error();
    return users;
}

Result<> StoreUsers::commit(const Changes& changes) {
    const auto outcome = store_->commit("cli-" + gateway::random_hex(8), changes, system_now().wall);
    return outcome.commit == store::Commit::done ? ok() : Result<>(outcome.error);
}

Result<std::string> StoreUsers::add(User user, const std::string& password) {
    if (directory_.is_configured(user.name) || directory_.is_stored(user.name))
        return Error{"user.exists", "a user has the name " + user.name + " already; choose another"};
    std::string token = gateway::give_token(user);
    if (token.empty())
        if (auto set = gateway::set_password(user, password); !set) return set.error();
    const UserRecord row = gateway::record_of(user, system_now().wall);
    if (auto checked = directory_.check(row); !checked) return checked.error();
    Changes changes;
    changes.users.push_back(row);
    if (auto kept = commit(changes); !kept) return kept.error();
    if (auto put = directory_.put_stored(row); !put) return put.error();
    return token;
}

Result<> StoreUsers::remove(const std::string& name) {
    if (directory_.is_configured(name))
        return Error{"user.in_configuration", "remove " + name + " from the configuration file"};
    if (!directory_.is_stored(name)) return Error{"user.unknown", "no user has the name " + name};
    Changes changes;
    changes.removed_users.push_back(name);
    if (auto kept = commit(changes); !kept) return kept;
    directory_.remove_stored(name);
    return ok();
}

}  // namespace citybridge
