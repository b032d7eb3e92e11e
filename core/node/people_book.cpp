#include "core/node/people_book.h"

namespace citybridge {

void PeopleBook::set_configured(const std::vector<User>& users) {
    const std::lock_guard lock(mutex_);
    configured_.clear();
    configured_rows_.clear();
    ++version_;
    for (const User& user : users) {
        configured_[user.name] = {user.agent, user.groups};
        UserRecord& row = configured_rows_.emplace_back();
        row.name = user.name;
        row.role = to_string(user.role);
        row.groups = user.groups;
        row.device = user.device;
        row.agent = user.agent;
    }
    index();
}

void PeopleBook::put_stored(const UserRecord& row) {
    const std::lock_guard lock(mutex_);
    stored_[row.name] = {row.agent, row.groups};
    index();
}

void PeopleBook::remove_stored(const std::string& name) {
    const std::lock_guard lock(mutex_);
    stored_.erase(name);
    index();
}

void PeopleBook::index() {
    groups_of_.clear();
    people_ = {};
    for (const auto* list : {&stored_, &configured_})
        for (const auto& [user, person] : *list) {
            if (person.agent.empty()) continue;
            groups_of_[person.agent] = person.groups;
            people_.agent_of[user] = person.agent;
            people_.user_of[person.agent] = user;
        }
}

std::uint64_t PeopleBook::version() const {
    const std::lock_guard lock(mutex_);
    return version_;
}

std::vector<UserRecord> PeopleBook::configured() const {
    const std::lock_guard lock(mutex_);
    return configured_rows_;
}

std::string PeopleBook::group_of(const std::string& agent) const {
    const std::lock_guard lock(mutex_);
    const auto it = groups_of_.find(agent);
    return it == groups_of_.end() || it->second.empty() ? std::string() : it->second.front();
}

std::vector<std::string> PeopleBook::groups_of(const std::string& agent) const {
    const std::lock_guard lock(mutex_);
    const auto it = groups_of_.find(agent);
    return it == groups_of_.end() ? std::vector<std::string>() : it->second;
}

reports::People PeopleBook::people() const {
    const std::lock_guard lock(mutex_);
    return people_;
}

}  // namespace citybridge
