#pragma once
// Everybody, how many open orders each owns, and who is signed in: what an order
// is assigned by. Loaded once and kept up with every commit.
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/api/changes.h"
#include "core/api/events.h"

namespace citybridge {

// By owner: how the number of his open orders changes.
using OpenOrderDeltas = std::unordered_map<std::string, std::int64_t>;

class PeopleCache {
public:
    // Any thread: agents come and go.
    void heard(const Event& event);

    // The durable strand's.
    bool loaded() const { return loaded_; }
    // Users of the configuration, of this version of it: they work beside the store's, and win over one of their name.
    std::uint64_t configured() const { return configured_version_; }
    void configure(const std::vector<UserRecord>& users, std::uint64_t version);
    void load(const std::vector<UserRecord>& users, const std::vector<std::pair<std::string, std::int64_t>>& open);
    // Before the first step: all there are.
    void load_skills(const std::vector<SkillRecord>& skills);
    void load_blocked(const std::vector<BlockedAddressRecord>& rows);
    // As committed. Who was in doubt is loaded again when somebody next asks.
    void committed(const Changes& changes, const OpenOrderDeltas& deltas);
    void forget() { loaded_ = false; }

    std::vector<const UserRecord*> people() const;
    std::int64_t open_orders(const std::string& user) const;
    bool signed_in(const UserRecord& user) const;
    // Given to him (by a test he passed, or a team lead), or by his queues at the PBX while he is signed in.
    bool has_skill(const UserRecord& user, const std::string& skill) const;
    // Null: he may be written to there.
    const BlockedAddressRecord* blocked(const std::string& address, const std::string& channel) const;

private:
    bool loaded_ = false;
    std::map<std::string, UserRecord> users_;
    std::map<std::string, UserRecord> configured_;
    std::uint64_t configured_version_ = 0;
    OpenOrderDeltas open_;
    std::map<std::string, std::set<std::string>> skills_;                          // by user name
    std::map<std::pair<std::string, std::string>, BlockedAddressRecord> blocked_;  // by address and channel
    mutable std::mutex mutex_;
    std::map<std::string, std::set<std::string>> agents_;  // guarded by mutex_: signed in, with their queues
};

}  // namespace citybridge
