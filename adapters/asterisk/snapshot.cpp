#include "adapters/asterisk/snapshot.h"

#include <algorithm>
#include <utility>

#include "adapters/asterisk/words.h"

namespace citybridge::asterisk {
namespace {

// "PJSIP/2001&SIP/1002,20,tT" rings PJSIP/2001; "SIP/trunk/139...", "PJSIP/139...@trunk" ring the trunk.
bool rings(std::string_view dial_data, std::string_view device) {
    std::string_view targets = dial_data.substr(0, dial_data.find(','));
    while (!targets.empty()) {
        const std::string_view target = targets.substr(0, targets.find('&'));
        targets.remove_prefix(std::min(target.size() + 1, targets.size()));
        if (target == device || (target.starts_with(device) && target[device.size()] == '/')) return true;
        const std::size_t slash = target.find('/');
        const std::size_t at = target.find('@');
        if (slash == std::string_view::npos || at == std::string_view::npos || at < slash) continue;
        if (device == std::string(target.substr(0, slash + 1)).append(target.substr(at + 1))) return true;
    }
    return false;
}

}  // namespace

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
    // "601" or "601,profile,menu": the room is what people dial.
    if (channel.application == Application::conference) {
        const std::string_view data = item.get("ApplicationData");
        channel.bridge_name = data.substr(0, data.find(','));
    }
    snapshot_.channels.push_back(std::move(channel));
    running_.push_back({std::string(item.get("Application")), std::string(item.get("ApplicationData"))});
}

void SnapshotBuilder::add_queue_caller(const Message& item, WallTime now) {
    signal::SnapshotQueueCaller caller;
    caller.queue = item.get("Queue");
    caller.channel = known(item.get("Uniqueid"));
    caller.entered_at = now - std::chrono::seconds(to_int(item.get("Wait")));
    if (!caller.channel.empty()) snapshot_.queue_callers.push_back(std::move(caller));
}

// Nothing lists who rang whom: it follows from what the channels of one group run.
void SnapshotBuilder::link_dials() {
    auto& channels = snapshot_.channels;
    for (std::size_t i = 0; i < channels.size(); ++i) {
        const bool by_queue = running_[i].application == "AppQueue";
        if (!by_queue && running_[i].application != "AppDial") continue;
        for (std::size_t j = 0; j < channels.size() && channels[i].dialled_by.empty(); ++j) {
            if (i == j || channels[j].group != channels[i].group) continue;
            const Running& by = running_[j];
            const bool rang = by_queue ? by.application == "Queue"
                                       : by.application == "Dial" && rings(by.data, channels[i].started.device);
            if (rang) channels[i].dialled_by = channels[j].id;
        }
    }
    running_.clear();
}

signal::Snapshot SnapshotBuilder::finish() {
    link_dials();
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
