#include "core/node/people_cache.h"

namespace citybridge {

void PeopleCache::heard(const Event& event) {
    const auto* changed = std::get_if<AgentChanged>(&event);
    if (changed == nullptr) return;
    const Agent& agent = *changed->agent;
    const std::lock_guard lock(mutex_);
    if (agent.state == AgentPresence::logged_out)
        agents_.erase(agent.id);
    else
        agents_[agent.id] = {agent.queues.begin(), agent.queues.end()};
}

void PeopleCache::load(const std::vector<UserRecord>& users,
                       const std::vector<std::pair<std::string, std::int64_t>>& open) {
    users_.clear();
    open_.clear();
    for (const UserRecord& user : users) users_[user.name] = user;
    for (const auto& [owner, count] : open) open_[owner] = count;
    loaded_ = true;
}

void PeopleCache::configure(const std::vector<UserRecord>& users, std::uint64_t version) {
    configured_.clear();
    for (const UserRecord& user : users) configured_[user.name] = user;
    configured_version_ = version;
}

void PeopleCache::load_skills(const std::vector<SkillRecord>& skills) {
    for (const SkillRecord& row : skills) {
        if (row.revoked_at)
            skills_[row.user].erase(row.skill);
        else
            skills_[row.user].insert(row.skill);
    }
}

void PeopleCache::load_blocked(const std::vector<BlockedAddressRecord>& rows) {
    for (const BlockedAddressRecord& row : rows) {
        if (row.blocked)
            blocked_.insert_or_assign({row.address, row.channel}, row);
        else
            blocked_.erase({row.address, row.channel});
    }
}

const BlockedAddressRecord* PeopleCache::blocked(const std::string& address, const std::string& channel) const {
    const auto found = blocked_.find({address, channel});
    return found == blocked_.end() ? nullptr : &found->second;
}

void PeopleCache::committed(const Changes& changes, const OpenOrderDeltas& deltas) {
    load_skills(changes.papers.skills);
    load_blocked(changes.verification.blocked);
    if (!loaded_) return;
    for (const UserRecord& user : changes.users) users_[user.name] = user;
    for (const std::string& name : changes.removed_users) users_.erase(name);
    for (const auto& [owner, delta] : deltas) open_[owner] += delta;
}

std::vector<const UserRecord*> PeopleCache::people() const {
    std::vector<const UserRecord*> out;
    out.reserve(users_.size() + configured_.size());
    for (const auto& [name, user] : users_)
        if (!configured_.contains(name)) out.push_back(&user);
    for (const auto& [name, user] : configured_) out.push_back(&user);
    return out;
}

std::int64_t PeopleCache::open_orders(const std::string& user) const {
    const auto it = open_.find(user);
    return it == open_.end() ? 0 : it->second;
}

bool PeopleCache::signed_in(const UserRecord& user) const {
    const std::lock_guard lock(mutex_);
    return !user.agent.empty() && agents_.contains(user.agent);
}

bool PeopleCache::has_skill(const UserRecord& user, const std::string& skill) const {
    const auto given = skills_.find(user.name);
    if (given != skills_.end() && given->second.contains(skill)) return true;
    const std::lock_guard lock(mutex_);
    const auto it = agents_.find(user.agent);
    return it != agents_.end() && it->second.contains(skill);
}

}  // namespace citybridge
