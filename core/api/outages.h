#pragma once
// What an adapter did not see: the stretches of time between two snapshots in
// which its link was cut, and the channels it told of all the same. Pure; the
// adapter's lane only.
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/signals.h"

namespace citybridge {

struct Outage {
    WallTime since_up{};  // the link before it was up from then on
    WallTime from{};      // the last sign of life before it
    WallTime to{};        // the snapshot after it
};

// An agent as queues name him.
struct KnownMember {
    std::string agent;
    std::string device;
};

class Outages {
public:
    // What of a batch of signals matters here. Made before the batch is handed over, told if it was taken.
    struct Facts {
        std::vector<std::string> started;
        std::vector<std::string> ended;
        std::optional<std::vector<std::string>> snapshot;
        std::vector<signal::MemberChanged> members;
        bool up = false;
        bool down = false;
    };
    static Facts facts_of(std::span<const PbxSignal> signals);
    void told(Facts facts, WallTime now);
    // Bytes came over the link.
    void heard(WallTime now) { heard_ = now; }

    bool link_is_up() const { return up_; }
    // Those that are over and were not forgotten, the oldest first; at most kMostOutages.
    const std::vector<Outage>& outages() const { return outages_; }
    void forget_outages() { outages_.clear(); }

    // The call book was told of this channel; true for kRemembered after its end.
    bool told_of(const std::string& channel) const { return live_.contains(channel) || gone_.contains(channel); }
    // By his name in the queue, or by his device. Null: none of this name is known.
    const KnownMember* member(const std::string& name_or_device) const;

    static constexpr Millis kRemembered{300'000};
    static constexpr std::size_t kMostOutages = 100;

private:
    void end(const std::string& channel, WallTime now);
    void forget_gone(WallTime now);

    bool up_ = false;
    WallTime heard_{};
    WallTime up_since_{};
    std::optional<Outage> open_;
    std::vector<Outage> outages_;
    std::set<std::string> live_;
    std::set<std::string> gone_;
    std::deque<std::pair<WallTime, std::string>> gone_at_;
    std::map<std::string, KnownMember> members_;
};

}  // namespace citybridge
