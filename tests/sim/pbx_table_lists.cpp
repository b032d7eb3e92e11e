// What the PBX answers when it is asked what is in the house.
#include <array>
#include <cstdio>

#include "tests/sim/pbx_table.h"

namespace citybridge::sim {
namespace {

long long seconds_between(WallTime from, WallTime to) {
    return std::chrono::duration_cast<std::chrono::seconds>(to - from).count();
}

std::string as_duration(long long seconds) {
    std::array<char, 32> out{};
    std::snprintf(out.data(), out.size(), "%02lld:%02lld:%02lld", seconds / 3600, seconds / 60 % 60, seconds % 60);
    return out.data();
}

std::string value_of(const std::map<std::string, std::string>& block, const std::string& key) {
    const auto found = block.find(key);
    return found == block.end() ? std::string{} : found->second;
}

}  // namespace

std::string_view PbxTable::complete_event(std::string_view action) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kLists{{
        {"BridgeList", "BridgeListComplete"},
        {"Status", "StatusComplete"},
        {"CoreShowChannels", "CoreShowChannelsComplete"},
        {"QueueStatus", "QueueStatusComplete"},
        {"QueueSummary", "QueueSummaryComplete"},
        {"DeviceStateList", "DeviceStateListComplete"},
        {"ExtensionStateList", "ExtensionStateListComplete"},
        {"ParkedCalls", "ParkedCallsComplete"},
        {"ConfbridgeListRooms", "ConfbridgeListRoomsComplete"},
        {"SIPpeers", "PeerlistComplete"},
        {"PJSIPShowEndpoints", "EndpointListComplete"},
    }};
    for (const auto& [name, complete] : kLists)
        if (name == action) return complete;
    return {};
}

std::vector<PbxTable::Fields> PbxTable::list(std::string_view action, WallTime now) const {
    std::vector<Fields> out;
    if (action == "CoreShowChannels") list_channels(out, now);
    if (action == "Status") list_status(out, now);
    if (action == "BridgeList") list_bridges(out);
    if (action == "QueueStatus") list_queues(out, now);
    if (action == "ParkedCalls") list_parked(out, now);
    if (action == "DeviceStateList") list_devices(out);
    if (action == "ConfbridgeListRooms") {
        std::map<std::string, int> parties;
        for (const InRoom& each : in_rooms_) ++parties[each.conference];
        for (const auto& [room, count] : parties)
            out.push_back({{"Event", "ConfbridgeListRooms"}, {"Conference", room}, {"Parties", std::to_string(count)}});
    }
    return out;
}

PbxTable::Fields PbxTable::with_block(std::string_view event, const Channel& channel) const {
    Fields out{{"Event", std::string(event)}};
    for (const auto& each : channel.block) out.push_back(each);
    return out;
}

void PbxTable::list_channels(std::vector<Fields>& out, WallTime now) const {
    for (const auto& [id, channel] : channels_) {
        Fields item = with_block("CoreShowChannel", channel);
        item.emplace_back("Application", channel.application);
        item.emplace_back("ApplicationData", channel.data);
        item.emplace_back("Duration", as_duration(seconds_between(channel.since, now)));
        item.emplace_back("BridgeId", channel.bridge);
        out.push_back(std::move(item));
    }
}

void PbxTable::list_status(std::vector<Fields>& out, WallTime now) const {
    for (const auto& [id, channel] : channels_) {
        Fields item = with_block("Status", channel);
        item.insert(item.begin() + 1, {"Privilege", "Call"});
        item.emplace_back("DNID", channel.dnid);
        item.emplace_back("BridgeID", channel.bridge);
        item.emplace_back("Application", channel.application);
        item.emplace_back("Data", channel.data);
        item.emplace_back("Seconds", std::to_string(seconds_between(channel.since, now)));
        out.push_back(std::move(item));
    }
}

void PbxTable::list_bridges(std::vector<Fields>& out) const {
    for (const auto& [id, bridge] : bridges_) {
        Fields item{{"Event", "BridgeListItem"}};
        for (const auto& each : bridge) item.push_back(each);
        out.push_back(std::move(item));
    }
}

void PbxTable::list_queues(std::vector<Fields>& out, WallTime now) const {
    for (const auto& [key, member] : members_) {
        Fields item{{"Event", "QueueMember"}, {"Queue", key.first}};
        // An item writes two names otherwise than the events do.
        item.emplace_back("Name", value_of(member, "MemberName"));
        item.emplace_back("Location", key.second);
        for (const char* same : {"StateInterface", "Membership", "Penalty", "CallsTaken", "LastCall", "LastPause",
                                 "LoginTime", "InCall", "Status", "Paused", "PausedReason", "Wrapuptime"})
            item.emplace_back(same, value_of(member, same));
        out.push_back(std::move(item));
    }
    for (const Waiting& each : waiting_) {
        const auto channel = channels_.find(each.channel);
        if (channel == channels_.end()) continue;
        Fields item{{"Event", "QueueEntry"}, {"Queue", each.queue}, {"Position", each.position}};
        for (const char* same :
             {"Channel", "Uniqueid", "CallerIDNum", "CallerIDName", "ConnectedLineNum", "ConnectedLineName"})
            item.emplace_back(same, value_of(channel->second.block, same));
        item.emplace_back("Wait", std::to_string(seconds_between(each.since, now)));
        item.emplace_back("Priority", "0");
        out.push_back(std::move(item));
    }
}

void PbxTable::list_parked(std::vector<Fields>& out, WallTime now) const {
    for (const Parked& each : parked_) {
        const long long seconds = seconds_between(each.since, now);
        Fields item;
        for (const auto& [name, value] : each.fields) {
            if (name == "Privilege") continue;
            if (name == "ParkingTimeout") {
                item.emplace_back(name, std::to_string(std::stoll(value) - seconds));
            } else if (name == "ParkingDuration") {
                item.emplace_back(name, std::to_string(seconds));
            } else {
                item.emplace_back(name, value);
            }
        }
        out.push_back(std::move(item));
    }
}

void PbxTable::list_devices(std::vector<Fields>& out) const {
    for (const auto& [device, state] : devices_)
        out.push_back({{"Event", "DeviceStateChange"}, {"Device", device}, {"State", state}});
}

}  // namespace citybridge::sim
