#include "adapters/asterisk/snapshot.h"

#include <utility>

#include "adapters/asterisk/words.h"

namespace citybridge::asterisk {

void SnapshotBuilder::add(const Message& item, WallTime now) {
    const std::string_view name = item.name();
    if (name == "CoreShowChannel") {
        add_channel(item, now);
    } else if (name == "QueueMember") {
        snapshot_.members.push_back(translator_.queue_member(item));
    } else if (name == "QueueEntry") {
        add_queue_caller(item, now);
    } else if (name == "DeviceStateChange") {
        if (auto device = translator_.device(item)) snapshot_.members.push_back(std::move(*device));
    } else if (name == "BridgeListItem") {
        bridges_[std::string(item.get("BridgeUniqueid"))] =
            bridge_kind(item.get("BridgeType"), item.get("BridgeTechnology"), item.get("BridgeCreator"));
    } else if (name == "Status") {
        // Where the channel was sent at first; its Exten is only where it is now.
        dialled_[std::string(item.get("Uniqueid"))] = known(item.get("DNID"));
    }
}

void SnapshotBuilder::add_channel(const Message& item, WallTime now) {
    signal::SnapshotChannel channel;
    channel.id = known(item.get("Uniqueid"));
    if (channel.id.empty()) return;
    channel.group = known(item.get("Linkedid"));
    channel.started = translator_.channel(item);
    channel.started_at = now - std::chrono::seconds(seconds_of_duration(item.get("Duration")));
    const std::string_view bridge = item.get("BridgeId");
    channel.bridge = bridge.empty() ? item.get("BridgeID") : bridge;
    channel.application = application(item.get("Application"));
    snapshot_.channels.push_back(std::move(channel));
}

void SnapshotBuilder::add_queue_caller(const Message& item, WallTime now) {
    signal::SnapshotQueueCaller caller;
    caller.queue = item.get("Queue");
    caller.channel = known(item.get("Uniqueid"));
    caller.entered_at = now - std::chrono::seconds(to_int(item.get("Wait")));
    if (!caller.channel.empty()) snapshot_.queue_callers.push_back(std::move(caller));
}

signal::Snapshot SnapshotBuilder::finish() {
    for (signal::SnapshotChannel& channel : snapshot_.channels) {
        if (const auto bridge = bridges_.find(channel.bridge); bridge != bridges_.end()) {
            channel.bridge_kind = bridge->second;
        } else if (channel.application == Application::conference) {
            channel.bridge_kind = BridgeKind::conference;
        }
        if (const auto dialled = dialled_.find(channel.id); dialled != dialled_.end())
            channel.started.dialled = dialled->second;
    }
    return std::exchange(snapshot_, {});
}

}  // namespace citybridge::asterisk
