#pragma once
// What the store knows of contacts and agents and live answers show: in memory,
// because nothing that is live waits for a disk. Filled once from the store;
// every later change passes here. Any thread.
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/api/events.h"
#include "core/store/reader.h"

namespace citybridge::gateway {

class CentreMemory {
public:
    static constexpr Millis kReach{7LL * 86'400'000};

    // The last days. What heard() and the others have said meanwhile stays. Code "store.*".
    Result<> fill(store::Readers& readers, WallTime now);
    // The live strand's listener: a conversation that ends wants a disposition.
    void heard(const EventPtr& event);
    // It has one, committed.
    void judged(const std::string& contact, const std::string& code);
    // All of this user's, committed.
    void put_skills(const std::string& user, const std::vector<SkillRecord>& rows);

    std::string code_of(const std::string& contact) const;  // empty: none, or too long ago
    // Conversations of this agent that ended from then on and have none.
    std::vector<std::string> missing_of(const std::string& agent, WallTime since) const;
    std::vector<std::string> skills_of(const std::string& user) const;

private:
    static constexpr std::size_t kMost = 50'000;

    void put_missing(const WrapUpRecord& row);  // under mutex_

    mutable std::mutex mutex_;
    std::unordered_map<std::string, std::string> codes_;      // by contact
    std::deque<std::string> judged_;                          // in codes_, the oldest first
    std::unordered_map<std::string, WrapUpRecord> missing_;   // by contact
    std::deque<std::string> ended_;                           // once in missing_, the oldest first
    std::map<std::string, std::vector<std::string>> skills_;  // by user
};

}  // namespace citybridge::gateway
