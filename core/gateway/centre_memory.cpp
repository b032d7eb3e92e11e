#include "core/gateway/centre_memory.h"

#include <algorithm>

#include "core/desk/wrap_up.h"
#include "core/store/disposition_reader.h"

namespace citybridge::gateway {

Result<> CentreMemory::fill(store::Readers& readers, WallTime now) {
    const auto codes = store::recent_dispositions(readers, now - kReach, kMost / 2);
    if (codes)
        for (auto row = codes->rbegin(); row != codes->rend(); ++row) judged(row->contact, row->code);
    store::MissingQuery query;
    query.since = now - kReach;
    query.limit = kMost / 2;
    const auto missing = readers.papers().missing_dispositions(query);
    if (missing) {
        const std::lock_guard lock(mutex_);
        for (const store::MissingDisposition& row : *missing) put_missing(row.wrap_up);
    }
    const auto skills = readers.papers().skills({});
    if (skills) {
        std::map<std::string, std::vector<SkillRecord>> by_user;
        for (const SkillRecord& row : *skills) by_user[row.user].push_back(row);
        for (const auto& [user, rows] : by_user) put_skills(user, rows);
    }
    if (!codes) return codes.error();
    if (!missing) return missing.error();
    return skills ? ok() : Result<>(skills.error());
}

void CentreMemory::heard(const EventPtr& event) {
    const auto* changed = std::get_if<ContactChanged>(&event->event);
    if (changed == nullptr || changed->what != ContactChanged::What::ended) return;
    const auto row = desk::wrap_up_of(*changed->contact);
    if (!row) return;
    const std::lock_guard lock(mutex_);
    put_missing(*row);
}

void CentreMemory::put_missing(const WrapUpRecord& row) {
    if (codes_.contains(row.contact) || !missing_.emplace(row.contact, row).second) return;
    ended_.push_back(row.contact);
    if (ended_.size() <= kMost) return;
    missing_.erase(ended_.front());
    ended_.pop_front();
}

void CentreMemory::judged(const std::string& contact, const std::string& code) {
    const std::lock_guard lock(mutex_);
    missing_.erase(contact);
    const bool fresh = codes_.insert_or_assign(contact, code).second;
    if (!fresh) return;
    judged_.push_back(contact);
    if (judged_.size() <= kMost) return;
    codes_.erase(judged_.front());
    judged_.pop_front();
}

void CentreMemory::put_skills(const std::string& user, const std::vector<SkillRecord>& rows) {
    std::vector<std::string> names;
    for (const SkillRecord& row : rows)
        if (row.user == user && !row.revoked_at) names.push_back(row.skill);
    const std::lock_guard lock(mutex_);
    skills_[user] = std::move(names);
}

std::string CentreMemory::code_of(const std::string& contact) const {
    const std::lock_guard lock(mutex_);
    const auto found = codes_.find(contact);
    return found == codes_.end() ? std::string() : found->second;
}

std::vector<std::string> CentreMemory::missing_of(const std::string& agent, WallTime since) const {
    std::vector<const WrapUpRecord*> found;
    const std::lock_guard lock(mutex_);
    for (const auto& [contact, row] : missing_)
        if (row.agent == agent && row.ended_at >= since) found.push_back(&row);
    std::sort(found.begin(), found.end(),
              [](const WrapUpRecord* a, const WrapUpRecord* b) { return a->ended_at < b->ended_at; });
    std::vector<std::string> out;
    out.reserve(found.size());
    for (const WrapUpRecord* row : found) out.push_back(row->contact);
    return out;
}

std::vector<std::string> CentreMemory::skills_of(const std::string& user) const {
    const std::lock_guard lock(mutex_);
    const auto found = skills_.find(user);
    return found == skills_.end() ? std::vector<std::string>{} : found->second;
}

}  // namespace citybridge::gateway
