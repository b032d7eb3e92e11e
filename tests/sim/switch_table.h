#pragma once
// What a FreeSWITCH has in the house at one moment, folded from its own events
// and from nothing else, and what it would answer to a client that asks. The
// counterpart of pbx_table for the event socket.
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/sim/esl_stream.h"

namespace citybridge::sim {

class SwitchTable {
public:
    void see(const EslFrame& frame);

    // The body of `api COMMAND`'s answer; nothing: no such command.
    std::optional<std::string> answer(std::string_view command) const;
    std::size_t channels() const { return channels_.size(); }

private:
    using Row = std::map<std::string, std::string>;
    struct Agent {
        std::string status = "Available";
        std::string state = "Waiting";
    };
    struct Member {
        std::string queue;
        std::string session;
        std::string joined;
        std::string number;
        std::string agent;
        std::string state;
    };

    void see_channel(const EslFrame& event, std::string_view name);
    void see_bridge(const EslFrame& event, std::string_view name);
    void see_callcenter(const EslFrame& event);
    void forget(const std::string& channel);

    std::string show_channels() const;
    std::string show_bridged() const;
    std::string agents() const;
    std::string tiers() const;
    std::string queues() const;
    std::string members(std::string_view queue) const;

    std::string core_uuid_;
    std::map<std::string, Row> channels_;
    std::vector<std::pair<std::string, std::string>> calls_;
    std::map<std::string, Agent> agents_;
    std::map<std::pair<std::string, std::string>, bool> tiers_;  // queue and agent
    std::map<std::string, bool> queues_;
    std::map<std::string, Member> members_;  // by CC-Member-UUID
};

}  // namespace citybridge::sim
