#include "tests/sim/pbx_table.h"

#include <algorithm>
#include <array>

namespace citybridge::sim {
namespace {

constexpr std::array<std::string_view, 14> kBlockKeys{
    "Channel",           "ChannelState", "ChannelStateDesc", "CallerIDNum", "CallerIDName", "ConnectedLineNum",
    "ConnectedLineName", "Language",     "AccountCode",      "Context",     "Exten",        "Priority",
    "Uniqueid",          "Linkedid"};
constexpr std::array<std::string_view, 7> kBridgeKeys{"BridgeUniqueid",       "BridgeType", "BridgeTechnology",
                                                      "BridgeCreator",        "BridgeName", "BridgeNumChannels",
                                                      "BridgeVideoSourceMode"};

}  // namespace

void PbxTable::see(const AmiMessage& message) {
    if (!message.is_live()) return;
    const std::string_view event = message.event();
    if (event == "FullyBooted") booted_ = true;
    see_blocks(message);
    see_channel(message);
    see_bridge(message);
    see_queue(message);
    see_parking(message);
    see_conference(message);
    if (event == "DeviceStateChange") devices_[std::string(message.get("Device"))] = message.get("State");
    if (event == "Hangup") forget_channel(std::string(message.get("Uniqueid")));
    if (event == "Shutdown")
        while (!channels_.empty()) forget_channel(std::string(channels_.begin()->first));
}

void PbxTable::know_member(const AmiMessage& item) {
    Block member{{"MemberName", std::string(item.get("Name"))}};
    for (const auto& [name, value] : item.fields)
        if (name != "Event" && name != "ActionID" && name != "Name" && name != "Location") member[name] = value;
    members_.try_emplace({std::string(item.get("Queue")), std::string(item.get("Location"))}, std::move(member));
}

// Every event says how the channels it speaks of are now: `Uniqueid`, `DestUniqueid`, `ParkeeUniqueid`...
void PbxTable::see_blocks(const AmiMessage& message) {
    for (const auto& [key, id] : message.fields) {
        constexpr std::string_view kId = "Uniqueid";
        if (!key.ends_with(kId)) continue;
        const std::string prefix = key.substr(0, key.size() - kId.size());
        const std::string_view state = message.get(prefix + "ChannelState");
        if (state.empty() || message.get(prefix + "Channel").empty()) continue;
        auto channel = channels_.find(id);
        if (channel == channels_.end()) {
            if (message.event() != "Newchannel") continue;
            channel = channels_.emplace(id, Channel{}).first;
            channel->second.since = message.at;
            // Somebody who calls the PBX dialled this; a phone that is rung dialled nothing.
            const std::string_view exten = message.get("Exten");
            if (exten != "s") channel->second.dnid = exten;
        }
        for (const std::string_view name : kBlockKeys)
            channel->second.block[std::string(name)] = message.get(prefix + std::string(name));
    }
}

void PbxTable::see_channel(const AmiMessage& message) {
    const std::string_view event = message.event();
    const auto channel = channels_.find(std::string(message.get("Uniqueid")));
    if (event == "Newexten" && channel != channels_.end()) {
        channel->second.application = message.get("Application");
        channel->second.data = message.get("AppData");
    }
    if (event == "Rename" && channel != channels_.end()) channel->second.block["Channel"] = message.get("Newname");
    // Also where the client is not told what the dialplan runs.
    if (event == "QueueCallerJoin" && channel != channels_.end()) channel->second.application = "Queue";
    if (event != "AgentCalled" && event != "DialBegin") return;
    const auto rung = channels_.find(std::string(message.get("DestUniqueid")));
    if (rung == channels_.end() || !rung->second.application.empty()) return;
    rung->second.application = event == "AgentCalled" ? "AppQueue" : "AppDial";
    rung->second.data = "(Outgoing Line)";
}

void PbxTable::see_bridge(const AmiMessage& message) {
    const std::string_view event = message.event();
    if (!event.starts_with("Bridge")) return;
    const std::string bridge = std::string(message.get("BridgeUniqueid"));
    if (event == "BridgeDestroy") {
        bridges_.erase(bridge);
        return;
    }
    if (event != "BridgeCreate" && event != "BridgeEnter" && event != "BridgeLeave") return;
    for (const std::string_view key : kBridgeKeys) bridges_[bridge][std::string(key)] = message.get(key);
    const auto channel = channels_.find(std::string(message.get("Uniqueid")));
    if (channel == channels_.end()) return;
    if (event == "BridgeEnter") {
        const auto swapped = channels_.find(std::string(message.get("SwapUniqueid")));
        if (swapped != channels_.end()) swapped->second.bridge.clear();
        channel->second.bridge = bridge;
    } else if (event == "BridgeLeave" && channel->second.bridge == bridge) {
        channel->second.bridge.clear();
    }
}

void PbxTable::see_queue(const AmiMessage& message) {
    const std::string_view event = message.event();
    const std::string queue = std::string(message.get("Queue"));
    if (event == "QueueCallerJoin")
        waiting_.push_back(
            {queue, std::string(message.get("Uniqueid")), std::string(message.get("Position")), message.at});
    if (event == "QueueCallerLeave")
        std::erase_if(waiting_, [&](const Waiting& each) {
            return each.queue == queue && each.channel == message.get("Uniqueid");
        });
    if (!event.starts_with("QueueMember")) return;
    const std::pair key{queue, std::string(message.get("Interface"))};
    if (event == "QueueMemberRemoved") {
        members_.erase(key);
        return;
    }
    for (const auto& [name, value] : message.fields)
        if (name != "Event" && name != "Privilege") members_[key][name] = value;
}

void PbxTable::see_parking(const AmiMessage& message) {
    const std::string_view event = message.event();
    if (!event.starts_with("ParkedCall") && event != "UnParkedCall") return;
    const std::string_view parkee = message.get("ParkeeUniqueid");
    std::erase_if(parked_, [&](const Parked& each) { return each.channel == parkee; });
    if (event == "ParkedCall") parked_.push_back({std::string(parkee), message.fields, message.at});
}

void PbxTable::see_conference(const AmiMessage& message) {
    const std::string_view event = message.event();
    if (event != "ConfbridgeJoin" && event != "ConfbridgeLeave") return;
    const std::string_view channel = message.get("Uniqueid");
    std::erase_if(in_rooms_, [&](const InRoom& each) { return each.channel == channel; });
    if (event == "ConfbridgeJoin")
        in_rooms_.push_back({std::string(message.get("Conference")), std::string(channel), message.fields});
}

void PbxTable::forget_channel(const std::string& id) {
    channels_.erase(id);
    std::erase_if(waiting_, [&](const Waiting& each) { return each.channel == id; });
    std::erase_if(parked_, [&](const Parked& each) { return each.channel == id; });
    std::erase_if(in_rooms_, [&](const InRoom& each) { return each.channel == id; });
}

}  // namespace citybridge::sim
