#pragma once
// The answers to the questions asked after connecting, made one Snapshot. What
// cannot be read or is not there (no mod_callcenter) is missing; the rest is used.
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "adapters/freeswitch/translate.h"

namespace citybridge::freeswitch {

enum class Listing { channels, calls, agents, tiers, queues, queue_members };

// The question: an api command.
std::string listing_command(Listing listing, std::string_view queue = {});

class SnapshotBuilder {
public:
    explicit SnapshotBuilder(Translator& translator) : translator_(translator) {}

    // False: the answer is none of this question.
    bool add(Listing listing, std::string_view answer);
    // Of Listing::queues.
    const std::vector<std::string>& queues() const { return queues_; }
    // Also tells the translator what there is.
    signal::Snapshot finish(WallTime now);
    // Channels on hold.
    const std::vector<std::string>& held() const { return held_; }

private:
    bool add_channels(std::string_view answer);
    bool add_calls(std::string_view answer);
    void add_row(Listing listing, const std::vector<std::string_view>& names, const std::vector<std::string_view>& row);
    void link_agents();
    void link_numbers();

    struct Serving {
        std::string agent;
        std::string channel;
    };

    struct Entry {
        std::string channel;
        std::string queue;
        std::string id;
    };

    Translator& translator_;
    signal::Snapshot snapshot_;
    std::vector<Entry> entries_;  // of callers in queues
    std::vector<std::pair<std::string, std::string>> calls_;
    std::vector<std::string> queues_;
    std::vector<CallcenterAgent> agents_;
    std::vector<std::pair<std::string, std::string>> tiers_;  // agent, queue
    std::vector<Serving> serving_;
    std::vector<std::string> held_;
    std::vector<std::string> early_;                           // called, and heard before they answer
    std::unordered_map<std::string, std::string> caller_ids_;  // shown to whom a leg rings, by its channel
};

}  // namespace citybridge::freeswitch
