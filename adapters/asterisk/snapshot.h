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
inline constexpr std::array<std::string_view, 5> kSnapshotActions{"BridgeList", "Status", "CoreShowChannels",
                                                                  "QueueStatus", "DeviceStateList"};

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

    // What a channel runs; of a phone that is rung: "AppDial" or "AppQueue", "(Outgoing Line)".
    struct Running {
        std::string application;
        std::string data;
    };

    Translator& translator_;
    signal::Snapshot snapshot_;
    std::vector<Running> running_;  // of snapshot_.channels, in their order
    std::map<std::string, BridgeKind, std::less<>> bridges_;
    std::map<std::string, std::string, std::less<>> dialled_;  // by channel
};

}  // namespace citybridge::asterisk
