// The table that stands for the PBX in the tests of reconnecting, against what
// the real PBX answered and counted at the same moment.
#include <gmock/gmock.h>

#include <cstdlib>

#include "tests/sim/asterisk_pbx.h"

namespace citybridge::sim {
namespace {

struct ListItem {
    std::string_view event;   // of the item
    std::string_view action;  // that asks for it
    std::vector<std::string> keys;
    std::vector<std::string> fields;
};

const std::vector<ListItem>& list_items() {
    static const std::vector<ListItem> kAll{
        {"CoreShowChannel",
         "CoreShowChannels",
         {"Uniqueid"},
         {"Channel", "ChannelState", "ChannelStateDesc", "CallerIDNum", "CallerIDName", "ConnectedLineNum",
          "ConnectedLineName", "Context", "Exten", "Priority", "Linkedid", "Application", "ApplicationData",
          "BridgeId"}},
        {"Status",
         "Status",
         {"Uniqueid"},
         {"Channel", "ChannelState", "Linkedid", "DNID", "BridgeID", "Application", "Data"}},
        {"BridgeListItem",
         "BridgeList",
         {"BridgeUniqueid"},
         {"BridgeType", "BridgeTechnology", "BridgeCreator", "BridgeNumChannels"}},
        {"QueueEntry", "QueueStatus", {"Queue", "Uniqueid"}, {"Position", "Channel", "CallerIDNum"}},
        {"QueueMember",
         "QueueStatus",
         {"Queue", "Location"},
         {"Name", "StateInterface", "Membership", "Status", "Paused", "PausedReason"}},
        {"ParkedCall",
         "ParkedCalls",
         {"ParkeeUniqueid"},
         {"ParkingSpace", "Parkinglot", "ParkerDialString", "ParkeeChannel", "ParkeeLinkedid"}},
        {"DeviceStateChange", "DeviceStateList", {"Device"}, {"State"}},
        {"ConfbridgeListRooms", "ConfbridgeListRooms", {"Conference"}, {"Parties"}},
    };
    return kAll;
}

std::string field(const PbxTable::Fields& item, const std::string& name) {
    for (const auto& [key, value] : item)
        if (key == name) return value;
    return {};
}

const PbxTable::Fields* matching(const std::vector<PbxTable::Fields>& items, const ListItem& kind,
                                 const AmiMessage& recorded) {
    for (const auto& item : items) {
        if (field(item, "Event") != kind.event) continue;
        const bool same = std::all_of(kind.keys.begin(), kind.keys.end(),
                                      [&](const std::string& key) { return field(item, key) == recorded.get(key); });
        if (same) return &item;
    }
    return nullptr;
}

// A capture may begin in the middle: of queues and devices only those the stream spoke of are known.
bool may_be_unknown(const ListItem& kind) { return kind.event == "QueueMember" || kind.event == "DeviceStateChange"; }

std::string where(const std::string& name, const AmiMessage& message) { return name + "\n" + message.bytes; }

void expect_lists_equal(const std::string& name, std::map<std::string_view, std::size_t>& compared) {
    const AsteriskPbx pbx(name);
    PbxTable table;
    for (const AmiMessage& message : pbx.raw()) {
        for (const ListItem& kind : list_items()) {
            if (message.event() != kind.event || message.is_live()) continue;
            const auto items = table.list(kind.action, message.at);
            const auto* item = matching(items, kind, message);
            if (item == nullptr && may_be_unknown(kind)) continue;
            ASSERT_NE(item, nullptr) << where(name, message);
            for (const std::string& each : kind.fields)
                EXPECT_EQ(field(*item, each), message.get(each)) << each << " in " << where(name, message);
            ++compared[kind.event];
        }
        if (message.event() == "CoreShowChannelsComplete") {
            EXPECT_EQ(std::to_string(table.channels()), message.get("ListItems")) << where(name, message);
        }
        if (message.event() == "BridgeListComplete") {
            EXPECT_EQ(std::to_string(table.list("BridgeList", message.at).size()), message.get("ListItems"));
        }
        table.see(message);
    }
}

TEST(PbxTable, answers_what_the_real_pbx_answered) {
    std::map<std::string_view, std::size_t> compared;
    for (const std::string& name : asterisk_captures()) expect_lists_equal(name, compared);
    for (const auto* event : {"CoreShowChannel", "Status", "BridgeListItem", "QueueMember", "DeviceStateChange"})
        EXPECT_GT(compared[event], 0U) << event;
}

std::size_t in_bridge(const PbxTable& table, std::string_view bridge) {
    const auto channels = table.list("CoreShowChannels", WallTime{});
    return static_cast<std::size_t>(std::count_if(channels.begin(), channels.end(),
                                                  [&](const auto& each) { return field(each, "BridgeId") == bridge; }));
}

std::size_t in_queue(const PbxTable& table, std::string_view queue) {
    const auto all = table.list("QueueStatus", WallTime{});
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const auto& each) {
        return field(each, "Event") == "QueueEntry" && field(each, "Queue") == queue;
    }));
}

// The PBX counts along in its events; at every one of them the table must have as many.
TEST(PbxTable, counts_as_the_pbx_counts) {
    std::size_t counted = 0;
    for (const std::string& name : asterisk_captures()) {
        const AsteriskPbx pbx(name);
        PbxTable table;
        std::size_t busy = 0;
        for (const AmiMessage& message : pbx.raw()) {
            table.see(message);
            if (!message.is_live()) continue;
            const bool counts = message.event() == "BridgeEnter" || message.event() == "BridgeLeave" ||
                                message.event() == "QueueCallerJoin" || message.event() == "QueueCallerLeave";
            if (!counts || ++busy > 500) continue;
            ++counted;
            if (message.event().starts_with("Bridge")) {
                if (!message.get("SwapUniqueid").empty()) continue;  // both are in for an instant
                // A conference counts its announcers, which have no events.
                if (message.get("BridgeTechnology") == "softmix") continue;
                EXPECT_EQ(std::to_string(in_bridge(table, message.get("BridgeUniqueid"))),
                          message.get("BridgeNumChannels"))
                    << where(name, message);
            } else {
                EXPECT_EQ(std::to_string(in_queue(table, message.get("Queue"))), message.get("Count"))
                    << where(name, message);
            }
        }
    }
    EXPECT_GT(counted, 100U);
}

TEST(PbxTable, is_empty_when_all_phones_have_hung_up) {
    for (const std::string& name : asterisk_captures()) {
        const bool ends_within_calls =
            name.find("busy") != std::string::npos || name.find("crash") != std::string::npos;
        if (ends_within_calls) continue;
        const AsteriskPbx pbx(name);
        EXPECT_EQ(pbx.table(pbx.size()).channels(), 0U) << name;
    }
}

}  // namespace
}  // namespace citybridge::sim
