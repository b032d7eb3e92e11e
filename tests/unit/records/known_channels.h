#pragma once
// What an adapter knew before and after an outage, for tests of what it did not.
#include "core/api/outages.h"

namespace citybridge::test {

// Told of these channels and members and of nothing else.
inline Outages knowing(const std::vector<std::string>& channels, const std::vector<KnownMember>& members = {},
                       const std::vector<std::string>& names = {}) {
    Outages out;
    Outages::Facts facts;
    facts.started = channels;
    for (std::size_t i = 0; i < members.size(); ++i) {
        signal::MemberChanged member;
        member.agent = members[i].agent;
        member.device = members[i].device;
        if (i < names.size()) member.name = names[i];
        facts.members.push_back(member);
    }
    out.told(std::move(facts), WallTime{});
    return out;
}

inline WallTime utc(const std::string& text) { return from_rfc3339(text).value(); }

// All day of the recordings.
inline const Outage kAllDay{utc("2026-11-21T00:00:00Z"), utc("2026-11-21T00:00:00Z"), utc("2026-11-22T23:59:59Z")};

inline const signal::PastCall& past(const PbxSignal& signal) { return std::get<signal::PastCall>(signal.body); }

inline std::string text_of(const std::optional<WallTime>& at) { return at ? to_rfc3339(*at).substr(11, 8) : "never"; }

}  // namespace citybridge::test
