#include "core/node/people_book.h"

namespace citybridge {

void PeopleBook::set_configured(const std::vector<User>& users) {
    const std::lock_guard lock(mutex_);
    configured_.clear();
    for (const User& user : users)
        configured_[user.name] = {user.agent, user.groups.empty() ? std::string() : user.groups.front()};
    index();
}

void PeopleBook::put_stored(const UserRecord& row) {
    const std::lock_guard lock(mutex_);
    stored_[row.name] = {row.agent, row.groups.empty() ? std::string() : row.groups.front()};
    index();
}

void PeopleBook::remove_stored(const std::string& name) {
    const std::lock_guard lock(mutex_);
    stored_.erase(name);
    index();
}

void PeopleBook::index() {
    group_of_.clear();
    people_ = {};
    for (const auto* list : {&stored_, &configured_})
        for (const auto& [user, person] : *list) {
            if (person.agent.empty()) continue;
            group_of_[person.agent] = person.group;
            people_.agent_of[user] = person.agent;
            people_.user_of[person.agent] = user;
        }
}

std::string PeopleBook::group_of(const std::string& agent) const {
    const std::lock_guard lock(mutex_);
    const auto it = group_of_.find(agent);
    return it == group_of_.end() ? std::string() : it->second;
}

reports::People PeopleBook::people() const {
    const std::lock_guard lock(mutex_);
    return people_;
}

}  // namespace citybridge
