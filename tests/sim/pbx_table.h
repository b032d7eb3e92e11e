#pragma once
// What an Asterisk has in the house at one moment, folded from its own raw
// manager stream and from nothing else, and what it would answer to a client
// that asks. Independent of the adapter; checked against recorded list answers
// in pbx_table_test.cpp. A copy is the house at that moment.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/sim/ami_stream.h"

namespace citybridge::sim {

class PbxTable {
public:
    using Fields = std::vector<std::pair<std::string, std::string>>;

    // One raw message of the stream. Responses and list items change nothing.
    void see(const AmiMessage& message);
    // A member that no event added, and that a recorded list shows: he was there from the beginning.
    void know_member(const AmiMessage& item);

    // The items of a list action, in the fields a real Asterisk gives them; `event` is the first.
    std::vector<Fields> list(std::string_view action, WallTime now) const;
    // Name of the event that ends this action's list; empty: no list action.
    static std::string_view complete_event(std::string_view action);

    bool booted() const { return booted_; }
    bool has_channel(std::string_view id) const { return channels_.contains(std::string(id)); }
    std::size_t channels() const { return channels_.size(); }

private:
    // The fields that a channel block of an event has, without its prefix.
    using Block = std::map<std::string, std::string>;

    struct Channel {
        Block block;
        std::string dnid;
        std::string application;
        std::string data;
        std::string bridge;
        WallTime since{};
    };
    struct Waiting {
        std::string queue;
        std::string channel;
        std::string position;
        WallTime since{};
    };
    struct Parked {
        std::string channel;
        Fields fields;
        WallTime since{};
    };
    struct InRoom {
        std::string conference;
        std::string channel;
        Fields fields;
    };

    void see_blocks(const AmiMessage& message);
    void see_channel(const AmiMessage& message);
    void see_bridge(const AmiMessage& message);
    void see_queue(const AmiMessage& message);
    void see_parking(const AmiMessage& message);
    void see_conference(const AmiMessage& message);
    void forget_channel(const std::string& id);

    void list_channels(std::vector<Fields>& out, WallTime now) const;
    void list_status(std::vector<Fields>& out, WallTime now) const;
    void list_bridges(std::vector<Fields>& out) const;
    void list_queues(std::vector<Fields>& out, WallTime now) const;
    void list_parked(std::vector<Fields>& out, WallTime now) const;
    void list_devices(std::vector<Fields>& out) const;
    Fields with_block(std::string_view event, const Channel& channel) const;

    bool booted_ = true;
    std::map<std::string, Channel> channels_;  // by Uniqueid
    std::map<std::string, Block> bridges_;     // by BridgeUniqueid
    std::vector<Waiting> waiting_;
    std::vector<Parked> parked_;
    std::vector<InRoom> in_rooms_;
    std::map<std::pair<std::string, std::string>, Block> members_;  // by queue and interface
    std::map<std::string, std::string> devices_;
};

}  // namespace citybridge::sim
