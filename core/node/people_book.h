#pragma once
// Which user is which agent, and in which group: those of the configuration and
// those of the store. Thread-safe.
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "core/api/records.h"
#include "core/gateway/roles.h"
#include "core/reports/builder.h"

namespace citybridge {

class PeopleBook {
public:
    void set_configured(const std::vector<User>& users);
    // A user of the same name in the configuration wins.
    void put_stored(const UserRecord& row);
    void remove_stored(const std::string& name);

    // Grows with every set_configured(). The users of the configuration as rows, without secrets.
    std::uint64_t version() const;
    std::vector<UserRecord> configured() const;
    // His first group; empty: the agent is no user's, or has none.
    std::string group_of(const std::string& agent) const;
    std::vector<std::string> groups_of(const std::string& agent) const;
    reports::People people() const;

private:
    struct Person {
        std::string agent;
        std::vector<std::string> groups;
    };
    void index();

    mutable std::mutex mutex_;
    std::map<std::string, Person> configured_, stored_;  // by user
    std::vector<UserRecord> configured_rows_;
    std::uint64_t version_ = 0;
    std::map<std::string, std::vector<std::string>> groups_of_;  // by agent
    reports::People people_;
};

}  // namespace citybridge
