#include "adapters/asterisk/snapshot.h"

#include <algorithm>
#include <utility>

#include "adapters/asterisk/words.h"

namespace citybridge::asterisk {
namespace {

// Which of "PJSIP/2001&SIP/1002,20,tT" rings PJSIP/2001; "SIP/trunk/139...", "PJSIP/139...@trunk" ring the
// trunk. Empty: none does.
std::string_view target_that_rings(std::string_view dial_data, std::string_view device) {
    std::string_view targets = dial_data.substr(0, dial_data.find(','));
    while (!targets.empty()) {
        const std::string_view target = targets.substr(0, targets.find('&'));
        targets.remove_prefix(std::min(target.size() + 1, targets.size()));
        if (target == device || (target.starts_with(device) && target[device.size()] == '/')) return target;
        const std::size_t slash = target.find('/');
        const std::size_t at = target.find('@');
        if (slash == std::string_view::npos || at == std::string_view::npos || at < slash) continue;
        if (device == std::string(target.substr(0, slash + 1)).append(target.substr(at + 1))) return target;
    }
    return {};
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
    } else if (name == "ParkedCall") {
        parked_[std::string(item.get("ParkeeUniqueid"))] = {std::string(item.get("ParkingSpace")),
                                                            std::string(known(item.get("ParkerDialString")))};
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
    running_.push_back({std::string(item.get("Application")), std::string(item.get("ApplicationData")),
                        std::string(item.get("Exten"))});
    snapshot_.channels.back().rung_by_command = item.get("Application") == "AppDial2";
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
            const bool rang =
                by_queue ? by.application == "Queue"
                         : by.application == "Dial" && !target_that_rings(by.data, channels[i].started.device).empty();
            if (!rang) continue;
            channels[i].dialled_by = channels[j].id;
            channels[i].reached_by = reached_by(j, i);
        }
    }
    running_.clear();
}

// As DialBegin tells it: what the caller asked for, else what the dialplan made of it.
std::string SnapshotBuilder::reached_by(std::size_t caller, std::size_t rung) const {
    const Running& by = running_[caller];
    if (is_number(by.extension)) return by.extension;
    const std::string& device = snapshot_.channels[rung].started.device;
    const std::string_view target = by.application == "Dial" ? target_that_rings(by.data, device) : device;
    return std::string(number_in(target));
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
        if (const auto slot = parked_.find(channel.id); slot != parked_.end()) {
            channel.slot = slot->second.name;
            channel.parked_by = slot->second.parked_by;
        }
    }
    return std::exchange(snapshot_, {});
}

}  // namespace citybridge::asterisk
