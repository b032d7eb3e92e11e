#pragma once
// Collects the list answers taken after connecting into one Snapshot. What a
// user may not list is missing; the rest is used.
#include <array>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/asterisk/translate.h"

namespace citybridge::asterisk {

// The actions asked, in this order: bridges before the channels in them.
inline constexpr std::array<std::string_view, 6> kSnapshotActions{"BridgeList",  "Status",      "CoreShowChannels",
                                                                  "ParkedCalls", "QueueStatus", "DeviceStateList"};

class SnapshotBuilder {
public:
    explicit SnapshotBuilder(Translator& translator) : translator_(translator) {}

    // One item of any of the lists.
    void add(const Message& item, WallTime now);
    signal::Snapshot finish();

private:
    void add_channel(const Message& item, WallTime now);
    void add_queue_caller(const Message& item, WallTime now);
    void link_dials();
    std::string reached_by(std::size_t caller, std::size_t rung) const;

    // What a channel runs; of a phone that is rung: "AppDial" or "AppQueue", "(Outgoing Line)";
    // of one rung for a command until it is answered: "AppDial2".
    struct Running {
        std::string application;
        std::string data;
        std::string extension;
    };
    struct Slot {
        std::string name;
        std::string parked_by;
    };

    Translator& translator_;
    signal::Snapshot snapshot_;
    std::vector<Running> running_;  // of snapshot_.channels, in their order
    std::map<std::string, BridgeKind, std::less<>> bridges_;
    std::map<std::string, std::string, std::less<>> dialled_;  // by channel
    std::map<std::string, Slot, std::less<>> parked_;          // by channel
};

}  // namespace citybridge::asterisk
